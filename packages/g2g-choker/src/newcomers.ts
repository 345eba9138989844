/** Newcomers, who had no time to give: they go first for a small part of the time, or where upload is short nobody would serve them. */
import type { NeighbourFacts } from './choker.js';

/**
 * Whose turn it is to go before all others, for this one ranking: one time in {@link TURN_ONE_IN} a newcomer's. Every address block has the
 * same chance, however many newcomers it sends.
 */
export function drawNewcomer(
  facts: readonly NeighbourFacts[],
  random: (below: number) => number,
): NeighbourFacts | undefined {
  if (random(TURN_ONE_IN) !== 0) return undefined;
  const blocks = new Map<string | number, NeighbourFacts[]>();
  for (const neighbour of byId(facts)) {
    if (neighbour.connectedMs >= NEWCOMER_MS) continue;
    const block = neighbour.group ?? neighbour.id;
    const others = blocks.get(block);
    if (others) others.push(neighbour);
    else blocks.set(block, [neighbour]);
  }
  if (blocks.size === 0) return undefined;
  const block = [...blocks.values()][random(blocks.size)] ?? [];
  return block[random(block.length)];
}

/** So that chance falls on the same ones in whatever order they come. */
export function byId(facts: readonly NeighbourFacts[]): NeighbourFacts[] {
  return [...facts].sort((a, b) => a.id - b.id);
}

/** Who came less long ago than this is a newcomer: twice the time that facts are counted over. A guess. */
const NEWCOMER_MS = 20_000;
/** What a thousand Sybils share. A guess. */
const TURN_ONE_IN = 16;
