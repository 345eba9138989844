/** Sending: one piece at a time over the one uplink, block by block, so that control can go between. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import { blockBytes } from './blocks.js';
import { noteWanted } from './claims.js';
import { isHeldUp } from './held-up.js';
import type { ConnectionId } from './inputs.js';
import { markSend } from './line-rate.js';
import { type Neighbour, type Unconfirmed, viewIn } from './neighbours.js';
import { closeOffer, type OpenOffer } from './offers.js';
import { countBytes } from './rate.js';
import type { State } from './state.js';
import { countSent, release, uplinkWaitMs } from './uplink.js';
import { noteGiven } from './witnesses.js';

/** Sends what the uplink has room for. */
export function transmit(state: State): void {
  for (;;) {
    const offer = nextToSend(state);
    if (!offer) {
      state.timers.uplink = Infinity;
      return;
    }
    // A piece that was begun is sent to its end: half of one is confirmed by nobody.
    const waitMs = uplinkWaitMs(state.uplink, offer.sentBlocks > 0, state.nowMs);
    state.timers.uplink = state.nowMs + waitMs;
    if (waitMs > 0) return;
    sendBlock(state, offer);
  }
}

function sendBlock(state: State, offer: OpenOffer): void {
  const { to, index } = offer;
  const { header } = offer.proof;
  const block = offer.blocks.shift() as number;
  const bytes = blockBytes(header, block);
  offer.sentBlocks++;
  to.unsentBytes += bytes;
  to.unconfirmedBytes += bytes;
  const { uplink } = state;
  const mark = markSend(uplink.line, uplink.unconfirmedBytes === 0, state.nowMs);
  countSent(uplink, bytes, state.nowMs);
  countBytes(to.sent, bytes, state.nowMs);
  const { run, seq } = header;
  const begin = block * BLOCK_BYTES;
  state.outputs.push({ type: 'sendBlock', connection: to.id, run, seq, index, begin, blockBytes: bytes });
  const last = to.unconfirmed.at(-1);
  const begun = last?.run === run && last.seq === seq ? last : undefined;
  if (begun) to.unconfirmed.pop();
  if (begun?.counted === false) uplink.unconfirmedBytes += begun.bytes;
  to.unconfirmed.push({
    run,
    seq,
    bytes: (begun?.bytes ?? 0) + bytes,
    sentMs: state.nowMs,
    counted: true,
    mark: begun?.mark ?? mark,
  });
  state.timers.transfers = Math.min(state.timers.transfers, state.nowMs + doubtMs(state, to));
  if (offer.sentBlocks < header.digests.length) return;
  noteGiven(to, run, seq);
  closeOffer(state, offer);
}

/**
 * The piece that is being sent, to its end; else the first copy of a source's own piece, oldest first; else what has
 * waited too long, longest first; else the newest, and of two equally new ones the one for the better forwarder.
 */
function nextToSend(state: State): OpenOffer | undefined {
  let best: OpenOffer | undefined;
  for (const offer of state.queue) {
    if (!isReady(state, offer)) continue;
    if (!best || goesBefore(state, offer, best)) best = offer;
  }
  return best;
}

function isReady(state: State, offer: OpenOffer): boolean {
  if (offer.blocks.length === 0 || !offer.run.held.has(offer.proof.header.seq)) return false;
  return offer.to.unsentBytes < UNSENT_BYTES_MAX && !isHeldUp(state, offer.to);
}

function goesBefore(state: State, a: OpenOffer, b: OpenOffer): boolean {
  if (a.sentBlocks > 0 !== b.sentBlocks > 0) return a.sentBlocks > 0;
  const one = a.proof.header;
  const other = b.proof.header;
  if (a.isFirstCopy !== b.isFirstCopy) return a.isFirstCopy;
  if (a.isFirstCopy) return one.seq < other.seq;
  const aWaits = waitsTooLong(state, a);
  if (aWaits !== waitsTooLong(state, b)) return aWaits;
  if (aWaits && a.acceptedMs !== b.acceptedMs) return (a.acceptedMs ?? 0) < (b.acceptedMs ?? 0);
  if (one.run !== other.run) return one.run > other.run;
  if (one.seq !== other.seq) return one.seq > other.seq;
  return a.to.rank > b.to.rank;
}

function waitsTooLong(state: State, offer: OpenOffer): boolean {
  return state.nowMs - (offer.acceptedMs ?? state.nowMs) > WAIT_PIECES_MAX * offer.run.pieceMs;
}

/** The system took a block: there is room for the next one to this neighbour. */
export function onSent(state: State, id: ConnectionId, bytes: number): void {
  const neighbour = state.neighbours.get(id);
  if (neighbour) neighbour.unsentBytes = Math.max(0, neighbour.unsentBytes - bytes);
}

/** Stops waiting for HAVEs that don't come: the budget must not leak. @returns When the next one is due. */
export function expireUnconfirmed(state: State): number {
  let nextMs = Infinity;
  for (const neighbour of state.neighbours.values()) {
    if (neighbour.unconfirmed.length === 0) continue;
    dropUnconfirmed(state, neighbour, state.nowMs - CONFIRM_MS_MAX);
    const oldest = neighbour.unconfirmed[0];
    if (oldest) nextMs = Math.min(nextMs, oldest.sentMs + CONFIRM_MS_MAX, doubt(state, neighbour));
  }
  return nextMs;
}

/**
 * What should have been confirmed by now stops counting in the budget, and counts as asked for: who sent a piece finds out first that it was
 * lost, the receiver only after it has waited for longer than nearly all take. @returns When the next one does.
 */
function doubt(state: State, neighbour: Neighbour): number {
  const afterMs = doubtMs(state, neighbour);
  for (const sent of neighbour.unconfirmed) {
    if (!sent.counted) continue;
    if (sent.sentMs + afterMs > state.nowMs) return sent.sentMs + afterMs;
    sent.counted = false;
    release(state.uplink, sent.bytes);
    const view = viewIn(neighbour, sent.run);
    view?.known.delete(sent.seq);
    // Once a piece: who never confirms anything isn't sent the same again and again. And not in place of what it asked for itself.
    if (view?.doubted.add(sent.seq) && view.wantedSeq < 0) noteWanted(state, view, sent.seq);
    state.mayOffer = true;
  }
  return Infinity;
}

/** Who never confirmed anything takes as long as our line for a piece, at least; of a line that isn't known nothing is expected soon. */
function doubtMs({ uplink, config }: State, { confirmMsMin }: Neighbour): number {
  const { bytesPerMs } = uplink.line;
  if (confirmMsMin === Infinity && bytesPerMs === Infinity) return DOUBT_MS_FIRST;
  // Whole milliseconds: drivers' clocks have no others, and what is due between two would be due for ever.
  const usualMs = confirmMsMin < Infinity ? confirmMsMin : Math.ceil(config.pieceBytes / bytesPerMs);
  return Math.min(Math.max(DOUBT_MS_MIN, DOUBT_FACTOR * usualMs), CONFIRM_MS_MAX);
}

/** Forgets what was sent to a neighbour up to this time. */
export function dropUnconfirmed(state: State, neighbour: Neighbour, untilMs: number): void {
  while (neighbour.unconfirmed[0] && neighbour.unconfirmed[0].sentMs <= untilMs) {
    const { bytes, counted } = neighbour.unconfirmed.shift() as Unconfirmed;
    neighbour.unconfirmedBytes -= bytes;
    neighbour.confirmedBytes = 0;
    if (counted) release(state.uplink, bytes);
    state.mayOffer = true;
  }
}

/** Two blocks in the socket of one neighbour: the next is there when one has left, and no backlog builds up. */
const UNSENT_BYTES_MAX = 2 * BLOCK_BYTES;
/** Field experiments: newest first unless one waits longer than 3 τ. */
const WAIT_PIECES_MAX = 3;
/** A guess, above most round trips. */
const DOUBT_MS_MIN = 300;
/** RFC 6298's, before anything is known. */
const DOUBT_MS_FIRST = 1000;
const DOUBT_FACTOR = 3;
/** A HAVE that hasn't come by then won't. A guess, above any sane round trip. */
const CONFIRM_MS_MAX = 2000;
