import type { FailedBound, RunResult } from './result.js';
import type { Bound, Limit } from './scenario.js';

type Judged = Omit<RunResult, 'failedBounds'>;

/** The bounds that a result breaks; one whose figure, or what it is held against, isn't there is broken. */
export function failedBounds(bounds: readonly Bound[], result: Judged): FailedBound[] {
  return bounds.flatMap((bound) => {
    const { metric, of = 'honest', atLeast = -Infinity, atMost = Infinity } = bound;
    const found = figureOf(result, metric, of);
    const limitOf = (limit: Limit) =>
      typeof limit === 'number' ? limit : limit.times * figureOf(result, limit.metric ?? metric, limit.of);
    return found >= limitOf(atLeast) && found <= limitOf(atMost) ? [] : [{ bound, found }];
  });
}

function figureOf(result: Judged, metric: string, of: string): number {
  let at: unknown = of === 'run' ? result : result.classes[of];
  for (const step of metric.split('.')) at = (at as Record<string, unknown> | undefined)?.[step];
  return typeof at === 'number' ? at : Number.NaN;
}
