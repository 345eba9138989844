import type { FailedBound, RunResult } from './result.js';
import type { Bound } from './scenario.js';

/** The bounds that a result breaks; one whose figure isn't there is broken. */
export function failedBounds(bounds: readonly Bound[], result: Omit<RunResult, 'failedBounds'>): FailedBound[] {
  return bounds.flatMap((bound) => {
    const found = figureOf(bound, result);
    const { atLeast = -Infinity, atMost = Infinity } = bound;
    return found >= atLeast && found <= atMost ? [] : [{ bound, found }];
  });
}

function figureOf({ metric, of = 'honest' }: Bound, result: Omit<RunResult, 'failedBounds'>): number {
  let at: unknown = of === 'run' ? result : result.classes[of];
  for (const step of metric.split('.')) at = (at as Record<string, unknown> | undefined)?.[step];
  return typeof at === 'number' ? at : Number.NaN;
}
