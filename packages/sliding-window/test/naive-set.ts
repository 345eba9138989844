/** What a SeqSet has to equal: the same words said with a Set and no arithmetic. */
export class NaiveSet {
  readonly capacity: number;
  base = 0;
  readonly #held = new Set<number>();

  constructor(capacity: number) {
    this.capacity = 32;
    while (this.capacity < capacity) this.capacity *= 2;
  }

  get size(): number {
    return this.#held.size;
  }

  all(): number[] {
    return [...this.#held].sort((a, b) => a - b);
  }

  has(seq: number): boolean {
    return this.#held.has(seq);
  }

  add(seq: number): boolean {
    if (seq < this.base || this.#held.has(seq)) return false;
    if (seq - this.base >= this.capacity) this.dropBelow(seq - this.capacity + 1);
    this.#held.add(seq);
    return true;
  }

  delete(seq: number): boolean {
    return this.#held.delete(seq);
  }

  dropBelow(seq: number): void {
    if (seq > this.base) this.base = seq;
    for (const held of this.#held) if (held < this.base) this.#held.delete(held);
  }

  highest(): number {
    return this.all().at(-1) ?? -1;
  }

  lowest(): number {
    return this.all()[0] ?? -1;
  }

  contiguousFrom(seq: number): number {
    let next = seq;
    while (this.#held.has(next)) next += 1;
    return next;
  }

  nextFrom(seq: number): number {
    return this.all().find((held) => held >= seq) ?? -1;
  }

  previousFrom(seq: number): number {
    return this.all().findLast((held) => held <= seq) ?? -1;
  }

  highestMissingIn(other: NaiveSet, from: number, to: number): number {
    return this.all().findLast((held) => held >= from && held <= to && !other.has(held)) ?? -1;
  }
}
