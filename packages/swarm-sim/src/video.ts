import type { Video } from './scenario.js';

/** When each piece of a scenario's video is made, and how large it is. Times are whole milliseconds since the beginning. */
export class VideoSchedule {
  /** How long a piece lasts (τ); need not be whole. */
  readonly pieceMs: number;
  readonly bitsPerSecond: number;
  readonly #bytes: readonly number[];
  readonly #entryEveryMs: number;

  constructor({ bitsPerSecond, pieceBytes, pieces, entryEverySeconds = Infinity }: Video) {
    this.#bytes = pieces ?? [pieceBytes];
    const meanBytes = this.#bytes.reduce((sum, bytes) => sum + bytes, 0) / this.#bytes.length;
    this.pieceMs = (meanBytes * 8000) / bitsPerSecond;
    this.bitsPerSecond = bitsPerSecond;
    this.#entryEveryMs = entryEverySeconds * 1000;
  }

  /** When the first byte of a piece came to the source. */
  firstByteMs(seq: number): number {
    return Math.round(seq * this.pieceMs);
  }

  /** When the source had it whole. */
  wholeMs(seq: number): number {
    return this.firstByteMs(seq + 1);
  }

  payloadBytes(seq: number): number {
    return this.#bytes[seq % this.#bytes.length] as number;
  }

  /** Whether an entry point lies in it. */
  isEntry(seq: number): boolean {
    if (seq === 0) return true;
    return (
      Math.floor(this.firstByteMs(seq) / this.#entryEveryMs) >
      Math.floor(this.firstByteMs(seq - 1) / this.#entryEveryMs)
    );
  }

  /** The first piece of which no byte was there before this time. */
  firstSince(ms: number): number {
    let seq = Math.max(0, Math.floor(ms / this.pieceMs) - 1);
    while (this.firstByteMs(seq) < ms) seq += 1;
    return seq;
  }
}
