/** Two variants, figure by figure over the seeds that they share. */
import { type Figure, figureOf } from './figures.js';
import { comparePaired, type Difference } from './statistics.js';
import type { Variant } from './study.js';

/** Both sides' figures over the seeds that they share. */
export function compareFigure(a: Variant, b: Variant, figure: Figure, className?: string): Difference {
  const pairs = a.results.flatMap((first) => {
    const second = b.results.find(({ seed }) => seed === first.seed);
    return second ? [[figureOf(first, figure, className), figureOf(second, figure, className)] as const] : [];
  });
  return comparePaired(
    pairs.map(([first]) => first),
    pairs.map(([, second]) => second),
  );
}

/** `B is better`, `B is lower` where neither is by itself, `noise`, …: what a difference comes to. */
export function wordFor({ verdict }: Difference, better: Figure['better']): string {
  if (verdict !== 'lower' && verdict !== 'higher') return VERDICTS[verdict];
  if (better === undefined) return `B is ${verdict}`;
  return verdict === better ? 'B is better' : 'A is better';
}

const VERDICTS = { same: 'the same', noise: 'noise', unknown: 'one seed cannot tell' } as const;
