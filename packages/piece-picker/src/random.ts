import { askInOrder } from './asking.js';
import type { MissingPiece, PiecePicker, WantView } from './picker.js';
import { offerAsPulled } from './serving.js';

/**
 * Any piece, by chance: what a strategy has to beat to be one.
 *
 * Its own: each piece that the other lacks is as likely as any other. No parameters.
 * Adapted: the sender draws for each receiver (`serving.ts`); a receiver asks when all do (`asking.ts`), in an order by chance.
 */
export const random: PiecePicker = {
  offer: (view) => offerAsPulled(view, (lacking) => lacking[view.random(lacking.length)] as number),
  want: (view) => askInOrder(view, shuffled(view)),
};

function shuffled({ missing, random }: WantView): MissingPiece[] {
  const order = [...missing];
  for (let last = order.length - 1; last > 0; last--) {
    const drawn = random(last + 1);
    [order[last], order[drawn]] = [order[drawn] as MissingPiece, order[last] as MissingPiece];
  }
  return order;
}
