/** Memory in arrays of one size that are used again: fresh memory is cleared page by page, and what is thrown away has to be collected. */

/** One array, and how many use it. */
export interface Memory {
  readonly bytes: Uint8Array;
  users: number;
}

/** Bytes that are somebody else's memory until they are given back. */
export interface Lent {
  /** Never write to them. */
  readonly bytes: Uint8Array;
  /** To be called once; the bytes are somebody else's then. */
  readonly giveBack: () => void;
}

export class MemoryPool {
  readonly #allocate: () => Uint8Array;
  readonly #freeMax: number;
  readonly #free: Uint8Array[] = [];

  /** @param keptBytesMax - Of what nobody uses. */
  constructor(sizeBytes: number, keptBytesMax: number, allocate: () => Uint8Array = () => new Uint8Array(sizeBytes)) {
    this.#allocate = allocate;
    this.#freeMax = Math.floor(keptBytesMax / sizeBytes);
  }

  /** With one user. What is in it is of no meaning. */
  take(): Memory {
    return { bytes: this.#free.pop() ?? this.#allocate(), users: 1 };
  }

  /** A part for another user. Whoever never gives it back only keeps the memory from being used again. */
  lend(memory: Memory, begin: number, bytes: number): Lent {
    memory.users += 1;
    return { bytes: memory.bytes.subarray(begin, begin + bytes), giveBack: () => this.release(memory) };
  }

  /** One user fewer. */
  release(memory: Memory): void {
    memory.users -= 1;
    if (memory.users === 0 && this.#free.length < this.#freeMax) this.#free.push(memory.bytes);
  }
}
