/** All that an on-demand peer knows. Handlers change it; `vod-settle.ts` then draws the consequences. */
import type { VodView } from '@tstream/piece-picker';
import type { ConnectionId } from '../inputs.js';
import { createRate, type Rate } from '../rate.js';
import { createWitnesses, type Witnesses } from '../standing.js';
import { createBucket, type TokenBucket } from '../token-bucket.js';
import { createLayout, type Layout } from './layout.js';
import type { Reader } from './readers.js';
import type { Started } from './started.js';
import { createSuperSeeding, type SuperSeeding } from './super-seeding.js';
import type { VodConfig } from './vod-config.js';
import type { ReaderId } from './vod-inputs.js';
import type { VodNeighbour } from './vod-neighbours.js';
import type { VodOutput } from './vod-outputs.js';

export interface VodState {
  readonly config: VodConfig;
  readonly layout: Layout;
  nowMs: number;
  outputs: VodOutput[];
  readonly neighbours: Map<ConnectionId, VodNeighbour>;
  /** Closed or gone, and not yet cleaned up after. */
  readonly departed: VodNeighbour[];
  /** By piece. */
  readonly held: Uint8Array;
  wanted: Uint8Array;
  /** Wanted, not held, not under way. */
  readonly open: Uint8Array;
  readonly availability: Uint16Array;
  /** What somebody holds who holds nothing, and all: shared by all of them, never written. */
  readonly nothing: Uint8Array;
  readonly everything: Uint8Array;
  heldPieces: number;
  /** Wanted and not held. */
  missingPieces: number;
  /** Pieces that are under way. */
  readonly started: Map<number, Started>;
  startedBytes: number;
  /** A piece could not be opened, as too many are. */
  lacksRoom: boolean;
  /** Pieces that were bad once: they come from one neighbour alone. */
  readonly doubtful: Set<number>;
  readonly readers: Map<ReaderId, Reader>;
  readonly view: { -readonly [K in keyof VodView]: VodView[K] } & { readers: Reader[] };
  /** Those who may have room for requests. */
  hungry: VodNeighbour[];
  /** Something changed that may give everybody something to do. */
  wakesAll: boolean;
  /** A reader went elsewhere. */
  seeked: boolean;
  /** The next requests are for a reader that waits at a new place. */
  sharesOut: boolean;
  /** So much more may be asked of a second neighbour because it is late. */
  hasteBytes: number;
  /** Those who are sent blocks in turn. */
  serving: VodNeighbour[];
  readonly upload: TokenBucket;
  readonly download: TokenBucket;
  readonly received: Rate;
  readonly sent: Rate;
  /** What came since the last tick, and when that was. */
  tickBytes: number;
  tickedMs: number;
  wastedBytes: number;
  readonly choking: Choking;
  /** Undefined where all that is held is shown to everybody. */
  superSeeding: SuperSeeding | undefined;
  readonly witnesses: Witnesses<VodNeighbour>;
  /** Neighbours that take WITNESS. */
  witnessing: number;
  readonly timers: VodTimers;
}

/** Whom we serve. */
export interface Choking {
  unchoked: number;
  /** It is served whatever it gives. */
  optimistic: VodNeighbour | undefined;
  /** When the optimistic one was drawn. */
  drawnMs: number;
  lastMs: number;
}

/** When each duty is next due, milliseconds; Infinity when idle. */
interface VodTimers {
  /** What happens each second. */
  tick: number;
  choke: number;
  urgent: number;
  witness: number;
  /** The limits let something through. */
  upload: number;
  download: number;
}

export function createVodState(config: VodConfig, nowMs: number): VodState {
  const layout = createLayout(config.lengthBytes, config.pieceBytes);
  const { pieces, pieceBytes } = layout;
  const { held, wanted = new Uint8Array(pieces).fill(1) } = config;
  expectPieces('held', held, pieces);
  expectPieces('wanted', wanted, pieces);
  const open = new Uint8Array(pieces);
  const availability = new Uint16Array(pieces);
  const { random } = config;
  return {
    config,
    layout,
    nowMs,
    outputs: [],
    neighbours: new Map(),
    departed: [],
    held,
    wanted,
    open,
    availability,
    nothing: new Uint8Array(pieces),
    everything: new Uint8Array(pieces).fill(1),
    heldPieces: held.reduce((sum, one) => sum + one, 0),
    missingPieces: 0,
    started: new Map(),
    startedBytes: 0,
    lacksRoom: false,
    doubtful: new Set(),
    readers: new Map(),
    view: {
      pieces,
      pieceBytes,
      open,
      openPieces: 0,
      availability,
      heldPieces: 0,
      readers: [],
      bytesPerSecond: 0,
      random,
    },
    hungry: [],
    wakesAll: false,
    seeked: false,
    sharesOut: false,
    hasteBytes: HASTE_BYTES_FIRST,
    serving: [],
    upload: createBucket(config.uploadBytesPerSecond, nowMs),
    download: createBucket(config.downloadBytesPerSecond, nowMs),
    received: createRate(),
    sent: createRate(),
    tickBytes: 0,
    tickedMs: nowMs,
    wastedBytes: 0,
    choking: { unchoked: 0, optimistic: undefined, drawnMs: -Infinity, lastMs: -Infinity },
    superSeeding: config.superSeeding && !held.includes(0) ? createSuperSeeding(pieces) : undefined,
    witnesses: createWitnesses(),
    witnessing: 0,
    timers: { ...NO_TIMERS },
  };
}

/** Four blocks, for who begins or jumps before anything came. */
const HASTE_BYTES_FIRST = 65_536;

/** @throws {RangeError} If there aren't as many as there are pieces, or one isn't 0 or 1: the caller's mistake. */
export function expectPieces(name: string, bits: Uint8Array, pieces: number): void {
  if (bits.length !== pieces) throw new RangeError(`expected ${name} of ${pieces} pieces, got ${bits.length}`);
  const wrong = bits.find((bit) => bit > 1);
  if (wrong !== undefined) throw new RangeError(`expected ${name} as 0 and 1, got ${wrong}`);
}

const NO_TIMERS = {
  tick: Infinity,
  choke: Infinity,
  urgent: Infinity,
  witness: Infinity,
  upload: Infinity,
  download: Infinity,
};
