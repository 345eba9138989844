import { draw } from './distributions.js';
import { Random } from './random.js';
import type { Distribution } from './scenario.js';

/**
 * How far peers are from each other: for each pair one draw, the same in both directions and whenever it is asked for, so that nothing
 * needs to be kept for the square of a swarm.
 * @returns One-way delay between two peers by their numbers, whole milliseconds, at least 0.
 */
export function pairwiseDelay(oneWayDelayMs: Distribution, seed: number): (from: number, to: number) => number {
  if (typeof oneWayDelayMs === 'number') return () => Math.max(0, Math.round(oneWayDelayMs));
  const salt = new Random(seed).below(PAIR_SEEDS);
  return (from, to) => {
    const pair = (Math.min(from, to) * PEERS_MAX + Math.max(from, to) + salt) % PAIR_SEEDS;
    return Math.min(DELAY_MS_MAX, Math.max(0, Math.round(draw(oneWayDelayMs, new Random(pair)))));
  };
}

/** More than a scenario may have. */
const PEERS_MAX = 1_000_000;
const PAIR_SEEDS = 2 ** 32;
/** What no path on earth takes: the tail of a distribution is cut there. */
const DELAY_MS_MAX = 2000;
