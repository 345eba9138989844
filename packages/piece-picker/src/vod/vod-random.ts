import { anyCandidate } from './candidates.js';
import type { VodPicker } from './vod-picker.js';

/** Any piece, each as likely as the others: what a strategy has to beat to be one. No parameters. */
export const vodRandom: VodPicker = {
  choose: (view, neighbour) => anyCandidate(view, neighbour, 0, view.pieces),
};
