/** Which bounds of a scenario held, and which seed came worst. */
import type { Bound, RunResult } from '@tstream/swarm-sim';
import { figureOf, HONEST, unitOf } from './figures.js';
import type { Study, Variant } from './study.js';
import { formatFigure } from './words.js';

export interface BoundOutcome {
  readonly bound: Bound;
  readonly held: boolean;
  /** The seed that came nearest to breaking it, or broke it by most. */
  readonly worstSeed: number;
  readonly found: number;
  /** Seeds that broke it. */
  readonly broken: number;
}

/** @returns One a bound, in the scenario's order; nothing without results, or for runs that were ended early: bounds are about whole ones. */
export function boundOutcomes(variant: Variant): BoundOutcome[] {
  const { scenario, results } = variant;
  if (results.length === 0 || isPartial(variant)) return [];
  return scenario.bounds.map((bound) => {
    const seeds = results.map((result) => ({ seed: result.seed, ...outcomeIn(result, bound) }));
    const worst = seeds.reduce((sofar, next) => (isWorse(next, sofar, bound) ? next : sofar));
    const broken = seeds.filter(({ held }) => !held).length;
    return { bound, held: broken === 0, worstSeed: worst.seed, found: worst.found, broken };
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
export function describeOutcome({ bound, held, worstSeed, found, broken }: BoundOutcome): string {
  const count = held || broken === 1 ? '' : `, ${broken} seeds broke it`;
  return `${describeBound(bound)}: worst ${formatFigure(found, unitOf(bound.metric))} with seed ${worstSeed}${count}`;
}

function describeBound({ metric, of = HONEST, atLeast, atMost }: Bound): string {
  const unit = unitOf(metric);
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${formatFigure(atLeast, unit)}`]),
    ...(atMost === undefined ? [] : [`at most ${formatFigure(atMost, unit)}`]),
  ];
  return `${metric}${of === 'run' ? '' : ` of ${of}`} ${limits.join(' and ')}`;
}

/** What the run itself found counts, where it says that the bound was broken. */
function outcomeIn(result: RunResult, bound: Bound): { found: number; held: boolean } {
  const failed = result.failedBounds.find((entry) => sameBound(entry.bound, bound));
  if (failed) return { found: failed.found, held: false };
  const of = bound.of === 'run' ? 'run' : 'class';
  return { found: figureOf(result, { path: bound.metric, of }, bound.of), held: true };
}

function sameBound(a: Bound, b: Bound): boolean {
  return a.metric === b.metric && a.of === b.of && a.atLeast === b.atLeast && a.atMost === b.atMost;
}

type Found = { readonly found: number; readonly held: boolean };

function isWorse(a: Found, b: Found, { atMost }: Bound): boolean {
  if (a.held !== b.held) return !a.held;
  return atMost === undefined ? a.found < b.found : a.found > b.found;
}
