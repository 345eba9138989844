import type { Connections } from './connections.js';
import type { HashPool } from './vod/hash-pool.js';

/** What a node gives its swarms. */
export interface SwarmSurroundings {
  readonly connections: Connections;
  readonly hashing: HashPool;
  readonly port: number;
  /** Name and version of the program, 1–64 printable characters. */
  readonly client: string;
  readonly onClosed: () => void;
  /** The node ends: what is being opened is in vain. */
  readonly closing: AbortSignal;
}
