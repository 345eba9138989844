/** The peer: inputs in, outputs out, and nothing else. */
import type { Block, Message } from '@tstream/wire-ext';
import { onCertificate, onCertificateChecked, onOwnCertificate } from './certificates.js';
import { JOBS_MAX, takeJob } from './checks.js';
import { onComing, onHave, onStart, onWant } from './claims.js';
import { checkConfig, type PeerConfig } from './config.js';
import { onLeft } from './departures.js';
import { type Figures, figures, type PieceStrip, pieceStrip } from './figures.js';
import type { Input } from './inputs.js';
import { onJoined } from './introduce.js';
import { forgiveGap, LATE_MS } from './late-wake.js';
import { closeNeighbour, type Neighbour } from './neighbours.js';
import { onCancel, onDecline, onRequest } from './offers.js';
import type { Output } from './outputs.js';
import { onReader } from './play.js';
import { admit, onEdge, onSourceChecked, onSourceProof, refuse } from './proofs.js';
import { onBeat, onPublished } from './publish.js';
import { considerOffer, onBlockChecked, onOffer, onPiece, onPieceStarted, onWithdraw } from './receive.js';
import { settle } from './settle.js';
import { createState, type State, type Timers } from './state.js';
import { expectTime } from './time.js';
import { limitBucket } from './token-bucket.js';
import { onSent } from './transmit.js';
import { onWitness } from './witnesses.js';

/**
 * A live peer as a pure state machine. The calling contract: `handle` what happened, then `poll` and carry out all
 * that comes, then sleep until something happens or `nextDeadlineMs` has come, and `handle` again. Several inputs may
 * be handled before one poll: the consequences of all are then drawn once, which under load saves most of the work.
 * The same calls at the same times give the same outputs, always.
 */
export interface Peer {
  /**
   * Takes in one fact.
   * @param nowMs - Monotonic time, integer milliseconds, never decreasing.
   * @throws {RangeError} If `nowMs` isn't a safe integer, or runs backwards; if a peer id hasn't 20 bytes, a limit is not above 0, or a header
   *   that this process made isn't of its run or not the next one: the caller's mistakes.
   * @throws {TypeError} If a certificate or header that this process made is none, or it is no source.
   */
  handle(input: Input, nowMs: number): void;
  /** What there is to do since the last poll, in order. */
  poll(): readonly Output[];
  /** Call `handle({ type: 'time' }, …)` then at the latest; Infinity when idle. */
  readonly nextDeadlineMs: number;
  /** A snapshot for people and scripts. */
  figures(): Figures;
  /** The newest pieces up to the edge; undefined before there are any. */
  pieceStrip(piecesMax: number): PieceStrip | undefined;
}

/**
 * Makes a peer that knows nobody.
 * @throws {RangeError} If a number of `config` is out of its range, or `nowMs` isn't a safe integer: the caller's mistake.
 */
export function createPeer(config: PeerConfig, nowMs: number): Peer {
  checkConfig(config);
  expectTime(nowMs, 0);
  return new CorePeer(createState(config, nowMs));
}

/** A class, as an object literal with an accessor is kept as a dictionary, which makes each call of it slow. */
class CorePeer implements Peer {
  readonly #state: State;
  #settled = true;
  /** What is due next, if all is settled. */
  #settledDueMs: number;

  constructor(state: State) {
    this.#state = state;
    this.#settledDueMs = earliest(state.timers);
  }

  handle(input: Input, nowMs: number): void {
    const state = this.#state;
    expectTime(nowMs, state.nowMs);
    const lateMs = nowMs - this.#dueMs();
    if (lateMs > LATE_MS) forgiveGap(state, nowMs - state.nowMs);
    state.nowMs = nowMs;
    dispatch(state, input);
    if (input.type === 'verified') readHeldBack(state);
    if (!isAside(input)) state.mayPlay = true;
    if (this.#settled && lateMs < 0 && !hasConsequences(state, input)) return;
    this.#settled = false;
  }

  poll(): readonly Output[] {
    const state = this.#state;
    if (!this.#settled) {
      settle(state);
      this.#settled = true;
      this.#settledDueMs = earliest(state.timers);
    }
    const { outputs } = state;
    if (outputs.length === 0) return NOTHING;
    state.outputs = [];
    return outputs;
  }

  get nextDeadlineMs(): number {
    return this.#settled ? this.#settledDueMs : this.#state.nowMs;
  }

  #dueMs(): number {
    return this.#settled ? this.#settledDueMs : earliest(this.#state.timers);
  }

  figures(): Figures {
    return figures(this.#state);
  }

  pieceStrip(piecesMax: number): PieceStrip | undefined {
    return pieceStrip(this.#state, piecesMax);
  }
}

function earliest(timers: Timers): number {
  return Math.min(
    timers.haves,
    timers.transfers,
    timers.repair,
    timers.playout,
    timers.uplink,
    timers.offers,
    timers.ranks,
    timers.edge,
  );
}

function dispatch(state: State, input: Input): void {
  switch (input.type) {
    case 'joined':
      return onJoined(state, input);
    case 'left':
      return onLeft(state, input.connection);
    case 'message':
      return onMessage(state, input.connection, input.message);
    case 'pieceStarted': {
      const neighbour = state.neighbours.get(input.connection);
      return neighbour && onPieceStarted(state, neighbour, input.index);
    }
    case 'verified':
      return onVerified(state, input.job, input.ok);
    case 'sent':
      return onSent(state, input.connection, input.blockBytes);
    case 'certified':
      return onOwnCertificate(state, input.certificate);
    case 'published':
      return onPublished(state, input.header);
    case 'beat':
      return onBeat(state, input.header);
    case 'reader':
      return onReader(state, input.taking);
    case 'wallClock':
      state.wallOffsetMs = input.offsetMs;
      return;
    case 'uploadLimit':
      return limitBucket(state.uplink, input.bytesPerSecond, state.nowMs);
    case 'time':
  }
}

function onMessage(state: State, id: number, message: Message<Block>): void {
  const neighbour = state.neighbours.get(id);
  if (!neighbour) return;
  const isBehind = state.someHeldBack && neighbour.heldBack.length > 0;
  if (isBehind || neighbour.certificatePending || state.jobs.size >= JOBS_MAX) {
    neighbour.heldBack.push(message);
    state.someHeldBack = true;
    if (neighbour.heldBack.length > HELD_BACK_MAX) closeNeighbour(state, neighbour, 'flood', true);
    return;
  }
  read(state, neighbour, message);
}

/** Reads on where reading had to stop for a check. */
function readHeldBack(state: State): void {
  if (!state.someHeldBack) return;
  state.someHeldBack = false;
  for (const neighbour of state.neighbours.values()) {
    while (neighbour.heldBack.length > 0 && !neighbour.certificatePending && state.jobs.size < JOBS_MAX) {
      read(state, neighbour, neighbour.heldBack.shift() as Message<Block>);
      if (!state.neighbours.has(neighbour.id)) break;
    }
    if (neighbour.heldBack.length > 0) state.someHeldBack = true;
  }
}

function read(state: State, neighbour: Neighbour, message: Message<Block>): void {
  switch (message.type) {
    case 'cert':
      return onCertificate(state, neighbour, message.certificate);
    case 'source':
      return onSourceProof(state, neighbour, message.run, message.proof);
    case 'edge':
      return onEdge(state, neighbour, message.header);
    case 'offer':
      return onOffer(state, neighbour, message.header);
    case 'request':
      return onRequest(state, neighbour, message.index, message.begin, message.length);
    case 'piece':
      return onPiece(state, neighbour, message.index, message.begin, message.block);
    case 'cancel':
      return onCancel(state, neighbour, message.index, message.begin);
    case 'coming':
      return onComing(state, neighbour, message.run, message.seq);
    case 'live-have':
      return onHave(state, neighbour, message.run, message.base, message.bitmap);
    case 'decline':
      return onDecline(state, neighbour, message);
    case 'withdraw':
      return onWithdraw(state, neighbour, message.run, message.seq);
    case 'want':
      return onWant(state, neighbour, message.run, message.seq);
    case 'start':
      return onStart(state, neighbour, message.run, message.seq);
    case 'witness':
      return onWitness(state, neighbour, message);
    default:
      // choke, interested, have, bitfield, PEX and the like: nothing of the core's.
      return;
  }
}

function onVerified(state: State, number: number, ok: boolean): void {
  const job = takeJob(state, number);
  if (!job) return;
  if (job.kind === 'certificate') return onCertificateChecked(state, job, ok);
  if (job.kind === 'source') return onSourceChecked(state, job.connection, ok);
  if (job.kind === 'block') return onBlockChecked(state, job.incoming, job.block, job.bytes, ok);
  if (!ok) {
    const neighbour = state.neighbours.get(job.connection);
    return neighbour && refuse(state, neighbour, 'bad-header');
  }
  const run = admit(state, job);
  if (run && job.kind === 'offer') considerOffer(state, run, job);
}

/** What neighbours say of what they have and want, most of all that comes in, changes nothing for the reader. */
function isAside(input: Input): boolean {
  if (input.type !== 'message') return input.type === 'sent';
  switch (input.message.type) {
    case 'coming':
    case 'live-have':
    case 'decline':
    case 'request':
    case 'cancel':
    case 'want':
    case 'start':
      return true;
    default:
      return false;
  }
}

/** Whether anything follows from an input at which nothing is due. From most of them, what neighbours say they have, nothing does. */
function hasConsequences(state: State, input: Input): boolean {
  if (state.mayOffer || state.mayPlay || state.departed.length > 0) return true;
  if (input.type === 'sent') return state.queue.length > 0;
  return input.type !== 'message' || (input.message.type !== 'coming' && input.message.type !== 'live-have');
}

const NOTHING: readonly Output[] = [];
/** Messages that one neighbour can have waiting; a join is a few dozen. */
const HELD_BACK_MAX = 1024;
