/** Serving as if neighbours pulled: whose turn it is, and what of all that is here it lacks. */
import type { NeighbourView, Offer, OfferView } from './picker.js';

/**
 * The offer of a strategy that was made for pulling. There the receiver chooses a piece and the sender only serves whom
 * it has unchoked; here the sender chooses both. So one of the {@link SLOTS} best ranked neighbours that lack something
 * is drawn, and is offered what it would have asked for.
 * @param choose - Which of the pieces that the neighbour lacks, and that are here, it would ask for; ascending, one at least.
 */
export function offerAsPulled(
  view: OfferView,
  choose: (lacking: readonly number[], neighbour: NeighbourView) => number,
): Offer | undefined {
  const neighbour = drawServed(view);
  return neighbour && { neighbour, seq: choose(lackingOf(view, neighbour), neighbour) };
}

function drawServed(view: OfferView): NeighbourView | undefined {
  const able = view.neighbours.filter((neighbour) => takesOffers(neighbour) && newestLacking(view, neighbour) >= 0);
  if (able.length === 0) return undefined;
  // Equals are in the order of a circle that begins anywhere.
  const first = view.random(able.length);
  const ranked = [...able.slice(first), ...able.slice(0, first)].sort((a, b) => b.rank - a.rank);
  return ranked[view.random(Math.min(SLOTS, ranked.length))];
}

/** The strongest of those that lack a piece; of equals one by chance. */
export function strongestLacking(view: OfferView, seq: number): NeighbourView | undefined {
  const able = view.neighbours.filter((neighbour) => lacks(neighbour, seq));
  if (able.length === 0) return undefined;
  const strength = able.reduce((most, { rank }) => Math.max(most, rank), -Infinity);
  const strongest = able.filter(({ rank }) => rank === strength);
  return strongest[view.random(strongest.length)];
}

/** Whether a piece can be offered to the neighbour, if it is here and valid. */
export function lacks(neighbour: NeighbourView, seq: number): boolean {
  return takesOffers(neighbour) && neighbour.startSeq <= seq && !neighbour.known.has(seq);
}

/** The newest piece that is here and that the neighbour wants and lacks, −1 if there is none. */
export function newestLacking(view: OfferView, { known, startSeq }: NeighbourView, to = view.edgeSeq): number {
  return view.offerable.highestMissingIn(known, Math.max(view.fromSeq, startSeq), to);
}

function lackingOf(view: OfferView, neighbour: NeighbourView): number[] {
  const lacking: number[] = [];
  for (let seq = newestLacking(view, neighbour); seq >= 0; seq = newestLacking(view, neighbour, seq - 1)) {
    lacking.push(seq);
  }
  return lacking.toReversed();
}

/** Whether it answers: one that has stopped reading must not take all open offers. */
export function takesOffers(neighbour: NeighbourView): boolean {
  return neighbour.unanswered < UNANSWERED_MAX;
}

/** Who is unchoked is served at the same time as three others (BEP 3). */
const SLOTS = 4;
/** The same for the default, so that strategies differ in nothing but their own. A guess. */
const UNANSWERED_MAX = 2;
