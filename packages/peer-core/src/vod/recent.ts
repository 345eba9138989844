/** Numbers kept by piece, or by block, for a while: the newest ones, in two halves, so that the older half can be let go at once. */
export class Recent {
  readonly #halfMax: number;
  #newer = new Map<number, number>();
  #older = new Map<number, number>();

  /** @param halfMax - It keeps this many at least, and at most twice as many. */
  constructor(halfMax: number) {
    this.#halfMax = halfMax;
  }

  get(index: number): number | undefined {
    return this.#newer.get(index) ?? this.#older.get(index);
  }

  set(index: number, value: number): void {
    this.#newer.set(index, value);
    if (this.#newer.size < this.#halfMax) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
