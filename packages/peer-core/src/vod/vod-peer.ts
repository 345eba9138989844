/** The on-demand peer: inputs in, outputs out, and nothing else. */
import { expectTime } from '../time.js';
import { limitBucket } from '../token-bucket.js';
import { isPiece } from './layout.js';
import { introduce, learnAll, onWanted, openWanted, unhold } from './possession.js';
import { onReader, onReaderGone, retreatReaders } from './readers.js';
import { abandon } from './requests.js';
import { dropUnsent, onSent } from './serving.js';
import { onVerified } from './verdicts.js';
import type { VodConfig } from './vod-config.js';
import { type VodFigures, vodFigures } from './vod-figures.js';
import type { VodInput } from './vod-inputs.js';
import { onVodMessage } from './vod-messages.js';
import { createVodNeighbour, removeVodNeighbour, type VodNeighbour } from './vod-neighbours.js';
import type { VodOutput } from './vod-outputs.js';
import { settleVod } from './vod-settle.js';
import { createVodState, type VodState } from './vod-state.js';
import { expectTurn } from './vod-witnesses.js';
import { onFetchFailed } from './web-seeds.js';

/**
 * A peer of an ordinary BitTorrent torrent as a pure state machine, with readers that it hurries for. The calling contract is that of a
 * live peer: `handle` what happened, then `poll` and carry out all that comes, then sleep until something happens or `nextDeadlineMs`
 * has come. Several inputs may be handled before one poll. The same calls at the same times give the same outputs, always.
 */
export interface VodPeer {
  /**
   * Takes in one fact.
   * @param nowMs - Monotonic time, integer milliseconds, never decreasing.
   * @throws {RangeError} If `nowMs` isn't a safe integer, or runs backwards; if a reader or a list of pieces doesn't fit the torrent, a peer id
   *   hasn't 20 bytes, or a limit is not above 0: the caller's mistake.
   */
  handle(input: VodInput, nowMs: number): void;
  /** What there is to do since the last poll, in order. */
  poll(): readonly VodOutput[];
  /** Call `handle({ type: 'time' }, …)` then at the latest; Infinity when idle. */
  readonly nextDeadlineMs: number;
  /** A snapshot for people and scripts. */
  figures(nowMs: number): VodFigures;
}

/**
 * Makes a peer that knows nobody.
 * @throws {RangeError} If what it is made from doesn't fit together: the caller's mistake.
 */
export function createVodPeer(config: VodConfig, nowMs: number): VodPeer {
  expectTime(nowMs, 0);
  const state = createVodState(config, nowMs);
  openWanted(state);
  return new CoreVodPeer(state);
}

/** A class for the same reason as the live peer's. */
class CoreVodPeer implements VodPeer {
  readonly #state: VodState;
  #settled = true;

  constructor(state: VodState) {
    this.#state = state;
  }

  handle(input: VodInput, nowMs: number): void {
    expectTime(nowMs, this.#state.nowMs);
    this.#state.nowMs = nowMs;
    dispatch(this.#state, input);
    this.#settled = false;
  }

  poll(): readonly VodOutput[] {
    const state = this.#state;
    if (!this.#settled) {
      settleVod(state);
      this.#settled = true;
    }
    const { outputs } = state;
    if (outputs.length === 0) return NOTHING;
    state.outputs = [];
    return outputs;
  }

  get nextDeadlineMs(): number {
    if (!this.#settled) return this.#state.nowMs;
    const { tick, choke, urgent, witness, upload, download } = this.#state.timers;
    return Math.min(tick, choke, urgent, witness, upload, download);
  }

  figures(nowMs: number): VodFigures {
    expectTime(nowMs, this.#state.nowMs);
    return vodFigures(this.#state, nowMs);
  }
}

function dispatch(state: VodState, input: VodInput): void {
  switch (input.type) {
    case 'joined':
    case 'webSeed':
      return onJoined(state, input);
    case 'message':
      return onVodMessage(state, input.connection, input.message);
    case 'verified':
      return onVerified(state, input.index, input.ok);
    case 'lost':
      return onLost(state, input.index);
    case 'wanted':
      onWanted(state, input.wanted);
      return dropUnwanted(state);
    case 'reader':
      return onReader(state, input);
    case 'readerGone':
      return onReaderGone(state, input.reader);
    case 'limits':
      limitBucket(state.upload, input.uploadBytesPerSecond, state.nowMs);
      return limitBucket(state.download, input.downloadBytesPerSecond, state.nowMs);
    case 'time':
      return;
    default: {
      const neighbour = state.neighbours.get(input.connection);
      if (neighbour) onNeighbourInput(state, neighbour, input);
    }
  }
}

type NeighbourInput = Extract<VodInput, { type: 'extended' | 'fetchFailed' | 'left' | 'sent' }>;

function onNeighbourInput(state: VodState, neighbour: VodNeighbour, input: NeighbourInput): void {
  switch (input.type) {
    case 'extended':
      state.witnessing += Number(input.witnesses) - Number(neighbour.witnesses);
      neighbour.witnesses = input.witnesses;
      if (state.witnessing > 0) expectTurn(state);
      neighbour.asking.max = Math.max(1, Math.min(REQUESTS_OUT_MAX, input.requestsMax ?? neighbour.asking.max));
      return;
    case 'fetchFailed':
      return onFetchFailed(state, neighbour);
    case 'left':
      return void removeVodNeighbour(state, neighbour);
    case 'sent':
      return onSent(state, neighbour, input.blockBytes);
  }
}

function onJoined(state: VodState, input: Extract<VodInput, { type: 'joined' | 'webSeed' }>): void {
  const isPeer = input.type === 'joined';
  const facts = {
    kind: isPeer ? ('peer' as const) : ('webSeed' as const),
    fast: isPeer && input.fast,
    group: isPeer ? input.group : undefined,
    incoming: isPeer && (input.incoming ?? false),
  };
  const peerId = isPeer ? input.peerId : NO_PEER_ID;
  const neighbour = createVodNeighbour(state, input.connection, peerId, facts);
  if (state.neighbours.size === 0) startTimers(state);
  state.neighbours.set(input.connection, neighbour);
  if (state.witnessing > 0) expectTurn(state);
  if (isPeer) return introduce(state, neighbour);
  neighbour.choking = false;
  neighbour.greeted = true;
  learnAll(state, neighbour, state.everything);
}

function startTimers(state: VodState): void {
  state.tickedMs = state.nowMs;
  state.timers.tick = state.nowMs + TICK_MS;
  state.timers.choke = state.nowMs + CHOKE_MS;
  if (state.view.readers.length > 0) state.timers.urgent = state.nowMs;
}

function onLost(state: VodState, index: number): void {
  if (!isPiece(state.layout, index) || state.held[index] !== 1) return;
  unhold(state, index);
  dropUnsent(state, index);
  retreatReaders(state);
}

/** What isn't wanted any more is given up. */
function dropUnwanted(state: VodState): void {
  for (const piece of state.started.values()) {
    if (state.wanted[piece.index] !== 1 && !piece.verifying && !piece.fetchedBy) abandon(state, piece);
  }
}

const NOTHING: readonly VodOutput[] = [];
const NO_PEER_ID = new Uint8Array(20);
const TICK_MS = 1000;
/** The first round: whoever comes in the first seconds is unchoked as long as slots are free. */
const CHOKE_MS = 10_000;
/** 8 MiB, whatever a neighbour says that it queues. */
const REQUESTS_OUT_MAX = 512;
