/** What attacks cost the honest: a fifth of a swarm of twenty behaves otherwise. */
import { expect, test } from 'vitest';
import type { Behaviour } from '../src/index.js';
import { crowdWith, outcomeOf } from './crowd.js';

const FROM_MS = 15_000;
const UNTIL_MS = 45_000;

/** Thousandths of pieces that were dropped, of time stood still: the worst of the seeds stays below. */
const BOUNDS: readonly (readonly [Behaviour, number, number])[] = [
  ['honest', 0, 0],
  ['edge-liar', 0, 0],
];

test.each(BOUNDS)(
  '%s: the honest play on, %i ‰ of pieces lost and %i ‰ of time stalled at most',
  (behaviour, dropped, stalled) => {
    for (const seed of [1, 2, 5]) {
      const crowd = crowdWith(behaviour, { seed });
      const outcome = outcomeOf(crowd, crowd.honest, FROM_MS, UNTIL_MS);
      expect(outcome.droppedThousandths, `seed ${seed}`).toBeLessThanOrEqual(dropped);
      expect(outcome.stalledThousandths, `seed ${seed}`).toBeLessThanOrEqual(stalled);
      expect(crowd.swarm.violations).toEqual([]);
    }
  },
);
