import { askInOrder } from './asking.js';
import type { MissingPiece, PiecePicker, WantView } from './picker.js';
import { byRarity, rarestOf } from './rarity.js';
import { offerAsPulled } from './serving.js';

/**
 * BiToS (Vlavianos, Iliofotou, Faloutsos: BiToS: Enhancing BitTorrent for supporting streaming applications, Global
 * Internet 2006): a high-priority set of fixed size holds the pieces that are played next and not here yet; with
 * probability p a piece of that set is chosen, else one of the rest, in both the rarest first, which did best of the
 * paper's three variants. A piece that came, or whose time has passed, leaves the set, and the next one enters it.
 *
 * Its own: the two sets, and chance between them. The paper leaves p and the set's size to who uses it; both values below
 * are guesses: p = 0.8, and a set of 16 pieces, so that also of a lag of a few seconds something is left for the rest.
 * Adapted: the sender applies it for each receiver (`serving.ts`), so the set is made of pieces that the receiver lacks
 * and the sender has: it isn't told what the receiver's reader has passed. A receiver asks when all do (`asking.ts`).
 */
export const bitos: PiecePicker = {
  offer: (view) =>
    offerAsPulled(view, (lacking) => {
      const high = lacking.slice(0, HIGH_PIECES);
      const rest = lacking.slice(HIGH_PIECES);
      return rarestOf(rest.length === 0 || picksHigh(view.random) ? high : rest, view);
    }),
  want: (view) => askInOrder(view, mixed(view)),
};

function mixed(view: WantView): MissingPiece[] {
  const high = byRarity(view.missing.slice(0, HIGH_PIECES), view);
  const rest = byRarity(view.missing.slice(HIGH_PIECES), view);
  const order: MissingPiece[] = [];
  while (high.length > 0 && rest.length > 0) {
    order.push((picksHigh(view.random) ? high : rest).shift() as MissingPiece);
  }
  return [...order, ...high, ...rest];
}

function picksHigh(random: (below: number) => number): boolean {
  return random(10) < HIGH_OF_TEN;
}

/** p, in tenths. */
const HIGH_OF_TEN = 8;
const HIGH_PIECES = 16;
