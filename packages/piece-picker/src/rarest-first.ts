import { askInOrder } from './asking.js';
import type { PiecePicker } from './picker.js';
import { byRarity, rarestOf } from './rarity.js';
import { offerAsPulled } from './serving.js';

/**
 * BitTorrent's own: the piece that fewest neighbours hold, of several one by chance (Cohen, Incentives build robustness in
 * BitTorrent, P2PEcon 2003; Legout et al., Rarest first and choke algorithms are enough, IMC 2006). It keeps every
 * neighbour worth talking to, and knows nothing of time.
 *
 * Its own: rarity over the whole window, by what neighbours said they hold. No parameters.
 * Adapted: the sender applies it for each receiver (`serving.ts`), so it counts among the sender's neighbours, not the
 * receiver's; a receiver asks when all do (`asking.ts`), the rarest first. The first piece at random and the end game
 * are for files, and left out.
 */
export const rarestFirst: PiecePicker = {
  offer: (view) => offerAsPulled(view, (lacking) => rarestOf(lacking, view)),
  want: (view) => askInOrder(view, byRarity(view.missing, view)),
};
