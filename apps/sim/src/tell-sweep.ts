/** A sweep as a person reads it: a line for each value, honest viewers' figures. */
import { boundOutcomes } from './bounds.js';
import { classFiguresOf, figuresOf, RUN_FIGURES } from './figures.js';
import { limitsOf } from './limits.js';
import { estimate } from './statistics.js';
import type { Study, Variant } from './study.js';
import { renderTable } from './table.js';
import { heading } from './tell-run.js';
import { formatEstimate, formatFigure } from './words.js';

export function tellSweep({ over, variants }: Study): string {
  const [first] = variants;
  const own = first === undefined ? [] : classFiguresOf(first.scenario);
  const columns = [...own, ...RUN_FIGURES].filter(({ path }) => COLUMNS.has(path));
  const hasLimit = variants.some(({ scenario }) => limitsOf(scenario).diffusionTau !== undefined);
  const header = [
    over ?? '',
    ...columns.map(({ path }) => COLUMNS.get(path) ?? ''),
    ...(hasLimit ? ['bound'] : []),
    'bounds',
  ];
  const row = (variant: Variant) => [
    variant.label,
    ...columns.map((figure) => formatEstimate(estimate(figuresOf(variant.results, figure)), figure.unit)),
    ...(hasLimit ? [formatFigure(limitsOf(variant.scenario).diffusionTau ?? Number.NaN, 'tau')] : []),
    boundOutcomes(variant).every(({ held }) => held) ? 'held' : 'broken',
  ];
  return `${heading(variants)}\n\n${renderTable([header, ...variants.map(row)])}`;
}

const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['startUpMs.p50', 'start-up'],
  ['startUpMs.p95', 'p95'],
  ['deliveredShare', 'delivered'],
  ['stalls', 'stalls'],
  ['stallMs', 'stalled'],
  ['diffusionTau.p50', 'diffusion'],
  ['diffusionTau.p99', 'p99'],
  ['plainTau.p99', 'plain ref.'],
  ['source.uploadMultiple', 'source'],
  ['overheadShare', 'overhead'],
]);
