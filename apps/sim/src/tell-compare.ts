/** A comparison as a person reads it: both sides, the difference seed by seed, and a word on it. */
import { boundOutcomes, describeOutcome } from './bounds.js';
import { compareFigure, wordFor } from './comparison.js';
import { classNamesOf, type Figure, headlinesOf } from './figures.js';
import type { Study, Variant } from './study.js';
import { renderTable } from './table.js';
import { heading } from './tell-run.js';
import { formatEstimate, formatFigure } from './words.js';

export function tellComparison({ variants }: Study): string {
  const [a, b] = variants as readonly [Variant, Variant];
  const classes = classNamesOf([...a.results, ...b.results]).filter((name) => name !== 'all');
  const headlines = headlinesOf(a.scenario);
  const own = headlines.filter(({ of }) => of === 'run');
  const ofClass = headlines.filter(({ of }) => of === 'class');
  const tables = classes.map((name) => table(a, b, name, ofClass));
  const parts = [heading(variants), ...tables, table(a, b, 'the swarm', own)];
  return [...parts, ...broken('A', a), ...broken('B', b), note(a, b)].join('\n\n');
}

function table(a: Variant, b: Variant, className: string, figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const difference = compareFigure(a, b, figure, className);
    return [
      figure.label,
      formatFigure(difference.a.mean, figure.unit),
      formatFigure(difference.b.mean, figure.unit),
      formatEstimate(difference.difference, figure.unit),
      wordFor(difference, figure.better),
    ];
  });
  return renderTable([[className, `A: ${a.label}`, `B: ${b.label}`, 'B − A', ''], ...rows]);
}

function broken(side: string, variant: Variant): string[] {
  const faults = boundOutcomes(variant).filter(({ held }) => !held);
  return faults.length === 0 ? [] : [faults.map((outcome) => `${side} ✗ ${describeOutcome(outcome)}`).join('\n')];
}

function note(a: Variant, b: Variant): string {
  const shared = a.results.filter(({ seed }) => b.results.some((other) => other.seed === seed)).length;
  return `${shared} paired seeds; ± is the 95 % interval. "noise": it holds zero. One line in twenty is called a difference by chance.`;
}
