import type { Choker, NeighbourFacts } from './choker.js';
import { withTurn } from './optimistic.js';

/**
 * The choker of Give-to-Get (Mol, Pouwelse, Meulpolder, Epema, Sips: Give-to-Get: free-riding resilient video-on-demand in
 * P2P systems, MMCN 2008): neighbours rank by how much of what we gave them they gave on; those that are equal in that, by
 * how much they give on in all; and one more is served for thirty seconds, whatever it gives on.
 *
 * Its own: forwarding counts, not reciprocation; the optimistic slot, rotated every thirty seconds (`optimistic.ts`).
 * Adapted: ranks, not gates, so who has the slot ranks with the best, and ranks are renewed each second, not every ten. Of
 * all that a neighbour gives on, what it gave to us and what others say it gave to them stands for the rest, as that is what
 * we see. What it gave on of ours is told by those who got it, as the paper has it (the deployed system took the neighbour's
 * own word), but only as far as they may vouch, which the paper left unbounded; given other facts, this choker believes them,
 * whatever they are.
 */
export const giveToGet2008 = {
  rank: (facts: readonly NeighbourFacts[]) => withTurn(facts, places(facts)),
  merit: places,
} satisfies Choker;

function places(facts: readonly NeighbourFacts[]): readonly number[] {
  return facts.map((one) => facts.filter((other) => isWorse(other, one)).length);
}

function isWorse(one: NeighbourFacts, other: NeighbourFacts): boolean {
  if (one.forwardedBytes !== other.forwardedBytes) return one.forwardedBytes < other.forwardedBytes;
  return one.receivedBytes + one.toldBytes < other.receivedBytes + other.toldBytes;
}
