import type { Choker } from './choker.js';
import { giveToGet2008 } from './give-to-get-2008.js';
import { reciprocal } from './reciprocal.js';
import { roundRobin } from './round-robin.js';
import { titForTat } from './tit-for-tat.js';
import { witness } from './witness.js';

/** Every choker by the name that command lines and scenarios know it by. */
export const chokers: Readonly<Record<string, Choker>> = {
  default: reciprocal,
  'round-robin': roundRobin,
  'tit-for-tat': titForTat,
  'give-to-get-2008': giveToGet2008,
  witness,
};
