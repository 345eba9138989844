import type { Quantiles } from '../result.js';

/**
 * Counts of whole milliseconds, in memory that does not grow with them. Quantiles are exact up to {@link EXACT_MS}; what is above counts
 * with all its like as the largest. Mean and largest are exact always.
 */
export class Histogram {
  readonly #counts = new Uint32Array(EXACT_MS);
  #above = 0;
  #count = 0;
  #sum = 0;
  #max = 0;

  /** @param ms - Whole milliseconds ≥ 0. */
  add(ms: number): void {
    if (ms < EXACT_MS) this.#counts[ms] = (this.#counts[ms] as number) + 1;
    else this.#above += 1;
    this.#count += 1;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
  }

  /** Takes over all that another one counted. */
  merge(other: Histogram): void {
    for (let ms = 0; ms < EXACT_MS; ms += 1)
      this.#counts[ms] = (this.#counts[ms] as number) + (other.#counts[ms] as number);
    this.#above += other.#above;
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#max = Math.max(this.#max, other.#max);
  }

  quantiles(): Quantiles {
    const [p50 = 0, p95 = 0, p99 = 0] = this.#smallest([0.5, 0.95, 0.99]);
    return { p50, p95, p99, max: this.#max, mean: this.#count === 0 ? 0 : this.#sum / this.#count };
  }

  /** For each share, in ascending order: the smallest number that so many are not above. */
  #smallest(shares: readonly number[]): number[] {
    let ms = -1;
    let sofar = 0;
    return shares.map((share) => {
      const wanted = Math.ceil(share * this.#count);
      while (sofar < wanted && ms < EXACT_MS - 1) {
        ms += 1;
        sofar += this.#counts[ms] as number;
      }
      return sofar < wanted ? this.#max : Math.max(ms, 0);
    });
  }
}

/** Of the same numbers, kept one by one: for what there is one of for each peer. All 0 of none. */
export function quantilesOf(numbers: readonly number[]): Quantiles {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const sum = sorted.reduce((sofar, number) => sofar + number, 0);
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    mean: sorted.length === 0 ? 0 : sum / sorted.length,
  };
}

/** The same numbers in another unit. */
export function scaled({ p50, p95, p99, max, mean }: Quantiles, by: number): Quantiles {
  return { p50: p50 * by, p95: p95 * by, p99: p99 * by, max: max * by, mean: mean * by };
}

/** A minute: twice the largest lag that a peer allows itself. */
const EXACT_MS = 60_000;
