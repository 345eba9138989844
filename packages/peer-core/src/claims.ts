/** What neighbours say of themselves: what they have, what is coming to them, what they want. */
import { ringIndex } from '@tstream/sliding-window';
import { earnShare } from './held-up.js';
import { type Neighbour, type NeighbourRun, viewIn } from './neighbours.js';
import { type Run, windowStart } from './runs.js';
import type { State } from './state.js';
import { countConfirmed } from './uplink.js';

/** HAVE: also the acknowledgement of what we sent. */
export function onHave(state: State, neighbour: Neighbour, number: number, base: number, bitmap: Uint8Array): void {
  const view = viewIn(neighbour, number);
  if (!view) return;
  const { run } = view;
  // Sets slide forward by themselves: what lies far ahead of anything proven must not push the present out.
  if (base + 8 * bitmap.length > run.edgeSeq + 1 + state.config.windowPieces) return;
  const believed = number === state.ownRun ? believable(run, base, bitmap) : bitmap;
  view.held.addBitmap(base, believed);
  view.known.addBitmap(base, believed);
  if (view.wantedSeq >= 0 && view.known.has(view.wantedSeq)) view.wantedSeq = -1;
  for (let i = neighbour.unconfirmed.length - 1; i >= 0; i--) {
    const sent = neighbour.unconfirmed[i];
    if (!sent || sent.run !== number || !view.held.has(sent.seq)) continue;
    neighbour.unconfirmed.splice(i, 1);
    neighbour.unconfirmedBytes -= sent.bytes;
    earnShare(state, neighbour, sent.bytes);
    const delayMs = state.nowMs - sent.sentMs;
    neighbour.confirmMsMin = Math.min(neighbour.confirmMsMin, delayMs);
    const { confirmMsMin: shortestMs, rttMsMin: rttMs } = neighbour;
    const { nearRttMs } = state;
    const { bytes, counted, mark } = sent;
    countConfirmed(state.uplink, { bytes, counted, mark, delayMs, shortestMs, rttMs, nearRttMs }, state.nowMs);
    state.mayOffer = true;
  }
}

/**
 * At a source: what it has offered to nobody nobody can have. Who says so all the same would keep the piece from
 * everybody, as what a neighbour knows is not new any more.
 */
function believable(run: Run, base: number, bitmap: Uint8Array): Uint8Array {
  const { injected } = run;
  return bitmap.map((byte, i) => {
    if (byte === 0 || base + 8 * i + 7 < injected.base) return 0;
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) if (injected.has(base + 8 * i + bit)) bits |= 0x80 >> bit;
    return byte & bits;
  });
}

export function onComing(state: State, neighbour: Neighbour, number: number, seq: number): void {
  const view = viewIn(neighbour, number);
  if (!view || seq > view.run.edgeSeq + state.config.windowPieces) return;
  if (number !== state.ownRun || view.run.injected.has(seq)) view.learn(seq);
}

/** START: from where on the neighbour wants pieces. */
export function onStart(state: State, neighbour: Neighbour, number: number, seq: number): void {
  const view = viewIn(neighbour, number);
  if (!view || !state.runs.has(number)) return;
  view.startSeq = seq;
  state.mayOffer = true;
}

/** WANT: it may be offered once more; how often is bounded, or a repair would eat the uplink. */
export function onWant(state: State, neighbour: Neighbour, number: number, seq: number): void {
  const run = state.runs.get(number);
  const view = viewIn(neighbour, number);
  if (!run || !view || seq < windowStart(state, run) || seq > run.edgeSeq) return;
  if (neighbour.offers.has(ringIndex(seq, state.config.ringPieces))) return;
  const honouredMs = view.honouredMs.get(seq);
  if (honouredMs !== undefined && state.nowMs - honouredMs < WANT_AGAIN_MS) return;
  if (view.honouredMs.size >= WANTED_MAX) view.honouredMs.clear();
  view.honouredMs.set(seq, state.nowMs);
  noteWanted(state, view, seq);
  view.known.delete(seq);
  view.held.delete(seq);
  state.mayOffer = true;
}

/**
 * Of what a neighbour asks for, the last piece goes before what many know. Of who asks for many no more than that, or all that is old would
 * go before all that is new: with half of 60 viewers at a quarter of the bitrate a third of pieces came too late. And not over a line that
 * carries less than the video: it would bring it too late.
 */
export function noteWanted(state: State, view: NeighbourRun, seq: number): void {
  const { header } = view.run.proofs.get(seq) ?? {};
  const { line, limitBytesPerSecond } = state.uplink;
  const bytesPerMs = Math.min(line.bytesPerMs, limitBytesPerSecond / 1000);
  const isFast = header && bytesPerMs * view.run.pieceMs >= header.payloadBytes;
  if (isFast) view.wantedSeq = seq;
}

/** A WANT of the same piece by the same neighbour is honoured so often, or a repair would eat the uplink. A guess. */
const WANT_AGAIN_MS = 1000;
const WANTED_MAX = 512;
