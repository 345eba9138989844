/** Means over seeds, and how sure they are. */

/** A mean over seeds with its 95 % confidence interval. */
export interface Estimate {
  readonly mean: number;
  /** The interval is mean ± this; Infinity with fewer than two values. */
  readonly half: number;
  readonly min: number;
  readonly max: number;
}

/** @param values - One a seed; those that aren't finite (a class without peers) are left out. */
export function estimate(values: readonly number[]): Estimate {
  const known = values.filter((value) => Number.isFinite(value));
  const n = known.length;
  if (n === 0) return { mean: Number.NaN, half: Infinity, min: Number.NaN, max: Number.NaN };
  const mean = known.reduce((sum, value) => sum + value, 0) / n;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = n < 2 ? Infinity : studentT95(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { mean, half, min: Math.min(...known), max: Math.max(...known) };
}

/** What a comparison over paired seeds says of one figure. */
export interface Difference {
  readonly a: Estimate;
  readonly b: Estimate;
  /** B − A, seed by seed. */
  readonly difference: Estimate;
  readonly verdict: 'same' | 'noise' | 'lower' | 'higher' | 'unknown';
}

/**
 * Compares two figures seed by seed: what a seed does to both sides cancels out.
 * @returns `noise` if the interval of the difference holds zero, `unknown` with fewer than two pairs, `same` if no seed shows any.
 */
export function comparePaired(a: readonly number[], b: readonly number[]): Difference {
  const pairs = a.map((value, i) => [value, b[i] ?? Number.NaN] as const).filter((pair) => pair.every(Number.isFinite));
  const difference = estimate(pairs.map(([first, second]) => second - first));
  return {
    a: estimate(pairs.map(([first]) => first)),
    b: estimate(pairs.map(([, second]) => second)),
    difference,
    verdict: verdictOf(pairs.length, difference),
  };
}

function verdictOf(pairs: number, { mean, half, min, max }: Estimate): Difference['verdict'] {
  if (pairs > 0 && min === 0 && max === 0) return 'same';
  if (pairs < 2) return 'unknown';
  if (Math.abs(mean) <= half) return 'noise';
  return mean < 0 ? 'lower' : 'higher';
}

/** The 97.5 % quantile of Student's t. Beyond the table the next smaller degree is taken: an interval is never too narrow. */
function studentT95(degrees: number): number {
  return T95.findLast(([from]) => from <= degrees)?.[1] ?? Infinity;
}

/** Degrees of freedom, quantile. */
const T95: readonly (readonly [number, number])[] = [
  ...[
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
    2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
  ].map((t, i) => [i + 1, t] as const),
  [40, 2.021],
  [60, 2],
  [120, 1.98],
];
