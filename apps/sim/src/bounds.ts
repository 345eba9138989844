/** Which bounds of a scenario held, and which seed came worst. */
import type { Bound, Limit, RunResult } from '@tstream/swarm-sim';
import { figureOf, HONEST, unitOf } from './figures.js';
import type { Study, Variant } from './study.js';
import { formatFigure } from './words.js';

export interface BoundOutcome {
  readonly bound: Bound;
  readonly held: boolean;
  /** The seed that came nearest to breaking it, or broke it by most. */
  readonly worstSeed: number;
  readonly found: number;
  /** What it is held against, with that seed. */
  readonly limits: readonly number[];
  /** Seeds that broke it. */
  readonly broken: number;
}

/** @returns One a bound, in the scenario's order; nothing without results, or for runs that were ended early: bounds are about whole ones. */
export function boundOutcomes(variant: Variant): BoundOutcome[] {
  const { scenario, results } = variant;
  if (results.length === 0 || isPartial(variant)) return [];
  return scenario.bounds.map((bound) => {
    const seeds = results.map((result) => ({ seed: result.seed, ...outcomeIn(result, bound) }));
    const worst = seeds.reduce((sofar, next) => (isWorse(next, sofar) ? next : sofar));
    const broken = seeds.filter(({ held }) => !held).length;
    return { bound, held: broken === 0, worstSeed: worst.seed, found: worst.found, limits: worst.limits, broken };
  });
}

/** Whether its runs were ended before the scenario was over. */
export function isPartial({ scenario, results }: Variant): boolean {
  return results.some(({ virtualSeconds }) => virtualSeconds < scenario.seconds);
}

/** One line on all bounds that didn't hold, or undefined if all did. */
export function brokenBounds({ variants }: Study): string | undefined {
  const faults = variants.flatMap((variant) => {
    const broken = boundOutcomes(variant).filter(({ held }) => !held);
    return broken.map((outcome) => `${variant.label && `${variant.label}: `}${describeOutcome(outcome)}`);
  });
  if (faults.length === 0) return undefined;
  return `${faults.length === 1 ? 'a bound' : 'bounds'} did not hold: ${faults.join('; ')}`;
}

/** `lossShare of honest at most 0.1 %: worst 0.42 % with seed 7`. */
export function describeOutcome({ bound, held, worstSeed, found, limits, broken }: BoundOutcome): string {
  const unit = unitOf(bound.metric);
  const isRelative = typeof bound.atLeast === 'object' || typeof bound.atMost === 'object';
  const beside = isRelative ? ` (limit ${limits.map((limit) => formatFigure(limit, unit)).join(' and ')})` : '';
  const count = held || broken === 1 ? '' : `, ${broken} seeds broke it`;
  return `${describeBound(bound)}: worst ${formatFigure(found, unit)}${beside} with seed ${worstSeed}${count}`;
}

function describeBound({ metric, of = HONEST, atLeast, atMost }: Bound): string {
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${describeLimit(atLeast, metric)}`]),
    ...(atMost === undefined ? [] : [`at most ${describeLimit(atMost, metric)}`]),
  ];
  return `${metric}${of === 'run' ? '' : ` of ${of}`} ${limits.join(' and ')}`;
}

function describeLimit(limit: Limit, metric: string): string {
  if (typeof limit === 'number') return formatFigure(limit, unitOf(metric));
  const { times, of, metric: other = metric } = limit;
  const figure = other === metric ? 'that' : other;
  return `${times} × ${of === 'run' ? `the run's ${other}` : `${figure} of ${of}`}`;
}

/** What the run itself found counts, where it says that the bound was broken. */
function outcomeIn(result: RunResult, bound: Bound): Found {
  const { metric, of = HONEST, atLeast = -Infinity, atMost = Infinity } = bound;
  const failed = result.failedBounds.find((entry) => sameBound(entry.bound, bound));
  const found = failed ? failed.found : classOrRunFigure(result, metric, of);
  const limitOf = (limit: Limit) =>
    typeof limit === 'number' ? limit : limit.times * classOrRunFigure(result, limit.metric ?? metric, limit.of);
  const [least, most] = [limitOf(atLeast), limitOf(atMost)];
  const limits = [least, most].filter((limit) => Math.abs(limit) !== Infinity);
  return { found, held: failed === undefined, margin: Math.min(found - least, most - found), limits };
}

function classOrRunFigure(result: RunResult, path: string, of: string): number {
  return figureOf(result, { path, of: of === 'run' ? 'run' : 'class' }, of);
}

/** Both come from the same file, and their keys stand in the order of the schema. */
function sameBound(a: Bound, b: Bound): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

interface Found {
  readonly found: number;
  readonly held: boolean;
  /** How far it is from being broken; below zero if it is. */
  readonly margin: number;
  readonly limits: readonly number[];
}

function isWorse(a: Found, b: Found): boolean {
  return a.held === b.held ? a.margin < b.margin : !a.held;
}
