/**
 * A set of sequence numbers in a window that slides forward.
 *
 * The numbers base … base+capacity−1 have one bit each in a ring of 32-bit words. As the capacity is a power of two ≥ 32, the
 * numbers 32k … 32k+31 always share one word, in every set alike, so that two sets are compared a word at a time. Sequence numbers
 * go up to 2^53−1 and are never handed to a bit operator, which would cut them to 32 bits.
 */
export class SeqSet {
  readonly capacity: number;
  readonly #words: Int32Array;
  #base = 0;
  #size = 0;
  #highest = -1;

  /**
   * @param capacity - How many consecutive numbers it shall be able to hold, 1…2^30; rounded up to a power of two, at least 32.
   * @throws {RangeError} If it is out of range.
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > CAPACITY_MAX) {
      throw new RangeError(`capacity: expected 1..${CAPACITY_MAX}, got ${capacity}`);
    }
    this.capacity = Math.max(WORD, 1 << (WORD - Math.clz32(capacity - 1)));
    this.#words = new Int32Array(this.capacity / WORD);
  }

  /** Lowest number that it can hold now. */
  get base(): number {
    return this.#base;
  }

  /** How many numbers it holds. */
  get size(): number {
    return this.#size;
  }

  /** Highest number held, −1 if none. */
  highest(): number {
    return this.#highest;
  }

  /** Lowest number held, −1 if none. */
  lowest(): number {
    return this.nextFrom(this.#base);
  }

  /** Whether it holds `seq`; false for every number outside of the window, negative ones included. */
  has(seq: number): boolean {
    if (!(seq >= this.#base && seq <= this.#highest)) return false;
    const place = this.#place(seq);
    return ((this.#words[place >>> 5] as number) & (1 << (place & 31))) !== 0;
  }

  /**
   * Adds a number. One at or above base+capacity slides the window forward until it is the last one in it, which forgets what the
   * window leaves behind: a number of a stranger's must be bounded before it comes here.
   * @returns True if it is new; false if it is below the base or held already.
   * @throws {RangeError} If `seq` is not a safe integer.
   */
  add(seq: number): boolean {
    if (!Number.isSafeInteger(seq)) throw new RangeError(`seq: expected a safe integer, got ${seq}`);
    if (seq < this.#base) return false;
    if (seq - this.#base >= this.capacity) this.dropBelow(seq - this.capacity + 1);
    const place = this.#place(seq);
    const word = this.#words[place >>> 5] as number;
    const bit = 1 << (place & 31);
    if ((word & bit) !== 0) return false;
    this.#words[place >>> 5] = word | bit;
    this.#size += 1;
    if (seq > this.#highest) this.#highest = seq;
    return true;
  }

  /**
   * Takes a number out; the window stays.
   * @returns Whether it was held.
   */
  delete(seq: number): boolean {
    if (!this.has(seq)) return false;
    const place = this.#place(seq);
    this.#words[place >>> 5] = (this.#words[place >>> 5] as number) & ~(1 << (place & 31));
    this.#size -= 1;
    if (seq === this.#highest) this.#highest = this.previousFrom(seq - 1);
    return true;
  }

  /**
   * Slides the base forward to `seq` and forgets what is below; does nothing if the base is there already or above.
   * @throws {RangeError} If `seq` is not a safe integer.
   */
  dropBelow(seq: number): void {
    if (!Number.isSafeInteger(seq)) throw new RangeError(`seq: expected a safe integer, got ${seq}`);
    if (seq <= this.#base) return;
    if (seq > this.#highest) {
      if (this.#size > 0) this.#words.fill(0);
      this.#size = 0;
      this.#highest = -1;
    } else {
      this.#clear(this.#base, seq - 1);
    }
    this.#base = seq;
  }

  /** Which of `from` … `from`+31 are held: bit i stands for `from`+i. */
  bits(from: number): number {
    const start = wordStart(from);
    const into = from - start;
    if (into === 0) return this.#wordAt(start);
    return (this.#wordAt(start) >>> into) | (this.#wordAt(start + WORD) << (WORD - into));
  }

  /** First number ≥ `seq` that is not held: `seq` itself if it is outside of the window. */
  contiguousFrom(seq: number): number {
    if (!this.has(seq)) return seq;
    let start = wordStart(seq);
    let missing = ~this.#wordAt(start) & (-1 << (seq - start));
    while (missing === 0) {
      start += WORD;
      missing = ~this.#wordAt(start);
    }
    return start + lowestBit(missing);
  }

  /** First number ≥ `seq` that is held, −1 if none. */
  nextFrom(seq: number): number {
    const from = Math.max(seq, this.#base);
    if (from > this.#highest) return -1;
    let start = wordStart(from);
    let held = this.#wordAt(start) & (-1 << (from - start));
    while (held === 0) {
      start += WORD;
      held = this.#wordAt(start);
    }
    return start + lowestBit(held);
  }

  /** Last number ≤ `seq` that is held, −1 if none. */
  previousFrom(seq: number): number {
    const from = Math.min(seq, this.#highest);
    if (from < this.#base || this.#size === 0) return -1;
    let start = wordStart(from);
    let held = this.#wordAt(start) & upTo(from - start);
    while (held === 0 && start > this.#base) {
      start -= WORD;
      held = this.#wordAt(start);
    }
    return held === 0 ? -1 : start + highestBit(held);
  }

  /** Highest number in `from` … `to`, both included, that is held here and not in `other`; −1 if there is none. */
  highestMissingIn(other: SeqSet, from: number, to: number): number {
    const low = Math.max(from, this.#base);
    const high = Math.min(to, this.#highest);
    if (low > high) return -1;
    const lowStart = wordStart(low);
    let start = wordStart(high);
    let wanted = upTo(high - start);
    for (; start > lowStart; start -= WORD) {
      const found = this.#wordAt(start) & ~other.#wordAt(start) & wanted;
      if (found !== 0) return start + highestBit(found);
      wanted = -1;
    }
    const found = this.#wordAt(start) & ~other.#wordAt(start) & wanted & (-1 << (low - start));
    return found === 0 ? -1 : start + highestBit(found);
  }

  /**
   * What is held in `from` … `toInclusive`, as the bitmap of a HAVE (spec/0003-wire-ext.md): bit 0x80 of byte 0 stands for `base`.
   * @returns Trimmed to the lowest and the highest number held in the range; an empty bitmap if there is none.
   */
  toBitmap(from: number, toInclusive: number): { base: number; bitmap: Uint8Array } {
    const base = this.nextFrom(from);
    const last = this.previousFrom(toInclusive);
    if (base === -1 || base > last) return { base: from, bitmap: new Uint8Array(0) };
    const bitmap = new Uint8Array(Math.floor((last - base) / 8) + 1);
    for (let seq = base; seq !== -1 && seq <= last; seq = this.nextFrom(seq + 1)) {
      const at = seq - base;
      bitmap[at >>> 3] = (bitmap[at >>> 3] as number) | (0x80 >>> (at & 7));
    }
    return { base, bitmap };
  }

  /**
   * Adds what a bitmap says, the highest number first, so that the window slides at most once. Bits that stand for numbers above
   * 2^53−1 are ignored.
   * @param base - Number that bit 0x80 of byte 0 stands for, 0…2^53−1.
   * @returns How many numbers are new.
   * @throws {RangeError} If `base` is not a safe integer.
   */
  addBitmap(base: number, bitmap: Uint8Array): number {
    if (!Number.isSafeInteger(base)) throw new RangeError(`base: expected a safe integer, got ${base}`);
    let added = 0;
    for (let i = bitmap.length - 1; i >= 0; i -= 1) {
      // All that follows lies below the window: however long a stranger's bitmap is, it costs no more than the window.
      if (base + i * 8 + 7 < this.#base) break;
      const byte = bitmap[i] as number;
      if (byte === 0) continue;
      for (let bit = 7; bit >= 0; bit -= 1) {
        const at = i * 8 + bit;
        if ((byte & (0x80 >>> bit)) === 0 || at > Number.MAX_SAFE_INTEGER - base) continue;
        if (this.add(base + at)) added += 1;
      }
    }
    return added;
  }

  /** Bit number of `seq` on the ring of words; exact, as the capacity is a power of two. */
  #place(seq: number): number {
    return seq <= INT32_MAX ? seq & (this.capacity - 1) : seq - Math.floor(seq / this.capacity) * this.capacity;
  }

  /** The bits of `start` … `start`+31 (`start` a multiple of 32); those outside of the window are clear. */
  #wordAt(start: number): number {
    const into = start - this.#base;
    if (into <= -WORD || into >= this.capacity) return 0;
    let word = this.#words[this.#place(start) >>> 5] as number;
    // The first and the last word of a window that starts inside a word are one and the same in the array.
    if (into < 0) word &= -1 << -into;
    if (into > this.capacity - WORD) word &= ~(-1 << (this.capacity - into));
    return word;
  }

  /** Clears the bits of `from` … `to`, a part of the window. */
  #clear(from: number, to: number): void {
    for (let start = wordStart(from); start <= to; start += WORD) {
      const first = Math.max(from - start, 0);
      const mask = (-1 << first) & upTo(Math.min(to - start, WORD - 1));
      const at = this.#place(start) >>> 5;
      const word = this.#words[at] as number;
      this.#size -= countBits(word & mask);
      this.#words[at] = word & ~mask;
    }
  }
}

function wordStart(seq: number): number {
  return seq <= INT32_MAX && seq >= 0 ? seq & ~(WORD - 1) : Math.floor(seq / WORD) * WORD;
}

/** Mask of the bits 0 … `bit`. */
function upTo(bit: number): number {
  return -1 >>> (WORD - 1 - bit);
}

function lowestBit(word: number): number {
  return WORD - 1 - Math.clz32(word & -word);
}

function highestBit(word: number): number {
  return WORD - 1 - Math.clz32(word);
}

function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const WORD = 32;
/** Up to here the bit operators are exact, and quicker than a division. */
const INT32_MAX = 0x7fffffff;
const CAPACITY_MAX = 1 << 30;
