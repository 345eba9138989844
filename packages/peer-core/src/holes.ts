/** Holes: a piece that is missing when due, a source that has fallen silent, a run that is over. */
import type { PieceHeader } from '@tstream/live-piece-auth';
import { dueMs, lagAt, raiseLag } from './lag.js';
import type { PeerEvent } from './outputs.js';
import { type Playout, wakeAt } from './playout.js';
import { currentRun, type Run, sourceTimeOf } from './runs.js';
import { sourceNowMs } from './source-clock.js';
import type { State } from './state.js';

/** The next piece isn't here. Nothing happens before it is due; then the reader stalls, or drops it. */
export function missWhenDue(state: State, run: Run): boolean {
  const { playout } = state;
  if (playout.nextSeq > run.edgeSeq) return waitForSource(state, run);
  const missDueMs = expectedDueMs(state, run);
  if (playout.state !== 'stalled' && missDueMs > state.nowMs) return wakeAt(state, missDueMs);
  if (!playout.taking) return false;
  const heldSeq = run.held.nextFrom(playout.nextSeq);
  const entrySeq = heldEntrySeq(run, heldSeq);
  const isRich = entrySeq >= 0 && bufferMs(run, entrySeq) * 2 >= playout.lagMs;
  const endMs = isRich ? awaitedUntilMs(state, run, missDueMs) : patienceEndMs(state, missDueMs);
  if (state.nowMs >= endMs && (isRich || (heldSeq >= 0 && playout.state === 'stalled'))) {
    raiseLag(playout, 0);
    return skipTo(state, run, entrySeq >= 0 ? entrySeq : heldSeq);
  }
  if (isOver(state, run) && state.nowMs > missDueMs + TAIL_MS_MAX) return leaveRun(state, run);
  stall(state, run);
  if (heldSeq >= 0) wakeAt(state, endMs);
  if (isOver(state, run)) wakeAt(state, missDueMs + TAIL_MS_MAX + 1);
  return false;
}

/** The first held entry point behind a hole, -1 if there is none: what comes before it shows nothing by itself. */
function heldEntrySeq(run: Run, fromSeq: number): number {
  let seq = fromSeq;
  while (seq >= 0 && run.proofs.get(seq)?.header.entryOffset === undefined) seq = run.held.nextFrom(seq + 1);
  return seq;
}

/**
 * A piece on its way is awaited for half the lag after the last sign of it: a stall of some milliseconds is hardly
 * seen, and a drop costs all that is before the next entry point.
 */
function awaitedUntilMs(state: State, run: Run, missDueMs: number): number {
  const { playout } = state;
  const incoming = run.incoming.get(playout.nextSeq);
  if (!incoming) return missDueMs;
  return Math.min(incoming.signMs + Math.floor(playout.lagMs / 2), patienceEndMs(state, missDueMs));
}

/**
 * Holes that follow each other closely never leave half the lag between them: then patience ends. It is counted from
 * when the piece was due, so that of many holes only the first is waited for so long; what was slept through is not.
 */
function patienceEndMs(state: State, missDueMs: number): number {
  const { playout } = state;
  return Math.max(missDueMs, playout.wokeMs) + playout.lagMs + STALL_MS_MAX;
}

/** All that is proven to exist was played. */
function waitForSource(state: State, run: Run): boolean {
  const { playout } = state;
  if (run.endSeq !== undefined && playout.nextSeq >= run.endSeq && !isOver(state, run)) {
    endPlayout(state);
    return false;
  }
  if (isOver(state, run)) return leaveRun(state, run);
  const silentMs = (sourceNowMs(run.clock, state.nowMs) ?? 0) - run.clock.newestSourceMs;
  const stallAtMs = state.nowMs + playout.lagMs + HEARTBEAT_GRACE_MS - silentMs;
  if (stallAtMs > state.nowMs) return wakeAt(state, stallAtMs);
  if (playout.taking) stall(state, run);
  return false;
}

/** A later run has begun: nothing is added to this one. */
function isOver(state: State, run: Run): boolean {
  const next = currentRun(state);
  return next !== undefined && next.run > run.run && next.startSeq !== undefined;
}

function leaveRun(state: State, run: Run): boolean {
  const next = currentRun(state);
  if (!next || next === run) return false;
  endStall(state);
  moveTo(state, next, next.startSeq ?? 0);
  return true;
}

/** Goes on at a later piece, or at the first entry point behind it. */
export function skipTo(state: State, run: Run, seq: number): boolean {
  const { playout, counters } = state;
  const toSeq = seq < 0 ? run.edgeSeq + 1 : seq;
  const pieces = toSeq - playout.nextSeq;
  if (pieces <= 0) return false;
  tell(state, { type: 'dropped', run: run.run, fromSeq: playout.nextSeq, pieces });
  counters.piecesDropped += pieces;
  playout.nextSeq = toSeq;
  playout.atEntry = true;
  playout.discontinuity = playout.started;
  endStall(state);
  return true;
}

function stall(state: State, run: Run): void {
  const { playout } = state;
  if (playout.state === 'stalled') return;
  playout.state = 'stalled';
  playout.sinceMs = state.nowMs;
  playout.stalls++;
  tell(state, { type: 'stalled', run: run.run, seq: playout.nextSeq });
}

export function resume(state: State, run: Run, header: PieceHeader): void {
  endStall(state);
  raiseLag(state.playout, lagAt(run.clock, header.sourceTimeMs, state.nowMs));
}

function endStall(state: State): void {
  const { playout } = state;
  if (playout.state !== 'stalled') return;
  const stalledMs = state.nowMs - playout.sinceMs;
  playout.state = 'playing';
  playout.sinceMs = state.nowMs;
  playout.stallMs += stalledMs;
  tell(state, { type: 'resumed', stalledMs });
}

export function endPlayout(state: State): void {
  endStall(state);
  state.playout.state = 'ended';
  tell(state, { type: 'ended' });
}

/** Moves the reader to another place, where it begins at an entry point. */
export function moveTo(state: State, run: Run, seq: number): void {
  const { playout } = state;
  playout.run = run.run;
  playout.enteredSeq = run.edgeSeq;
  playout.nextSeq = seq;
  playout.atEntry = true;
  playout.discontinuity = playout.started;
}

/** When the missing piece is due: by its header if that is known, else by those around it. */
function expectedDueMs(state: State, run: Run): number {
  const { playout } = state;
  const madeMs = sourceTimeOf(run, playout.nextSeq) ?? afterPlayedMs(playout, run);
  if (madeMs !== undefined) return dueMs(playout, run.clock, madeMs);
  const after = run.proofs.get(run.held.nextFrom(playout.nextSeq))?.header.sourceTimeMs;
  return dueMs(playout, run.clock, after ?? run.clock.newestSourceMs);
}

function afterPlayedMs({ playedMs }: Playout, { pieceMs }: Run): number | undefined {
  return playedMs === undefined ? undefined : playedMs + pieceMs;
}

/** Video that is here without a gap from a held piece on, milliseconds. */
export function bufferMs(run: Run, fromSeq: number): number {
  const first = run.proofs.get(fromSeq)?.header;
  const last = run.proofs.get(run.held.contiguousFrom(fromSeq) - 1)?.header;
  return first && last ? last.sourceTimeMs - first.sourceTimeMs + run.pieceMs : 0;
}

function tell(state: State, event: PeerEvent): void {
  state.outputs.push({ type: 'event', event });
}

/** Beyond the lag itself, so long a stall waits for a piece that others may still bring. A guess. */
const STALL_MS_MAX = 3000;
/** The end of a run that only its dead source held doesn't come: so long it is awaited. A guess. */
const TAIL_MS_MAX = 1000;
/** A source says something every second; so much more is allowed to the way here. */
const HEARTBEAT_GRACE_MS = 1500;
