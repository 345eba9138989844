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
 * for, nor those whose piece is still on its way here, as far as our line soon carries them. A weak line takes long for a piece, and ours
 * would stand idle: of 60 viewers, half of them on weak lines, the strong ones sent a quarter of what they could for their first four seconds.
 */
export function openOffers(state: State): number {
  const pieceLineMs = state.config.pieceBytes / state.uplink.line.bytesPerMs;
  let open = state.openOffers;
  let awaitedMs = 0;
  for (const { to, blocks, run, proof } of state.queue) {
    if (blocks.length === 0 || isHeldUp(state, to)) {
      open--;
    } else if (!run.held.has(proof.header.seq)) {
      awaitedMs += pieceLineMs;
      if (awaitedMs <= AWAITED_PIECES * run.pieceMs) open--;
    }
  }
  return open;
}

/** Longer than this nothing that was accepted waits behind newer pieces. Of 1, 2 and 3 the one that loses least in `mixed-60` and `rescue-60`. */
const AWAITED_PIECES = 3;
const FIRST_SHARE_PIECES = 2;
