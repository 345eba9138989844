import { askInOrder } from './asking.js';
import type { PiecePicker } from './picker.js';
import { byRarity, rarestOf } from './rarity.js';
import { offerAsPulled } from './serving.js';
import { heldByHalf } from './vote.js';

/**
 * The live picker of SwarmPlayer (Mol, Bakker, Pouwelse, Epema, Sips: The design and deployment of a BitTorrent live video
 * streaming solution, ISM 2009): the rarest first, over the pieces from the playback point on, blind to when they are due.
 * A peer hooks in a prebuffer behind the newest piece that at least half of its neighbours hold.
 *
 * Its own: the window, the vote that places it, the rarest first within it. Parameters: a prebuffer of ten seconds, the
 * length of Give-to-Get's high-priority set: a guess, as the published one depends on the bitrate.
 * Adapted: the sender applies it for each receiver (`serving.ts`), and votes among its own neighbours, as it isn't told the
 * receiver's playback point; what lies before the window is sent too, the rarest first, when nobody lacks anything in it,
 * or a seed would never get it. A receiver asks when all do (`asking.ts`), the rarest first.
 */
export const swarmplayerLive: PiecePicker = {
  offer: (view) =>
    offerAsPulled(view, (lacking) => {
      const fromSeq = heldByHalf(view.neighbours, view.fromSeq, view.edgeSeq) - PREBUFFER_PIECES;
      const inWindow = lacking.filter((seq) => seq >= fromSeq);
      return rarestOf(inWindow.length > 0 ? inWindow : lacking, view);
    }),
  want: (view) => askInOrder(view, byRarity(view.missing, view)),
};

/** Ten seconds in pieces of 150 ms, the length by design. */
const PREBUFFER_PIECES = 67;
