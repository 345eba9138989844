export { type Choker, FACTS_MS, type NeighbourFacts } from './choker.js';
export { reciprocal } from './reciprocal.js';
