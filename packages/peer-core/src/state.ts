/** All that a peer knows. Handlers change it; `settle.ts` then draws the consequences. */

import { type Audit, createAudit } from './audit.js';
import type { Job } from './checks.js';
import type { PeerConfig } from './config.js';
import { createDeliveryTime, type DeliveryTime } from './delivery-time.js';
import type { ConnectionId } from './inputs.js';
import type { Neighbour } from './neighbours.js';
import type { OpenOffer } from './offers.js';
import type { Output } from './outputs.js';
import { createPlayout, type Playout } from './playout.js';
import type { Run } from './runs.js';
import { createWitnesses, type Witnesses } from './standing.js';
import { createUplink, type Uplink } from './uplink.js';

export interface State {
  readonly config: PeerConfig;
  readonly bornMs: number;
  nowMs: number;
  /** Wall clock minus `nowMs`, milliseconds; undefined if nobody said. */
  wallOffsetMs: number | undefined;
  outputs: Output[];
  readonly neighbours: Map<ConnectionId, Neighbour>;
  /** Closed or gone, and not yet cleaned up after. */
  readonly departed: Neighbour[];
  /** Those who sent us pieces that they haven't heard our HAVE of. */
  readonly confirmTo: Neighbour[];
  readonly runs: Map<number, Run>;
  currentRun: number | undefined;
  lowestValidRun: number;
  /** The run that this process signs, if it is the source. */
  ownRun: number | undefined;
  /** Checks that the driver hasn't answered. */
  readonly jobs: Map<number, Job>;
  nextJob: number;
  /** Messages of some neighbour may wait for a check to end. */
  someHeldBack: boolean;
  readonly uplink: Uplink;
  readonly deliveryTime: DeliveryTime;
  /** Offers that were accepted and wait for the uplink. */
  readonly queue: OpenOffer[];
  /** Half of the neighbours answer an offer within this; measured now and then. */
  middleRttMs: number;
  /** A quarter of the neighbours are no farther away than this. */
  nearRttMs: number;
  /** Pieces that were offered on and will not come. */
  readonly lost: { readonly run: number; readonly seq: number }[];
  /** Offers made and not yet answered or sent. */
  openOffers: number;
  readonly playout: Playout;
  readonly witnesses: Witnesses;
  /** What a source watches; empty at everybody else. */
  readonly audit: Audit;
  readonly timers: Timers;
  readonly counters: Counters;
  /** Something changed that may make an offer possible. */
  mayOffer: boolean;
  /** Something happened that the reader may have waited for. */
  mayPlay: boolean;
  stale: boolean;
  superseded: boolean;
}

/** When each duty is next due, milliseconds; Infinity when idle. */
export interface Timers {
  haves: number;
  /** Open offers and accepted pieces that time out. */
  transfers: number;
  repair: number;
  playout: number;
  uplink: number;
  /** The uplink will be free for another offer. */
  offers: number;
  ranks: number;
  edge: number;
}

export interface Counters {
  piecesRejected: number;
  piecesDropped: number;
  peersBanned: number;
  bytesFromSource: number;
  bytesFromPeers: number;
}

export function createState(config: PeerConfig, nowMs: number): State {
  return {
    config,
    bornMs: nowMs,
    nowMs,
    wallOffsetMs: undefined,
    outputs: [],
    neighbours: new Map(),
    departed: [],
    confirmTo: [],
    runs: new Map(),
    currentRun: undefined,
    lowestValidRun: 1,
    ownRun: undefined,
    jobs: new Map(),
    nextJob: 1,
    someHeldBack: false,
    deliveryTime: createDeliveryTime(),
    uplink: createUplink(config.uploadBytesPerSecond, config.pieceBytes, nowMs),
    queue: [],
    middleRttMs: 0,
    nearRttMs: 0,
    lost: [],
    openOffers: 0,
    playout: createPlayout(config),
    witnesses: createWitnesses(),
    audit: createAudit(),
    timers: {
      haves: Infinity,
      transfers: Infinity,
      repair: Infinity,
      playout: Infinity,
      uplink: Infinity,
      offers: Infinity,
      ranks: nowMs + 1000,
      edge: Infinity,
    },
    counters: { piecesRejected: 0, piecesDropped: 0, peersBanned: 0, bytesFromSource: 0, bytesFromPeers: 0 },
    mayOffer: false,
    mayPlay: true,
    stale: false,
    superseded: false,
  };
}
