/** What a sender that knows everything sends next, and to whom. */
import type { Random } from '../random.js';
import type { PieceRing, ReferencePeer } from './peer.js';

/** To whom a piece goes of those who lack it: to one by chance, or to the one with the most upload. */
export type Order = 'plain' | 'byStrength';

export interface Choice {
  readonly seq: number;
  readonly to: ReferencePeer;
}

/** The newest piece that it holds and a neighbour lacks, to whom nobody is sending it. */
export function choose(from: ReferencePeer, ring: PieceRing, order: Order, random: Random): Choice | undefined {
  const { neighbours, held } = from;
  if (neighbours.length === 0) return undefined;
  // Of equals the first on a circle that begins anywhere.
  const first = random.below(neighbours.length);
  let to: ReferencePeer | undefined;
  let newest = ring.oldestSeq;
  for (let i = 0; i < neighbours.length; i += 1) {
    const neighbour = neighbours[(first + i) % neighbours.length] as ReferencePeer;
    const seq = ring.newestOnlyIn(held, neighbour.settled, newest);
    if (seq < 0) continue;
    if (to && seq === newest && !(order === 'byStrength' && neighbour.bytesPerSecond > to.bytesPerSecond)) continue;
    to = neighbour;
    newest = seq;
  }
  return to && { seq: newest, to };
}

/** One who lacks a piece, and passes on what it gets. */
export function chooseForwarder(
  seq: number,
  from: ReferencePeer,
  ring: PieceRing,
  order: Order,
  random: Random,
): ReferencePeer | undefined {
  const { neighbours } = from;
  if (neighbours.length === 0) return undefined;
  const first = random.below(neighbours.length);
  let to: ReferencePeer | undefined;
  for (let i = 0; i < neighbours.length; i += 1) {
    const neighbour = neighbours[(first + i) % neighbours.length] as ReferencePeer;
    if (neighbour.bytesPerSecond === 0 || ring.has(neighbour.settled, seq)) continue;
    if (order === 'plain') return neighbour;
    if (!to || neighbour.bytesPerSecond > to.bytesPerSecond) to = neighbour;
  }
  return to;
}
