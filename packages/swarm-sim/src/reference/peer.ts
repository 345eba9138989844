import { ByteQueue } from '../access-line.js';
import type { Viewing } from '../metrics/viewing.js';

/** A piece on its way. */
export interface Transfer {
  readonly from: ReferencePeer;
  readonly to: ReferencePeer;
  readonly seq: number;
  readonly bytes: number;
  /** It will not arrive. */
  failed: boolean;
}

/** A peer that everybody knows everything of. Sets of pieces are rings of bits, which {@link PieceRing} counts. */
export class ReferencePeer {
  readonly neighbours: ReferencePeer[] = [];
  /** Pieces that it has whole. */
  readonly held: Uint32Array;
  /** Pieces that nobody needs to send to it: it has them, they are on their way, or they were made before it came. */
  readonly settled: Uint32Array;
  readonly downlink: ByteQueue;
  /** What its line is busy with. */
  sending: Transfer | undefined;
  alive = true;

  /**
   * @param bytesPerSecond - What it can send; 0: it forwards nothing.
   * @param viewing - Follows what it gets; undefined: nobody watches there.
   */
  constructor(
    readonly number: number,
    readonly bytesPerSecond: number,
    downloadBytesPerSecond: number,
    readonly viewing: Viewing | undefined,
    words: number,
  ) {
    this.held = new Uint32Array(words);
    this.settled = new Uint32Array(words);
    this.downlink = new ByteQueue(downloadBytesPerSecond);
  }
}

/** Which bits stand for the pieces of the window. */
export class PieceRing {
  readonly words: number;
  readonly #windowPieces: number;
  newestSeq = -1;

  constructor(windowPieces: number) {
    this.#windowPieces = windowPieces;
    // A word beyond the window: while the newest fills up, the oldest in use is another one.
    this.words = Math.ceil(windowPieces / 32) + 1;
  }

  get oldestSeq(): number {
    return Math.max(0, this.newestSeq - this.#windowPieces + 1);
  }

  holds(seq: number): boolean {
    return seq >= this.oldestSeq && seq <= this.newestSeq;
  }

  /** The word of a piece. */
  wordOf(seq: number): number {
    return (seq >>> 5) % this.words;
  }

  has(set: Uint32Array, seq: number): boolean {
    return (((set[this.wordOf(seq)] as number) >>> (seq & 31)) & 1) === 1;
  }

  add(set: Uint32Array, seq: number): void {
    const word = this.wordOf(seq);
    set[word] = (set[word] as number) | (1 << (seq & 31));
  }

  remove(set: Uint32Array, seq: number): void {
    const word = this.wordOf(seq);
    set[word] = (set[word] as number) & ~(1 << (seq & 31));
  }

  /** Adds all that were made so far. */
  addAll(set: Uint32Array): void {
    set.fill(-1);
    if (this.newestSeq < 0) return void set.fill(0);
    const newest = this.newestSeq & 31;
    set[this.wordOf(this.newestSeq)] = newest === 31 ? -1 : (1 << (newest + 1)) - 1;
    // The word that comes next is cleared when its first piece is made.
  }

  /** The newest piece, from `fromSeq` on, that is in one set and not in the other; −1 if there is none. */
  newestOnlyIn(one: Uint32Array, other: Uint32Array, fromSeq: number): number {
    if (this.newestSeq < 0) return -1;
    const last = fromSeq >>> 5;
    for (let turn = this.newestSeq >>> 5; turn >= last; turn -= 1) {
      const word = turn % this.words;
      const bits = (one[word] as number) & ~(other[word] as number);
      if (bits === 0) continue;
      const seq = 32 * turn + 31 - Math.clz32(bits);
      return seq >= fromSeq ? seq : -1;
    }
    return -1;
  }
}
