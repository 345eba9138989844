import { createPeer, type Peer, type PeerConfig } from '@tstream/peer-core';
import { createCoalitionMember } from './coalition.js';
import type { Crew } from './crew.js';
import { createEdgeLiar } from './edge-liar.js';
import { createFreeRider } from './free-rider.js';
import { createHaveLiar } from './have-liar.js';
import { createPolluter } from './polluter.js';
import { createReplayer } from './replayer.js';
import { createStaller } from './staller.js';

/** What a behaviour knows of the world beside what its peer is told. */
export interface Surroundings {
  /** Monotonic time at which it begins, milliseconds. */
  readonly nowMs: number;
  /** Those it works together with: the same object for all of them. */
  readonly crew: Crew;
}

/** How a simulated peer behaves. */
export type BehaviourName =
  | 'honest'
  | 'slow'
  | 'free-rider'
  | 'have-liar'
  | 'forward-liar'
  | 'coalition'
  | 'sybil'
  | 'polluter'
  | 'replayer'
  | 'edge-liar'
  | 'staller';

/**
 * Makes a peer that behaves as named. All chance is drawn from `config.random`; driven like any peer, it does the same at the same calls.
 * @param name - `slow` is honest too: a slow line is the line's matter.
 */
export function createBehaviour(name: BehaviourName, config: PeerConfig, surroundings: Surroundings): Peer {
  return BEHAVIOURS[name](config, surroundings.nowMs, surroundings.crew);
}

const BEHAVIOURS: Readonly<Record<BehaviourName, (config: PeerConfig, nowMs: number, crew: Crew) => Peer>> = {
  honest: createPeer,
  slow: createPeer,
  'free-rider': createFreeRider,
  'have-liar': createHaveLiar,
  'forward-liar': createFreeRider,
  coalition: createCoalitionMember,
  sybil: createFreeRider,
  polluter: createPolluter,
  replayer: createReplayer,
  'edge-liar': createEdgeLiar,
  staller: createStaller,
};
