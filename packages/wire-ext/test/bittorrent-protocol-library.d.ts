/** What the tests use of the library `bittorrent-protocol`, which has no types of its own. */
declare module 'bittorrent-protocol' {
  import type { Duplex } from 'node:stream';

  export default class Wire extends Duplex {
    amChoking: boolean;
    peerChoking: boolean;
    extendedHandshake: Record<string, unknown>;
    peerExtendedHandshake: Record<string, unknown>;
    handshake(infohash: Uint8Array, peerId: Uint8Array): void;
    use(extension: new (wire: Wire) => object): void;
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
