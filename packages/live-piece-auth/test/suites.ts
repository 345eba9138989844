import { nobleSuite } from '../src/index.js';
import { nodeSuite } from '../src/node.js';

/** What must hold of one suite must hold of both. */
export const suites = [
  { name: 'noble', suite: nobleSuite },
  { name: 'node', suite: nodeSuite },
];

export const INFO_DIGEST = new Uint8Array(32).fill(0xd1);
export const RUN_SECRET_KEY = new Uint8Array(32).fill(0x52);
export const STREAM_SECRET_KEY = new Uint8Array(32).fill(0x57);
