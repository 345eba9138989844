import { askInOrder, hasWaited } from './asking.js';
import type { MissingPiece, Offer, OfferView, PiecePicker, WantView } from './picker.js';
import { rarestOf } from './rarity.js';
import { lacks, newestLacking, strongestLacking, takesOffers } from './serving.js';
import { heldByHalf } from './vote.js';

/**
 * Deadline-aware: what is new spreads, what is late is brought in by earliest deadline first. That a peer should serve both
 * ends of the buffer, the new one rarest first and then the urgent one greedily, is the mixed strategy of Zhou, Chiu and Lui
 * (A simple model for analyzing P2P streaming protocols, ICNP 2007); earliest deadline first is Liu and Layland's
 * (Scheduling algorithms for multiprogramming in a hard-real-time environment, JACM 1973). The urgent end alone first
 * collapses when uploads are scarce: everything is sent, and all of it just too late.
 *
 * Its own: urgency. New is what fewer than half of the neighbours hold; what at least half of them hold and somebody lacks
 * is late, as all play at about the same lag, and goes oldest first, up to {@link LATE_PIECES} back. Asked for first, and
 * without the wait of the others, is what is due within {@link URGENT_PIECES} pieces' time; last, what is due before it
 * could be here, which a reader may still be waiting for. Both values are guesses.
 * Adapted: a sender isn't told when its neighbours play, so it goes by how far they are; a piece goes to the strongest.
 */
export const deadline: PiecePicker = {
  offer(view) {
    const reachedSeq = heldByHalf(view.neighbours, view.fromSeq, view.edgeSeq);
    return offerNew(view, reachedSeq) ?? offerLate(view, reachedSeq) ?? offerNewest(view);
  },
  want: (view) => askInOrder(view, soonestFirst(view), isDue),
};

function offerNew(view: OfferView, reachedSeq: number): Offer | undefined {
  const { offerable, edgeSeq } = view;
  const fromSeq = Math.max(view.fromSeq, reachedSeq + 1, edgeSeq - LATE_PIECES + 1);
  const lacked: number[] = [];
  for (let seq = offerable.nextFrom(fromSeq); seq >= 0 && seq <= edgeSeq; seq = offerable.nextFrom(seq + 1)) {
    if (view.neighbours.some((neighbour) => lacks(neighbour, seq))) lacked.push(seq);
  }
  return lacked.length === 0 ? undefined : toStrongest(view, rarestOf(lacked, view));
}

function offerLate(view: OfferView, reachedSeq: number): Offer | undefined {
  const { offerable } = view;
  const fromSeq = Math.max(view.fromSeq, reachedSeq - LATE_PIECES + 1);
  for (let seq = offerable.nextFrom(fromSeq); seq >= 0 && seq <= reachedSeq; seq = offerable.nextFrom(seq + 1)) {
    const offer = toStrongest(view, seq);
    if (offer) return offer;
  }
  return undefined;
}

/** For whoever is further behind: a seed that has just come. */
function offerNewest(view: OfferView): Offer | undefined {
  const able = view.neighbours.filter(takesOffers);
  const seq = able.reduce((newest, neighbour) => Math.max(newest, newestLacking(view, neighbour)), -1);
  return seq < 0 ? undefined : toStrongest(view, seq);
}

function toStrongest(view: OfferView, seq: number): Offer | undefined {
  const neighbour = strongestLacking(view, seq);
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
