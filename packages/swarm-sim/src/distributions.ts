import { exp, ln } from './exact-math.js';
import type { Random } from './random.js';
import type { Distribution } from './scenario.js';

/** Draws a number; the same generator gives the same one on every engine. */
export function draw(distribution: Distribution, random: Random): number {
  if (typeof distribution === 'number') return distribution;
  if ('uniform' in distribution) {
    const [low, high] = distribution.uniform;
    return low + (high - low) * random.unit();
  }
  if ('exponential' in distribution) return -ln(random.unit()) * distribution.exponential.mean;
  if ('weibull' in distribution) {
    const { shape, scale } = distribution.weibull;
    return scale * exp(ln(-ln(random.unit())) / shape);
  }
  if ('logNormal' in distribution) {
    const { median, sigma } = distribution.logNormal;
    return median * exp(sigma * standardNormal(random));
  }
  const { values } = distribution;
  return values[random.below(values.length)] as number;
}

/** Marsaglia's polar method (1964). The second number that it yields is not kept: a generator has no memory beside its state. */
function standardNormal(random: Random): number {
  for (;;) {
    const x = 2 * random.unit() - 1;
    const y = 2 * random.unit() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
  }
}
