/** One variant as a person reads it: figures per class, the source, what the wire carried, the bounds. */
import { boundOutcomes, describeOutcome, isPartial } from './bounds.js';
import {
  classFiguresOf,
  classNamesOf,
  type Figure,
  figuresOf,
  packetHeadsShare,
  RUN_FIGURES,
  wireShares,
} from './figures.js';
import { limitsOf } from './limits.js';
import { estimate } from './statistics.js';
import { type Variant, viewersOf } from './study.js';
import { renderTable } from './table.js';
import { formatEstimate, formatFigure } from './words.js';

/** @param width - Columns of the terminal: classes that don't fit go into a table below. */
export function tellVariant(variant: Variant, width: number): string {
  const parts = [heading([variant]), ...classTables(variant, width), sums(variant), bounds(variant), traces(variant)];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The first variant's title, then `10 to 1 000 viewers, 60 s, 10 seeds; pickers default, mine.ts; choker default`. */
export function heading(variants: readonly Variant[]): string {
  const [first] = variants;
  if (first === undefined) return '';
  const { scenario, results } = first;
  const seeds = results.length === 1 ? `seed ${results[0]?.seed}` : `${results.length} seeds`;
  const viewers = viewersOf(variants);
  const seconds = Math.max(...results.map(({ virtualSeconds }) => virtualSeconds));
  const names = (kind: 'picker' | 'choker') => {
    const all = [...new Set(variants.map((variant) => variant[kind]))];
    return `${kind}${all.length > 1 ? 's' : ''} ${all.join(', ')}`;
  };
  return `${scenario.title}\n${viewers} viewers, ${seconds} s, ${seeds}; ${names('picker')}; ${names('choker')}`;
}

function classTables({ scenario, results }: Variant, width: number): string[] {
  const tables: string[] = [];
  let names: readonly string[] = classNamesOf(results);
  while (names.length > 0) {
    let count = names.length;
    let table = classTable(scenario, names, results);
    while (count > 1 && widthOf(table) > width) {
      count -= 1;
      table = classTable(scenario, names.slice(0, count), results);
    }
    tables.push(table);
    names = names.slice(count);
  }
  return tables;
}

function classTable(scenario: Variant['scenario'], names: readonly string[], results: Variant['results']): string {
  const row = (figure: Figure) => [figure.label, ...names.map((name) => cell(results, figure, name))];
  return renderTable([['', ...names], ...classFiguresOf(scenario).map(row)]);
}

function cell(results: Variant['results'], figure: Figure, className?: string): string {
  return formatEstimate(estimate(figuresOf(results, figure, className)), figure.unit);
}

function sums({ scenario, results }: Variant): string {
  const { diffusionTau } = limitsOf(scenario);
  const kinds = wireShares(results).slice(0, KINDS_MAX);
  return renderTable([
    ...RUN_FIGURES.map((figure) => [figure.label, cell(results, figure)]),
    ...kinds.map(({ kind, share }) => [`  ${kind}`, formatFigure(share, 'share')]),
    ['packet heads, apart', formatFigure(packetHeadsShare(results), 'share')],
    ...(diffusionTau === undefined ? [] : [['diffusion, the bound', formatFigure(diffusionTau, 'tau')]]),
  ]);
}

function bounds(variant: Variant): string {
  if (isPartial(variant)) return 'bounds are not judged: the run was ended before the scenario was over';
  const lines = boundOutcomes(variant).map((outcome) => `${outcome.held ? '✓' : '✗'} ${describeOutcome(outcome)}`);
  return lines.join('\n');
}

function traces({ results }: Variant): string {
  return results.length === 1 ? `trace ${results[0]?.traceHash}` : '';
}

function widthOf(table: string): number {
  return Math.max(...table.split('\n').map((line) => [...line].length));
}

const KINDS_MAX = 6;
