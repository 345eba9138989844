import { askInOrder } from './asking.js';
import type { PiecePicker } from './picker.js';
import { offerAsPulled } from './serving.js';

/**
 * In order: the piece that is played next, then the one after it. What an ordinary download for viewing does, and the
 * greedy strategy of Zhou, Chiu and Lui (A simple model for analyzing P2P streaming protocols, ICNP 2007): best for the
 * one who asks, worst for the swarm, as neighbours have nothing to give to each other.
 *
 * Its own: the oldest piece first, in what is offered and in what is asked for. No parameters.
 * Adapted: the sender applies it for each receiver (`serving.ts`); a receiver asks as all do (`asking.ts`).
 */
export const inOrder: PiecePicker = {
  offer: (view) => offerAsPulled(view, ([oldest]) => oldest as number),
  want: (view) => askInOrder(view, view.missing),
};
