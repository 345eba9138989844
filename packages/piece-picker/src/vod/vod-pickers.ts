import { vodBitos } from './vod-bitos.js';
import { vodDeadline } from './vod-deadline.js';
import { vodGiveToGet2008 } from './vod-give-to-get-2008.js';
import { vodInOrder } from './vod-in-order.js';
import type { VodPicker } from './vod-picker.js';
import { vodRandom } from './vod-random.js';
import { vodRarestFirst } from './vod-rarest-first.js';

/** Every strategy for on-demand pieces by the name that command lines and scenarios know it by. */
export const vodPickers: Readonly<Record<string, VodPicker>> = {
  default: vodDeadline,
  'in-order': vodInOrder,
  'rarest-first': vodRarestFirst,
  random: vodRandom,
  bitos: vodBitos,
  'give-to-get-2008': vodGiveToGet2008,
};
