import type { Choker, NeighbourFacts } from './choker.js';
import { withTurn } from './optimistic.js';

/**
 * BitTorrent's choker (BEP 3, "Choking"; Cohen, Incentives build robustness in BitTorrent, P2PEcon 2003): the neighbours
 * that give to us at the highest rate are served, and one more for thirty seconds, whatever it gives. A peer that gets
 * nothing from anybody, as it has everything, goes by the rate at which it gives to them.
 *
 * Its own: reciprocation, and the optimistic slot, rotated every thirty seconds (`optimistic.ts`).
 * Adapted: ranks, not gates. The published four slots are a matter of who is served at all; here who has the optimistic slot
 * ranks with the best, the others by their rate, and nobody is refused. Rates are over ten seconds (`FACTS_MS`), not twenty.
 */
export const titForTat = {
  rank: (facts: readonly NeighbourFacts[]) => withTurn(facts, rates(facts)),
  merit: rates,
} satisfies Choker;

function rates(facts: readonly NeighbourFacts[]): readonly number[] {
  const gets = facts.some(({ receivedBytes }) => receivedBytes > 0);
  return facts.map(({ receivedBytes, sentBytes }) => (gets ? receivedBytes : sentBytes));
}
