export { type Choker, FACTS_MS, type NeighbourFacts } from './choker.js';
export { reciprocal } from './reciprocal.js';
export { witness } from './witness.js';
export { type Account, type Claim, earn, fade, openAccount, vouch } from './witness-accounts.js';
