import type { Choker } from './choker.js';

/**
 * Everybody in turn, whatever they give: who took least from us lately goes first. What a choker has to beat to be one, and
 * all that a helper needs among viewers that all forward.
 *
 * Its own: equal shares, by bytes. No parameters.
 */
export const roundRobin: Choker = {
  rank: (facts) => facts.map(({ sentBytes }) => 0 - sentBytes),
};
