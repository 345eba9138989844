/** The line by which a peer reaches the network: what it can send and take in, and what it loses. */
export interface LineConfig {
  /** Infinity: no limit. */
  readonly uploadBytesPerSecond: number;
  /** Infinity: no limit. */
  readonly downloadBytesPerSecond: number;
  /** Of a million pieces that it sends, how many never arrive, with no sign to either side. */
  readonly lostPerMillion: number;
  /** How connections share the sending direction: evenly, or all in one queue, where control waits behind video. */
  readonly queue: 'fair' | 'fifo';
}

/** The receiving direction of an access line: a queue of bytes, first in, first out, whatever connection they are of. */
export class ByteQueue {
  readonly #bytesPerSecond: number;
  #freeUs = 0;

  /** @throws {RangeError} If the rate is not above 0. */
  constructor(bytesPerSecond: number) {
    if (!(bytesPerSecond > 0)) throw new RangeError(`bytesPerSecond: expected more than 0, got ${bytesPerSecond}`);
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** When a byte that comes at `nowUs` is served, microseconds. */
  startUs(nowUs: number): number {
    return Math.max(nowUs, this.#freeUs);
  }

  /** Takes bytes in. @returns When the last one has been served, microseconds. */
  take(nowUs: number, bytes: number): number {
    this.#freeUs = this.startUs(nowUs) + Math.ceil((bytes * 1_000_000) / this.#bytesPerSecond);
    return this.#freeUs;
  }
}

/**
 * Heads of packets that a message costs a line, beside itself. Acknowledgements are left out.
 * @param packedBytes - What goes out before it on the same connection and hasn't left yet: the packet that it ends in has room.
 */
export function packetHeadBytes(messageBytes: number, packedBytes: number): number {
  return (packets(packedBytes + messageBytes) - packets(packedBytes)) * PACKET_HEAD_BYTES;
}

function packets(bytes: number): number {
  return Math.ceil(bytes / PACKET_PAYLOAD_BYTES);
}

/** Ethernet's 1500 without the head. */
export const PACKET_PAYLOAD_BYTES = 1448;
/** IPv4 (RFC 791) and TCP with time stamps (RFC 9293, RFC 7323). */
export const PACKET_HEAD_BYTES = 52;
