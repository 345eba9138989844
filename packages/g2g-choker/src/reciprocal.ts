import type { Choker, NeighbourFacts } from './choker.js';

/**
 * The live default: a neighbour ranks by the video that it gave to us. It is the one thing about its upload that
 * can't be lied about, and a strong uplink shows in it, so the newest piece goes where it is soonest forwarded.
 */
export const reciprocal = {
  rank: (facts: readonly NeighbourFacts[]): readonly number[] => facts.map((neighbour) => neighbour.receivedBytes),
} satisfies Choker;
