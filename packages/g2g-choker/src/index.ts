export { type Choker, FACTS_MS, type NeighbourFacts } from './choker.js';
export { chokers } from './chokers.js';
export { giveToGet2008 } from './give-to-get-2008.js';
export { reciprocal } from './reciprocal.js';
export { roundRobin } from './round-robin.js';
export { titForTat } from './tit-for-tat.js';
export { witness } from './witness.js';
export { type Account, type Claim, earn, fade, openAccount, vouch } from './witness-accounts.js';
