import { askInOrder } from './asking.js';
import type { MissingPiece, NeighbourView, OfferView, PiecePicker, WantView } from './picker.js';
import { byRarity, rarestOf } from './rarity.js';
import { offerAsPulled } from './serving.js';

/**
 * The picker of Give-to-Get (Mol, Pouwelse, Meulpolder, Epema, Sips: Give-to-Get: free-riding resilient video-on-demand in
 * P2P systems, MMCN 2008). From the playback point on, pieces are in three sets, and a set is turned to when nothing can
 * be had of those before it: high priority, in order while playing and the rarest first before; mid priority, four times
 * as long, the rarest first; low priority, all others, the rarest first.
 *
 * Its own: the sets, with the published parameters: high is ten seconds, five pieces at least; mid is {@link MID} × high.
 * Adapted: the sender applies it for each receiver (`serving.ts`). It isn't told the receiver's playback point, so the
 * first piece that the receiver lacks stands for it; playing is who has had the whole of a high set since its start;
 * ten seconds are counted in pieces of 150 ms, the length by design. A receiver, which knows when each piece is due, asks
 * when all do (`asking.ts`). It is a picker for video on demand: of a live stream little or nothing lies beyond
 * ten seconds ahead, and what remains is nearly in order. That is why SwarmPlayer had another one for live streams.
 */
export const giveToGet2008: PiecePicker = {
  offer: (view) => offerAsPulled(view, (lacking, neighbour) => chosen(view, neighbour, lacking)),
  want: (view) => askInOrder(view, inSets(view)),
};

function chosen(view: OfferView, neighbour: NeighbourView, lacking: readonly number[]): number {
  const fromSeq = Math.max(view.fromSeq, neighbour.startSeq);
  const pointSeq = neighbour.known.contiguousFrom(fromSeq);
  const high = lacking.filter((seq) => seq < pointSeq + HIGH_PIECES);
  const isPlaying = neighbour.startSeq < view.fromSeq || pointSeq >= neighbour.startSeq + HIGH_PIECES;
  if (high.length > 0) return isPlaying ? (high[0] as number) : rarestOf(high, view);
  const mid = lacking.filter((seq) => seq < pointSeq + (1 + MID) * HIGH_PIECES);
  return rarestOf(mid.length > 0 ? mid : lacking, view);
}

function inSets(view: WantView): MissingPiece[] {
  const highMs = Math.max(HIGH_MS, HIGH_PIECES_MIN * view.pieceMs);
  const high = view.missing.filter(({ dueInMs }) => dueInMs < highMs);
  const mid = view.missing.filter(({ dueInMs }) => dueInMs >= highMs && dueInMs < (1 + MID) * highMs);
  const low = view.missing.filter(({ dueInMs }) => dueInMs >= (1 + MID) * highMs);
  return [...(view.joining ? byRarity(high, view) : high), ...byRarity(mid, view), ...byRarity(low, view)];
}

/** Published: the high-priority set is ten seconds … */
const HIGH_MS = 10_000;
/** … and five pieces at least. */
const HIGH_PIECES_MIN = 5;
/** Published: so many times the high-priority set. */
const MID = 4;
/** {@link HIGH_MS} in pieces of 150 ms. */
const HIGH_PIECES = 67;
