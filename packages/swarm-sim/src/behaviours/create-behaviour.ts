import { createPeer, type Peer, type PeerConfig } from '@tstream/peer-core';
import type { Behaviour } from '../scenario.js';
import { createCoalitionMember } from './coalition.js';
import type { Crew } from './crew.js';
import { createEdgeLiar } from './edge-liar.js';
import { createFreeRider } from './free-rider.js';
import { createHaveLiar } from './have-liar.js';
import { createPolluter } from './polluter.js';
import { createReplayer } from './replayer.js';
import { createStaller } from './staller.js';
import { createForwardLiar } from './vouching.js';

/** What a behaviour knows of the world beside what its peer is told. */
export interface Surroundings {
  /** Monotonic time at which it begins, milliseconds. */
  readonly nowMs: number;
  /** Those it works together with: the same object for all of them. */
  readonly crew: Crew;
}

/**
 * Makes a peer that behaves as named. All chance is drawn from `config.random`; driven like any peer, it does the same at the same calls.
 * @param behaviour - `slow` is honest too: a slow line is the line's matter.
 */
export function createBehaviour(behaviour: Behaviour, config: PeerConfig, surroundings: Surroundings): Peer {
  return BEHAVIOURS[behaviour](config, surroundings.nowMs, surroundings.crew);
}

const BEHAVIOURS: Readonly<Record<Behaviour, (config: PeerConfig, nowMs: number, crew: Crew) => Peer>> = {
  honest: createPeer,
  slow: createPeer,
  'free-rider': createFreeRider,
  'have-liar': createHaveLiar,
  'forward-liar': createForwardLiar,
  coalition: createCoalitionMember,
  // What makes Sybils of them is that all are at one line.
  sybil: createForwardLiar,
  polluter: createPolluter,
  replayer: createReplayer,
  'edge-liar': createEdgeLiar,
  staller: createStaller,
};
