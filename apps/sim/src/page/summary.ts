/** The page's top: what was run, whether its bounds held, and the figures that matter most. */
import { boundOutcomes, describeOutcome } from '../bounds.js';
import { classFiguresOf, type Figure, figuresOf, RUN_FIGURES } from '../figures.js';
import { limitsOf } from '../limits.js';
import { estimate } from '../statistics.js';
import { type Study, type Variant, viewersOf } from '../study.js';
import { formatEstimate, formatFigure } from '../words.js';
import { element, table } from './elements.js';

export function heading(study: Study): HTMLElement {
  const [first] = study.variants;
  const { title = '', about = '' } = first?.scenario ?? {};
  document.title = title;
  return element(
    'div',
    '',
    element('h1', '', title),
    element('p', 'soft about', about),
    element('p', 'soft', facts(study)),
  );
}

/** What was run, in a line. */
function facts({ kind, over, variants }: Study): string {
  const [first] = variants;
  if (first === undefined) return '';
  const { scenario, results } = first;
  const parts = [
    `${viewersOf(variants)} viewers`,
    `${scenario.seconds} s of virtual time`,
    results.length === 1 ? `seed ${results[0]?.seed}` : `${results.length} seeds`,
    ...(kind === 'compare' ? [`A: ${first.label}, B: ${variants[1]?.label}`] : []),
    ...(kind === 'sweep' ? [`${over} = ${variants.map(({ label }) => label).join(', ')}`] : []),
    ...(kind === 'run' ? [`picker ${first.picker}, choker ${first.choker}`] : []),
  ];
  return parts.join(' · ');
}

export function cards(variant: Variant): HTMLElement {
  const figures = [...classFiguresOf(variant.scenario), ...RUN_FIGURES].filter(({ path }) => CARDS.includes(path));
  const made = figures.map((figure) => card(valueOf(variant, figure), figure.label));
  const { diffusionTau } = limitsOf(variant.scenario);
  if (diffusionTau !== undefined) made.push(card(formatFigure(diffusionTau, 'tau'), 'diffusion, the bound'));
  return element('div', 'cards', ...made);
}

export function bounds(variant: Variant): HTMLElement {
  const lines = boundOutcomes(variant).map((outcome) =>
    element('li', outcome.held ? 'held' : 'broken', describeOutcome(outcome)),
  );
  return element('ul', 'bounds', ...lines);
}

/** All figures of all classes, for those who would rather read. */
export function figuresTable(variant: Variant, classes: readonly string[]): HTMLElement {
  const rows = classFiguresOf(variant.scenario).map((figure) => [
    figure.label,
    ...classes.map((name) => valueOf(variant, figure, name)),
  ]);
  return table([['', ...classes], ...rows]);
}

function valueOf({ results }: Variant, figure: Figure, className?: string): string {
  return formatEstimate(estimate(figuresOf(results, figure, className)), figure.unit);
}

function card(value: string, label: string): HTMLElement {
  return element('div', 'card', element('strong', '', value), element('span', 'soft', label));
}

const CARDS: readonly string[] = [
  'deliveredShare',
  'startUpMs.p50',
  'startUpMs.p95',
  'lagMs.p50',
  'stalls',
  'diffusionTau.p50',
  'diffusionTau.p99',
  'plainTau.p99',
  'source.uploadMultiple',
  'overheadShare',
];
