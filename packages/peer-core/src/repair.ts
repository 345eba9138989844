/** Repair: what is wanted, proven to exist and not on its way is asked for, within bounds. */
import { type MissingPiece, WANTS_MAX } from '@tstream/piece-picker';
import { dueMs } from './lag.js';
import { send } from './neighbours.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/** Looks for missing pieces and asks for them. Called every piece's time while a run is wanted. */
export function repair(state: State): void {
  state.timers.repair = Infinity;
  for (const run of state.runs.values()) {
    if (run.startSeq === undefined) continue;
    findMissing(state, run);
    askForMissing(state, run);
    const everyMs = Math.min(Math.max(run.pieceMs, REPAIR_MS_MIN), REPAIR_MS_MAX);
    state.timers.repair = Math.min(state.timers.repair, state.nowMs + everyMs);
  }
}

function findMissing(state: State, run: Run): void {
  const fromSeq = wantedFrom(state, run);
  for (const seq of run.missing.keys()) {
    if (seq < fromSeq || run.held.has(seq)) run.missing.delete(seq);
  }
  let seq = run.held.contiguousFrom(fromSeq);
  const toSeq = Math.max(run.edgeSeq, claimedSeq(run));
  while (seq <= toSeq) {
    if (!run.incoming.has(seq) && !run.missing.has(seq))
      run.missing.set(seq, { sinceMs: state.nowMs, asked: 0, failed: false });
    seq = run.held.contiguousFrom(seq + 1);
  }
}

/**
 * What half of the neighbours say they have, or to be getting, is there, though no header has proven it yet: to whom everybody has something better to
 * offer gets its offers late, and would learn late of what it lacks. An offer that answers brings the proof.
 */
function claimedSeq({ views, edgeSeq }: Run): number {
  const highest = views.map(({ known }) => known.highest()).sort((a, b) => a - b);
  return Math.min(highest[Math.floor((highest.length - 1) / 2)] ?? -1, edgeSeq + CLAIMED_PIECES_MAX);
}

/** From the play position on; a seed repairs only what is recent, and fills the rest from ordinary offers. */
function wantedFrom(state: State, run: Run): number {
  const recentSeq = run.edgeSeq - RECENT_PIECES;
  const playing = state.playout.run === run.run ? state.playout.nextSeq : 0;
  return Math.max(run.startSeq ?? 0, playing, recentSeq, run.held.base);
}

function askForMissing(state: State, run: Run): void {
  if (run.missing.size === 0) return;
  const { picker, random } = state.config;
  const joining = state.playout.state === 'buffering';
  const missing = missingOf(state, run);
  const { pieceMs, views: neighbours } = run;
  const wants = picker.want({ missing, neighbours, pieceMs, rttMs: state.middleRttMs, joining, random });
  if (wants.length === 0) return;
  const asked = new Set<number>();
  for (const want of wants.slice(0, WANTS_MAX)) {
    const neighbour = state.neighbours.get(want.neighbour.id);
    if (!neighbour) continue;
    send(state, neighbour, { type: 'want', run: run.run, seq: want.seq });
    asked.add(want.seq);
  }
  for (const seq of asked) {
    const piece = run.missing.get(seq);
    if (!piece) continue;
    piece.asked++;
    piece.sinceMs = state.nowMs;
  }
}

/** As the picker sees them, in ascending order. */
function missingOf(state: State, run: Run): MissingPiece[] {
  const missing: MissingPiece[] = [];
  for (const [seq, { sinceMs, asked, failed }] of run.missing) {
    missing.push({ seq, waitedMs: state.nowMs - sinceMs, asked, failed, dueInMs: dueInMs(state, run, seq) });
  }
  return missing.sort((a, b) => a.seq - b.seq);
}

/** Until the reader needs a piece; by its header, or by its distance from the edge. */
function dueInMs({ playout, nowMs }: State, run: Run, seq: number): number {
  if (playout.run !== run.run) return Infinity;
  const { newestSourceMs } = run.clock;
  const madeMs = run.proofs.get(seq)?.header.sourceTimeMs ?? newestSourceMs - (run.edgeSeq - seq) * run.pieceMs;
  return dueMs(playout, run.clock, madeMs) - nowMs;
}

/** Liars that are half of the neighbours make it ask for so much that isn't there. A guess: about ten seconds of video. */
const CLAIMED_PIECES_MAX = 64;
/** How far behind the edge a repair reaches. A guess: well over any lag in pieces. */
const RECENT_PIECES = 512;
const REPAIR_MS_MIN = 50;
const REPAIR_MS_MAX = 250;
