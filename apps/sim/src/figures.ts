/** The figures that tables, comparisons and charts show: where each stands in a result, and how a person reads it. */
import type { ClassFigures, RunResult, Scenario } from '@tstream/swarm-sim';

export type Unit = 'ms' | 'tau' | 'share' | 'multiple' | 'count';

export interface Figure {
  /** Dotted path into the figures of a class, as in a scenario's bounds; or into the whole result. */
  readonly path: string;
  readonly of: 'class' | 'run';
  readonly label: string;
  readonly unit: Unit;
  /** Which way is better; undefined where neither is by itself. */
  readonly better: 'lower' | 'higher' | undefined;
  /** The kind of video that has it; undefined: both have. */
  readonly video: VideoKind | undefined;
}

export type VideoKind = 'live' | 'on demand';

const UNITS: readonly (readonly [RegExp, Unit])[] = [
  [/Ms(?:\.\w+)?$/, 'ms'],
  [/Tau(?:\.\w+)?$/, 'tau'],
  [/Share(?:\.\w+)?$/, 'share'],
  [/Multiple(?:\.\w+)?$/, 'multiple'],
];

/** One row of the table each, in its order. */
const CLASS_FIGURES: readonly Figure[] = [
  ofClass('peers', 'peers'),
  ofClass('startUpMs.p50', 'start-up, median', 'lower'),
  ofClass('startUpMs.p95', 'start-up, p95', 'lower'),
  onDemand('seekMs.p50', 'after a jump, median', 'lower'),
  onDemand('seekMs.p95', 'after a jump, p95', 'lower'),
  ofClass('deliveredShare', 'delivered in time', 'higher'),
  live('plainLossShare', '  lost, plain reference'),
  live('byStrengthLossShare', '  lost, by strength'),
  ofClass('stalls', 'stalls', 'lower'),
  onDemand('stallMs', 'stalled, all together', 'lower'),
  ofClass('stalledPeers', 'peers that stalled', 'lower'),
  ofClass('longestStallMs', 'longest stall', 'lower'),
  live('lagMs.p50', 'behind live, median', 'lower'),
  live('diffusionMs.p50', 'diffusion, median', 'lower'),
  live('diffusionTau.p50', 'diffusion in τ, median', 'lower'),
  live('diffusionTau.p95', 'diffusion in τ, p95', 'lower'),
  live('diffusionTau.p99', 'diffusion in τ, p99', 'lower'),
  live('plainTau.p50', '  plain reference, median'),
  live('plainTau.p99', '  plain reference, p99'),
  live('byStrengthTau.p99', '  by strength, p99'),
  live('overPlainMultiple.p99', '  p99 by the plain one'),
  ofClass('uploadMultiple.mean', 'upload, mean'),
  ofClass('uploadMultiple.p95', 'upload, p95'),
  ofClass('duplicateShare', 'received twice', 'lower'),
  ofClass('bannedShare', 'sent away'),
];

export const RUN_FIGURES: readonly Figure[] = [
  ofRun('source.uploadMultiple', "source's upload"),
  ofRun('overheadShare', 'overhead on payload', 'lower'),
  ofRun('messages', 'messages'),
];

/** The figures of a class that a scenario's kind of video has. */
export function classFiguresOf(scenario: Scenario): readonly Figure[] {
  const kind = kindOf(scenario);
  return CLASS_FIGURES.filter(({ video }) => video === undefined || video === kind);
}

/** What two policies are compared by, and what a sweep shows. Of losses the small number is told. */
export function headlinesOf(scenario: Scenario): readonly Figure[] {
  return [...classFiguresOf(scenario), ...RUN_FIGURES]
    .map((figure) => (figure.path === 'deliveredShare' ? ofClass('lossShare', 'lost', 'lower') : figure))
    .filter(({ better, path }) => better !== undefined || path === 'source.uploadMultiple');
}

export function kindOf({ video }: Scenario): VideoKind {
  return video.onDemand ? 'on demand' : 'live';
}

/** Of a path into a result, by its last words. */
export function unitOf(path: string): Unit {
  return UNITS.find(([ending]) => ending.test(path))?.[1] ?? 'count';
}

/** The class that a figure is about when nobody says: all honest viewers. */
export const HONEST = 'honest';

/** A figure of one run. @returns NaN where the run has none: no such class, nobody in it. */
export function figureOf(
  result: RunResult,
  { path, of }: Pick<Figure, 'path' | 'of'>,
  className: string = HONEST,
): number {
  return valueAt(of === 'run' ? result : result.classes[className], path);
}

/** A figure over all seeds. */
export function figuresOf(
  results: readonly RunResult[],
  figure: Pick<Figure, 'path' | 'of'>,
  className: string = HONEST,
): number[] {
  return results.map((result) => figureOf(result, figure, className));
}

/** Names of classes that results tell of: the scenario's own, then the sums `honest` and `all`, unless they say the same again. */
export function classNamesOf(results: readonly RunResult[]): string[] {
  const names = new Set(results.flatMap((result) => Object.keys(result.classes)));
  const figures = (name: string) => JSON.stringify(results.map(({ classes }) => classes[name]));
  const told: string[] = [...names].filter((name) => !SUMS.includes(name));
  for (const sum of SUMS) {
    if (names.has(sum) && !told.some((name) => figures(name) === figures(sum))) told.push(sum);
  }
  return told;
}

/** What each kind of message cost, as a share of the payload, dearest first. */
export function wireShares(results: readonly RunResult[]): { readonly kind: string; readonly share: number }[] {
  const kinds = [...new Set(results.flatMap(({ wireBytes }) => Object.keys(wireBytes)))];
  const shares = kinds
    .filter((kind) => !NO_MESSAGES.includes(kind))
    .map((kind) => ({ kind, share: shareOf(results, kind) }));
  return shares.sort((a, b) => b.share - a.share);
}

/** What the heads of TCP/IP packets cost, as a share of the payload: the network's, not the protocol's. */
export function packetHeadsShare(results: readonly RunResult[]): number {
  return shareOf(results, 'packets');
}

function shareOf(results: readonly RunResult[], kind: string): number {
  const sumOf = (kind: string) => results.reduce((sum, { wireBytes }) => sum + (wireBytes[kind] ?? 0), 0);
  return sumOf(kind) / sumOf('payload');
}

/** Every figure of a class by its path: `startUpMs.p50`, …; the columns of a table for machines. */
export function flatten(figures: ClassFigures): Record<string, number> {
  const flat: Record<string, number> = {};
  for (const [key, value] of Object.entries(figures) as [string, number | Readonly<Record<string, number>>][]) {
    if (typeof value === 'object' && value !== null) {
      for (const [part, quantile] of Object.entries(value)) flat[`${key}.${part}`] = quantile;
    } else {
      flat[key] = value;
    }
  }
  return flat;
}

function valueAt(from: unknown, path: string): number {
  let at = from;
  for (const step of path.split('.')) at = (at as Record<string, unknown> | undefined | null)?.[step];
  return typeof at === 'number' ? at : Number.NaN;
}

function ofClass(path: string, label: string, better?: 'lower' | 'higher'): Figure {
  return { path, of: 'class', label, unit: unitOf(path), better, video: undefined };
}

function live(path: string, label: string, better?: 'lower' | 'higher'): Figure {
  return { ...ofClass(path, label, better), video: 'live' };
}

function onDemand(path: string, label: string, better?: 'lower' | 'higher'): Figure {
  return { ...ofClass(path, label, better), video: 'on demand' };
}

function ofRun(path: string, label: string, better?: 'lower' | 'higher'): Figure {
  return { path, of: 'run', label, unit: unitOf(path), better, video: undefined };
}

const NO_MESSAGES: readonly string[] = ['payload', 'packets'];
const SUMS: readonly string[] = [HONEST, 'all'];
