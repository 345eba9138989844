/** Offering: what is held, or coming in, is offered to who needs it; a request accepts, the uplink then decides when. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import type { NeighbourView } from '@tstream/piece-picker';
import { ringIndex } from '@tstream/sliding-window';
import { blockBytes } from './blocks.js';
import { openOffers, ready } from './held-up.js';
import { closeNeighbour, type Neighbour, send, viewIn } from './neighbours.js';
import { isUnseen, type Proof, type Run, runsNewestFirst, windowStart } from './runs.js';
import type { State } from './state.js';
import { uplinkBacklogMs } from './uplink.js';

/** An offer that was made: unanswered, or accepted and waiting for the uplink. */
export interface OpenOffer {
  readonly run: Run;
  readonly proof: Proof;
  readonly index: number;
  readonly to: Neighbour;
  /** A source's own piece that nobody else knew: its first copy, which all others come from. */
  readonly isFirstCopy: boolean;
  madeMs: number;
  acceptedMs: number | undefined;
  /** It counts among the open offers; one that stays unanswered doesn't, or a neighbour that sleeps would silence us. */
  counted: boolean;
  /** Blocks that were asked for and not sent yet, in the order of asking. */
  readonly blocks: number[];
  /** Blocks that were asked for so far, sent or not. */
  readonly asked: Set<number>;
  /** Blocks that went out. */
  sentBlocks: number;
}

/** Makes offers while there is somebody to make one to, newest run first. */
export function makeOffers(state: State): void {
  state.mayOffer = false;
  if (state.superseded) return;
  for (const run of runsNewestFirst(state)) {
    const origin = run.run === state.ownRun;
    let neighbours: readonly NeighbourView[] | undefined;
    for (;;) {
      // What says no most often goes first: this is asked after every other message, and nearly always the answer is no.
      if (!origin && isBudgetUsedUp(state)) break;
      const open = openOffers(state);
      if (open >= OFFERS_MIN && open >= offersMax(state, run)) break;
      const isFree = uplinkIsFree(state, open, origin ? run.pieceMs : undefined);
      if (!isFree && !origin) break;
      neighbours ??= ready(state, run);
      const offer = state.config.picker.offer({
        origin,
        offerable: run.offerable,
        fromSeq: windowStart(state, run),
        edgeSeq: run.edgeSeq,
        neighbours,
        random: state.config.random,
      });
      if (!offer || (!isFree && !isUnseen(run, offer.seq)) || !makeOffer(state, run, offer.neighbour.id, offer.seq))
        break;
    }
  }
}

function makeOffer(state: State, run: Run, to: number, seq: number): boolean {
  const neighbour = state.neighbours.get(to);
  const proof = run.proofs.get(seq);
  const view = neighbour && viewIn(neighbour, run.run);
  const isFirstCopy = run.run === state.ownRun && isUnseen(run, seq);
  if (!neighbour || !proof || !view || !view.learn(seq)) return false;
  view.exchange.offered.add(seq);
  run.injected.add(seq);
  const index = ringIndex(seq, state.config.ringPieces);
  // One index stands for one piece at a time: an older run's piece with the same index goes later, or never.
  if (neighbour.offers.has(index)) return true;
  neighbour.offers.set(index, {
    run,
    proof,
    index,
    to: neighbour,
    isFirstCopy,
    madeMs: state.nowMs,
    acceptedMs: undefined,
    counted: true,
    blocks: [],
    asked: new Set(),
    sentBlocks: 0,
  });
  neighbour.unanswered++;
  state.openOffers++;
  send(state, neighbour, { type: 'offer', header: proof.bytes });
  state.timers.transfers = Math.min(state.timers.transfers, state.nowMs + STUCK_MS);
  return true;
}

/**
 * Whether what is offered now could be sent as soon as it is accepted. Who accepts waits for us alone: nothing is
 * offered while the budget is used up, or has to queue for a limit that a person set (in a swarm of 20, p99 of the
 * delay falls from 610 to 250 ms). Except what nobody has yet, which goes before all that is queued.
 * @param open - Open offers, which are sent before.
 * @param newPieceMs - At a source, how often there is a new piece: a copy of an older one has to be gone by then, unless answers take longer.
 */
function uplinkIsFree(state: State, open: number, newPieceMs: number | undefined): boolean {
  const { uplink, timers } = state;
  if (isBudgetUsedUp(state)) return false;
  const backlogMs = uplinkBacklogMs(uplink, open * state.config.pieceBytes, state.nowMs);
  const answerMs = Math.max(OFFER_AHEAD_MS, ANSWER_ROUND_TRIPS * state.middleRttMs);
  const aheadMs =
    newPieceMs === undefined ? answerMs : Math.min(answerMs, Math.max(answerMs, newPieceMs) - pieceLineMs(state));
  if (backlogMs <= aheadMs) return true;
  timers.offers = state.nowMs + Math.ceil(backlogMs - aheadMs);
  return false;
}

function isBudgetUsedUp({ uplink }: State): boolean {
  return uplink.unconfirmedBytes >= uplink.budgetBytes;
}

/** How long the uplink needs for a piece, milliseconds. */
function pieceLineMs({ uplink, config }: State): number {
  return config.pieceBytes / Math.min(uplink.line.bytesPerMs, uplink.limitBytesPerSecond / 1000);
}

/**
 * Open offers of the process: two, and what a round trip holds once and a half, at the rate of the line; but of a line that is wider
 * than the stream needs, only twice what goes over it.
 */
function offersMax(state: State, run: Run): number {
  const { uplink } = state;
  const pieceBytes = run.proofs.get(run.edgeSeq)?.header.payloadBytes ?? state.config.pieceBytes;
  const needed = 2 * Math.max(uplink.rateBytesPerSecond, (pieceBytes * 1000) / run.pieceMs);
  const rate = Math.min(needed, 1000 * uplink.line.bytesPerMs, uplink.limitBytesPerSecond);
  return Math.min(OFFERS_MIN + Math.floor((ROUND_TRIPS * rate * state.middleRttMs) / 1000 / pieceBytes), OFFERS_MAX);
}

/** A request: the first one of a piece accepts our offer, each one names a block to send. */
export function onRequest(state: State, neighbour: Neighbour, index: number, begin: number, length: number): void {
  const offer = neighbour.offers.get(index);
  if (!offer) {
    neighbour.unasked++;
    if (neighbour.unasked > UNASKED_MAX) closeNeighbour(state, neighbour, 'flood', true);
    return;
  }
  const block = begin / BLOCK_BYTES;
  const { header } = offer.proof;
  if (!header.digests[block] || length !== blockBytes(header, block) || offer.asked.has(block)) {
    return closeNeighbour(state, neighbour, 'unexpected', true);
  }
  neighbour.unasked = 0;
  offer.asked.add(block);
  offer.blocks.push(block);
  if (offer.acceptedMs !== undefined) return;
  offer.acceptedMs = state.nowMs;
  if (!offer.counted) {
    offer.counted = true;
    state.openOffers++;
  }
  answered(state, offer);
  state.queue.push(offer);
}

function answered(state: State, offer: OpenOffer): void {
  const { to } = offer;
  to.ignored = 0;
  to.unanswered--;
  state.mayOffer = true;
  const rttMs = state.nowMs - offer.madeMs;
  to.rttMsMin = Math.min(to.rttMsMin, rttMs);
  to.rttMs = to.rttMs === undefined ? rttMs : Math.floor((7 * to.rttMs + rttMs) / 8);
}

export function onDecline(
  state: State,
  neighbour: Neighbour,
  message: { run: number; seq: number; why: 'have' | 'coming' | 'busy' },
): void {
  const view = viewIn(neighbour, message.run);
  const offer = neighbour.offers.get(ringIndex(message.seq, state.config.ringPieces));
  if (!view || !offer || offer.run.run !== message.run || offer.proof.header.seq !== message.seq) return;
  if (message.why === 'have') view.held.add(message.seq);
  if (offer.acceptedMs === undefined) answered(state, offer);
  closeOffer(state, offer);
}

export function onCancel(state: State, neighbour: Neighbour, index: number, begin: number): void {
  const offer = neighbour.offers.get(index);
  const place = offer?.blocks.indexOf(begin / BLOCK_BYTES) ?? -1;
  if (!offer || place < 0) return;
  offer.blocks.splice(place, 1);
  if (offer.blocks.length === 0) closeOffer(state, offer);
}

/** Takes back offers of pieces that turned out not to come. */
export function withdrawLost(state: State): void {
  for (const { run, seq } of state.lost.splice(0)) {
    const index = ringIndex(seq, state.config.ringPieces);
    for (const neighbour of state.neighbours.values()) {
      const offer = neighbour.offers.get(index);
      if (offer?.run.run !== run || offer.proof.header.seq !== seq) continue;
      withdraw(state, offer);
    }
  }
}

function withdraw(state: State, offer: OpenOffer): void {
  const { run, seq } = offer.proof.header;
  send(state, offer.to, { type: 'withdraw', run, seq });
  if (offer.acceptedMs === undefined) offer.to.unanswered--;
  closeOffer(state, offer);
}

/** The offer is over: sent, declined, withdrawn or cancelled. */
export function closeOffer(state: State, offer: OpenOffer): void {
  if (offer.to.offers.get(offer.index) !== offer) return;
  offer.to.offers.delete(offer.index);
  if (offer.counted) state.openOffers--;
  state.mayOffer = true;
  const place = state.queue.indexOf(offer);
  if (place >= 0) state.queue.splice(place, 1);
}

/** Withdraws what wasn't answered, or is too old to be sent. @returns When the next one is due. */
export function expireOffers(state: State): number {
  let nextMs = Infinity;
  for (const neighbour of state.neighbours.values()) {
    if (neighbour.offers.size > 0) {
      for (const offer of neighbour.offers.values()) nextMs = Math.min(nextMs, expireOffer(state, offer));
    }
    if (neighbour.ignored >= IGNORED_MAX) closeNeighbour(state, neighbour, 'timeout', false);
  }
  return nextMs;
}

function expireOffer(state: State, offer: OpenOffer): number {
  const { to, acceptedMs, madeMs } = offer;
  const old = offer.proof.header.seq < windowStart(state, offer.run);
  const dueMs = acceptedMs === undefined ? madeMs + ANSWER_MS_MAX : acceptedMs + QUEUED_MS_MAX;
  if (old || dueMs <= state.nowMs) {
    withdraw(state, offer);
    if (acceptedMs === undefined) to.ignored++;
    return Infinity;
  }
  if (acceptedMs !== undefined || !offer.counted) return dueMs;
  if (madeMs + STUCK_MS > state.nowMs) return madeMs + STUCK_MS;
  offer.counted = false;
  state.openOffers--;
  state.mayOffer = true;
  return dueMs;
}

/** Field experiments: K = 2 + ⌊(1…2)·u·RTT⌋. */
const OFFERS_MIN = 2;
const ROUND_TRIPS = 1.5;
const OFFERS_MAX = 64;
/** An offer goes out so long before its piece can: a round trip on a near link. A guess. */
const OFFER_AHEAD_MS = 20;
/**
 * … or so many round trips, as some answer later than most, or with a DECLINE, and the line waits for them: with two, lines of 1.24 × stood still
 * for a twelfth of their time, and 300 viewers lost 7.5 % of pieces; with three, and with four, 0.1 %.
 */
const ANSWER_ROUND_TRIPS = 3;
/** An offer that isn't answered by then is no reason to keep the next one back. A guess: over any sane round trip. */
const STUCK_MS = 300;
/** An offer that isn't answered by then is taken back. A guess. */
const ANSWER_MS_MAX = 2000;
/** So many offers in a row without an answer: nobody reads there. */
const IGNORED_MAX = 16;
/** Receivers give up after 5 τ; what waits longer is not wanted any more. A guess. */
const QUEUED_MS_MAX = 5000;
/** A request may cross a WITHDRAW on the wire, 8 blocks each; nobody needs more. */
const UNASKED_MAX = 64;
