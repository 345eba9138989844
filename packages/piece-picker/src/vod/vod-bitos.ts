import { mostUrgent, rarestCandidate } from './candidates.js';
import type { VodPicker, VodView } from './vod-picker.js';

/**
 * BiToS (Vlavianos, Iliofotou, Faloutsos: BiToS: Enhancing BitTorrent for supporting streaming applications, Global Internet 2006): a
 * high-priority set of fixed size holds the pieces that are played next and not here yet; with probability p a piece of that set is chosen,
 * else one of the rest, in both the rarest first, which did best of the paper's three variants. A piece that came leaves the set, and the
 * next one enters it.
 *
 * The paper leaves p and the set's size to who uses it: p = 0.8 and 16 pieces here, both guesses. Of what is asked of somebody already it
 * isn't told, so that the set is made of pieces that nobody was asked for. Where one set has nothing that the neighbour holds, the other
 * one is turned to.
 */
export const vodBitos: VodPicker = {
  choose(view, neighbour) {
    const from = mostUrgent(view.readers)?.fromPiece ?? 0;
    const split = endOfHigh(view, from);
    const high = () => rarestCandidate(view, neighbour, from, split);
    const rest = () => rarestCandidate(view, neighbour, split, view.pieces);
    const [first, second] = view.random(10) < HIGH_OF_TEN ? [high, rest] : [rest, high];
    const piece = first();
    if (piece >= 0) return piece;
    const other = second();
    return other >= 0 ? other : rarestCandidate(view, neighbour, 0, from);
  },
};

/** Behind the last piece of the set. */
function endOfHigh({ open, pieces }: VodView, from: number): number {
  let end = from;
  for (let count = 0; count < HIGH_PIECES; count++) {
    const piece = open.indexOf(1, end);
    if (piece === -1) return pieces;
    end = piece + 1;
  }
  return end;
}

/** p, in tenths. */
const HIGH_OF_TEN = 8;
const HIGH_PIECES = 16;
