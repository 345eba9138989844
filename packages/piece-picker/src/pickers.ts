import { bitos } from './bitos.js';
import { deadline } from './deadline.js';
import { giveToGet2008 } from './give-to-get-2008.js';
import { inOrder } from './in-order.js';
import { newestFirst } from './newest-first.js';
import type { PiecePicker } from './picker.js';
import { random } from './random.js';
import { rarestFirst } from './rarest-first.js';
import { swarmplayerLive } from './swarmplayer-live.js';

/** Every strategy by the name that command lines and scenarios know it by. */
export const pickers: Readonly<Record<string, PiecePicker>> = {
  default: newestFirst,
  'in-order': inOrder,
  'rarest-first': rarestFirst,
  random,
  bitos,
  'give-to-get-2008': giveToGet2008,
  'swarmplayer-live': swarmplayerLive,
  deadline,
};
