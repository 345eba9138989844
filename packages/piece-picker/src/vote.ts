import type { NeighbourView } from './picker.js';

/**
 * Where the swarm is, by vote: the newest piece that at least half of the neighbours that hold anything hold, two of them
 * at least. Half of them lying move it; so it may order what is sent, and must never say where the live edge is.
 * @returns −1 if there is none from `fromSeq` on, or among the last {@link VOTE_PIECES}.
 */
export function heldByHalf(neighbours: readonly NeighbourView[], fromSeq: number, edgeSeq: number): number {
  const voters = neighbours.filter(({ held }) => held.size > 0);
  if (voters.length < VOTES_MIN) return -1;
  const newest = voters.reduce((seq, { held }) => Math.max(seq, held.highest()), -1);
  const oldest = Math.max(fromSeq, newest - VOTE_PIECES + 1);
  for (let seq = Math.min(newest, edgeSeq); seq >= oldest; seq--) {
    const votes = voters.filter(({ held }) => held.has(seq)).length;
    if (votes >= VOTES_MIN && votes * 2 >= voters.length) return seq;
  }
  return -1;
}

const VOTES_MIN = 2;
/** Well over any difference between neighbours that all play the same stream. A guess. */
const VOTE_PIECES = 256;
