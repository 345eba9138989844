/** What the tests use of the library `bittorrent-protocol`, which has no types of its own. */
declare module 'bittorrent-protocol' {
  import type { Duplex } from 'node:stream';

  export default class Wire extends Duplex {
    amChoking: boolean;
    peerChoking: boolean;
    extendedHandshake: Record<string, unknown>;
    peerExtendedHandshake: Record<string, unknown>;
    handshake(infohash: Uint8Array, peerId: Uint8Array, extensions?: { readonly fast?: boolean }): void;
    use(extension: new (wire: Wire) => object): void;
    bitfield(pieces: Uint8Array): void;
    interested(): void;
    unchoke(): void;
    request(
      index: number,
      begin: number,
      length: number,
      answer: (error: Error | null, block: Uint8Array) => void,
    ): void;
    extended(name: string, payload: Uint8Array): void;
    override destroy(): this;
  }
}
