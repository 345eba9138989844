/** What attacks cost the honest: a fifth of a swarm of twenty behaves otherwise. */
import { expect, test } from 'vitest';
import type { Behaviour } from '../src/index.js';
import { crowdWith, outcomeOf } from './crowd.js';

const FROM_MS = 15_000;
const UNTIL_MS = 35_000;

/**
 * Thousandths of pieces that were dropped, of time stood still, at most, for every seed. Both are 0 for all but stallers, whose first
 * pieces come late: 4 and 2 in the worst of six seeds.
 */
const BOUNDS: readonly (readonly [Behaviour, number, number])[] = [
  ['honest', 2, 2],
  ['free-rider', 2, 2],
  ['forward-liar', 2, 2],
  ['coalition', 2, 2],
  ['polluter', 2, 2],
  ['replayer', 2, 2],
  ['edge-liar', 2, 2],
  ['staller', 8, 5],
  ['have-liar', 2, 2],
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
