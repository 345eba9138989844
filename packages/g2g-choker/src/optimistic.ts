import type { NeighbourFacts } from './choker.js';

/**
 * The neighbour that is served for once whatever it gave, so that it can show what it gives (BEP 3, optimistic unchoking):
 * another one every {@link OPTIMISTIC_MS}, a newcomer three times as likely as any other.
 *
 * A turn lasts for many rankings, and a choker keeps nothing from one to the next: drawn from its `random`, it would be
 * another neighbour's each time. So whose turn it is follows from the facts. The longest connection stands for the clock, and
 * a hash of turn and connection for chance: everybody's turn comes.
 * @returns Its place in `facts`; −1 if nobody is there.
 */
function optimistic(facts: readonly NeighbourFacts[]): number {
  const longestMs = facts.reduce((most, { connectedMs }) => Math.max(most, connectedMs), 0);
  const turn = Math.floor(longestMs / OPTIMISTIC_MS);
  let drawn = -1;
  let least = Infinity;
  let leastId = Infinity;
  for (const [i, { id, connectedMs }] of facts.entries()) {
    const lots = connectedMs < OPTIMISTIC_MS ? NEWCOMER_LOTS : 1;
    for (let lot = 0; lot < lots; lot++) {
      const drawnLot = hash(turn, id, lot);
      if (drawnLot > least || (drawnLot === least && id >= leastId)) continue;
      drawn = i;
      least = drawnLot;
      leastId = id;
    }
  }
  return drawn;
}

/** @returns The ranks, but that whose turn it is ranks with the best. */
export function withTurn(facts: readonly NeighbourFacts[], ranks: readonly number[]): readonly number[] {
  const best = ranks.reduce((most, rank) => Math.max(most, rank), 0);
  const chosen = optimistic(facts);
  return ranks.map((rank, i) => (i === chosen ? best : rank));
}

/** The finalizer of MurmurHash3 over three numbers, 32 bits. */
function hash(turn: number, id: number, lot: number): number {
  return mixed(mixed(mixed(turn) ^ id) ^ lot) >>> 0;
}

function mixed(word: number): number {
  let z = (word + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** BEP 3: the optimistic unchoke rotates every thirty seconds. */
const OPTIMISTIC_MS = 30_000;
/** BEP 3: the newly connected are three times as likely. */
const NEWCOMER_LOTS = 3;
