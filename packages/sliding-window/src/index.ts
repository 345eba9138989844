export { ringIndex, seqAtIndex } from './ring.js';
export { SeqSet } from './seq-set.js';
