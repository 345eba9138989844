import { askInOrder } from './asking.js';
import type { NeighbourView, Offer, OfferView, PiecePicker } from './picker.js';
import { newestLacking, strongestLacking, takesOffers } from './serving.js';

/** What only a simulator can know: how things are at this very moment, not what the last message said. */
export interface World {
  /**
   * Whether the neighbour holds the piece, is receiving it, or has accepted it from anybody.
   * @param neighbourId - `id` of a neighbour of the peer whose picker asks.
   */
  holds(neighbourId: number, seq: number): boolean;
  /** What the neighbour's line can send, bytes per second. */
  uploadOf(neighbourId: number): number;
}

/**
 * The reference: it knows what every neighbour holds and accepts, so hardly an offer of its is declined, and no policy that sends what is newest
 * first can beat it. (Where upload is so scarce that something has to be left, rarest first leaves less.) The newest
 * useful piece first, to a neighbour by chance (`plain`), or to the one with the most upload (`by-strength`), which does
 * better where uplinks differ: compare a policy that orders by rank with the latter. A source first sends what no
 * neighbour has, oldest first, as else a piece that was missed once is lost to all. One for each simulated peer.
 *
 * Source: the all-knowing sender of the delivery model that the project's targets come from. No parameters.
 * Adapted: an offer is still an offer, and takes a round trip; what didn't come is asked for as all do (`asking.ts`).
 */
export function createAllKnowing(world: World, order: 'plain' | 'by-strength' = 'plain'): PiecePicker {
  const strengthOf = ({ id }: NeighbourView) => (order === 'plain' ? 0 : world.uploadOf(id));
  return {
    offer: (view) =>
      (view.origin ? offerUnseen(view, world, strengthOf) : undefined) ?? offerNewest(view, world, strengthOf),
    want: (view) => askInOrder(view, view.missing),
  };
}

type Strength = (neighbour: NeighbourView) => number;

function offerUnseen(view: OfferView, world: World, strengthOf: Strength): Offer | undefined {
  const { neighbours, offerable, edgeSeq } = view;
  const oldest = Math.max(view.fromSeq, edgeSeq - UNSEEN_PIECES + 1);
  for (let seq = offerable.nextFrom(oldest); seq >= 0 && seq <= edgeSeq; seq = offerable.nextFrom(seq + 1)) {
    if (neighbours.some(({ id }) => world.holds(id, seq))) continue;
    const neighbour = strongestLacking(view, seq, strengthOf);
    if (neighbour) return { neighbour, seq };
  }
  return undefined;
}

function offerNewest(view: OfferView, world: World, strengthOf: Strength): Offer | undefined {
  let best = -1;
  let lackers: NeighbourView[] = [];
  for (const neighbour of view.neighbours) {
    if (!takesOffers(neighbour)) continue;
    const seq = newestUseful(view, world, neighbour, best);
    if (seq < 0) continue;
    if (seq > best) lackers = [];
    best = seq;
    lackers.push(neighbour);
  }
  const neighbour = strongestLacking({ ...view, neighbours: lackers }, best, strengthOf);
  return neighbour && { neighbour, seq: best };
}

/** The newest piece, from `fromSeq` on, that it really lacks; −1 if there is none. */
function newestUseful(view: OfferView, world: World, neighbour: NeighbourView, fromSeq: number): number {
  let seq = newestLacking(view, neighbour);
  while (seq >= Math.max(fromSeq, 0) && world.holds(neighbour.id, seq)) seq = newestLacking(view, neighbour, seq - 1);
  return seq >= fromSeq ? seq : -1;
}

/** How far back a source looks for what nobody has: as the default does. */
const UNSEEN_PIECES = 64;
