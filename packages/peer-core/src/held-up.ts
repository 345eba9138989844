/**
 * Neighbours that take and don't confirm. What may be unconfirmed is shared by all, so each gets two pieces' worth, and
 * more as it confirms: whoever doesn't holds up nobody but itself.
 */
import type { NeighbourView } from '@tstream/piece-picker';
import type { Neighbour } from './neighbours.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/** Whether nothing is sent to it before it confirms something, or is given up waiting for. */
export function isHeldUp(state: State, { unconfirmedBytes, confirmedBytes }: Neighbour): boolean {
  const firstShareBytes = FIRST_SHARE_PIECES * state.config.pieceBytes;
  if (unconfirmedBytes < firstShareBytes) return false;
  return unconfirmedBytes >= Math.min(firstShareBytes + confirmedBytes, state.uplink.budgetBytes / 2);
}

/** It has confirmed a piece. */
export function earnShare(state: State, neighbour: Neighbour, bytes: number): void {
  neighbour.confirmedBytes = Math.min(neighbour.confirmedBytes + bytes, state.uplink.budgetBytes);
}

/** Those of a run that something could be sent to. */
export function ready(state: State, run: Run): NeighbourView[] {
  return run.views.filter(({ neighbour }) => !isHeldUp(state, neighbour));
}

/**
 * Offers that are open and keep the next one back: not those that such a neighbour has accepted, nor those of which nothing more was asked
 * for, nor some of those whose piece is still on its way here. A weak line takes long for it, and ours would stand idle: of 60 viewers, half
 * of them on weak lines, the strong ones sent a quarter of what they could for their first four seconds.
 */
export function openOffers(state: State): number {
  let open = state.openOffers;
  let awaiting = 0;
  for (const { to, blocks, run, proof } of state.queue) {
    if (blocks.length === 0 || isHeldUp(state, to)) open--;
    else if (!run.held.has(proof.header.seq)) awaiting++;
  }
  return open - Math.min(awaiting, AWAITED_MAX);
}

/** More, and whoever accepts waits behind all the others. Of 2 to 8, and any number, the one that loses least where half are weak (mixed-60). */
const AWAITED_MAX = 8;
const FIRST_SHARE_PIECES = 2;
