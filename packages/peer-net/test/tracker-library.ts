/** bittorrent-tracker as an oracle: the parts that the tests use; the package has no types. */
import type { AddressInfo } from 'node:net';

export interface LibraryServer {
  readonly http: { address(): AddressInfo | string | null };
  readonly udp: { address(): AddressInfo };
  listen(port: number, hosts: { http: string; udp: string; udp6: string }, done: () => void): void;
  on(event: string, listener: (address: string, params: Record<string, unknown>) => void): void;
  close(done: () => void): void;
}

export interface LibraryClient {
  on(event: 'peer', listener: (peer: string) => void): void;
  on(event: 'warning', listener: (warning: Error) => void): void;
  start(): void;
  destroy(done: () => void): void;
}

// @ts-expect-error: no types
const library = (await import('bittorrent-tracker')) as {
  Server: new (options: Record<string, unknown>) => LibraryServer;
  Client: new (options: Record<string, unknown>) => LibraryClient;
};

export const LibraryServer = library.Server;
export const LibraryClient = library.Client;
