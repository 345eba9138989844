import { askInOrder, hasWaited } from './asking.js';
import type { MissingPiece, NeighbourView, Offer, OfferView, PiecePicker, WantView } from './picker.js';
import { newestLacking, strongestLacking, takesOffers } from './serving.js';
import { heldByHalf } from './vote.js';

/**
 * Deadline-aware: what is due soonest goes first, while it can still come in time; what isn't urgent spreads newest first.
 * Earliest deadline first is Liu and Layland's (Scheduling algorithms for multiprogramming in a hard-real-time environment,
 * JACM 1973); that a peer should serve both ends of the buffer, the urgent and the new, is the mixed strategy of Zhou, Chiu
 * and Lui (ICNP 2007), who serve the new end first.
 *
 * Its own: urgency. Asked for first, and without the wait of the others, is what is due within {@link URGENT_PIECES} pieces'
 * time; last, what is due before it could be here, which a reader may still be waiting for. Offered first, oldest first, is what at least half of the neighbours
 * hold and somebody lacks, up to {@link LATE_PIECES} back: that one is behind the others, who play at about the same lag.
 * Both values are guesses.
 * Adapted: a sender isn't told when its neighbours play, so it goes by how far they are; a piece goes to the strongest.
 */
export const deadline: PiecePicker = {
  offer: (view) => offerLate(view) ?? offerNewest(view),
  want: (view) => askInOrder(view, soonestFirst(view), isDue),
};

function offerLate(view: OfferView): Offer | undefined {
  const reachedSeq = heldByHalf(view.neighbours, view.fromSeq, view.edgeSeq);
  const fromSeq = Math.max(view.fromSeq, reachedSeq - LATE_PIECES + 1);
  for (let seq = view.offerable.nextFrom(fromSeq); seq >= 0 && seq <= reachedSeq; ) {
    const neighbour = strongestLacking(view, seq);
    if (neighbour) return { neighbour, seq };
    seq = view.offerable.nextFrom(seq + 1);
  }
  return undefined;
}

function offerNewest(view: OfferView): Offer | undefined {
  const newest = (most: number, neighbour: NeighbourView) =>
    takesOffers(neighbour) ? Math.max(most, newestLacking(view, neighbour)) : most;
  const seq = view.neighbours.reduce(newest, -1);
  const neighbour = seq < 0 ? undefined : strongestLacking(view, seq);
  return neighbour && { neighbour, seq };
}

function soonestFirst(view: WantView): MissingPiece[] {
  const bySlack = [...view.missing].sort((a, b) => (a.dueInMs === b.dueInMs ? a.seq - b.seq : a.dueInMs - b.dueInMs));
  const isLate = (piece: MissingPiece) => piece.dueInMs < view.pieceMs;
  return [...bySlack.filter((piece) => !isLate(piece)), ...bySlack.filter(isLate)];
}

function isDue(piece: MissingPiece, view: WantView): boolean {
  const isUrgent = piece.dueInMs >= view.pieceMs && piece.dueInMs < URGENT_PIECES * view.pieceMs;
  return (isUrgent && piece.waitedMs >= view.pieceMs) || hasWaited(piece, view);
}

const URGENT_PIECES = 8;
/** About five seconds of video: past most lags. */
const LATE_PIECES = 32;
