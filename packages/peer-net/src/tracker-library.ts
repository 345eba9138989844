/** The part of bittorrent-tracker's server that is used here; the package has no types. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface AnnounceParams {
  readonly type: 'http' | 'udp' | 'ws';
  readonly event: string;
  /** Hex. */
  readonly info_hash: string;
  /** Hex. */
  readonly peer_id: string;
  readonly ip: string;
  readonly port: number;
  readonly numwant: number;
  /** Bytes that it lacks; Infinity if it did not say. */
  readonly left: number;
}

export interface TrackerPeer {
  /** Hex. */
  readonly peerId: string;
  readonly ip: string;
  readonly port: number;
}

export interface AnnounceAnswer {
  readonly complete: number;
  readonly incomplete: number;
  readonly peers: readonly TrackerPeer[];
}

export interface TrackerSwarm {
  announce(params: AnnounceParams, done: (error: Error | null, answer?: AnnounceAnswer) => void): void;
  scrape(params: unknown, done: (error: null, answer: { complete: number; incomplete: number }) => void): void;
}

export interface UdpSender {
  send(packet: Buffer, offset: number, length: number, port: number, address: string): void;
}

export interface TrackerLibrary {
  udp4: UdpSender | null;
  udp6: UdpSender | null;
  getSwarm(infohash: string, done: (error: Error | null, swarm?: TrackerSwarm) => void): void;
  onHttpRequest(request: IncomingMessage, response: ServerResponse): void;
  onUdpRequest(message: Buffer, sender: { address: string; port: number; family: 'IPv4' | 'IPv6' }): void;
  close(): void;
}

/** Loads it and makes a server that opens no socket of its own. */
export async function loadTrackerLibrary(intervalMs: number): Promise<TrackerLibrary> {
  // @ts-expect-error: no types
  const { default: Server } = (await import('bittorrent-tracker/server')) as {
    default: new (options: Record<string, unknown>) => TrackerLibrary;
  };
  return new Server({ http: false, udp: false, ws: false, stats: false, interval: intervalMs });
}
