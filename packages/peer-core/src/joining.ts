/** Joining: where to begin to play, and when enough is here to begin; the same again for each run. */

import { endPlayout, moveTo } from './holes.js';
import { startRun } from './introduce.js';
import { dueMs, firstLagMs, lagAt } from './lag.js';
import { wakeAt } from './playout.js';
import { isLive } from './proofs.js';
import { currentRun, type Run } from './runs.js';
import type { State } from './state.js';

/** A seed wants all that is valid and that it can keep. */
export function startSeed(state: State): void {
  for (const run of state.runs.values()) {
    if (run.startSeq === undefined && run.edge)
      startRun(state, run, Math.max(0, run.edgeSeq - state.config.keepPieces + 1));
  }
}

/** Chooses where to begin: at the newest entry point of the newest of several neighbours' proofs. */
export function join(state: State): void {
  const { playout } = state;
  const run = currentRun(state);
  if (!run?.edge || !isLive(state, run)) return;
  if (playout.sinceMs === 0) playout.sinceMs = state.nowMs;
  if (state.nowMs - playout.sinceMs < GATHER_MS) {
    state.timers.playout = playout.sinceMs + GATHER_MS;
    return;
  }
  if (run.endSeq !== undefined && run.edgeSeq < 0) return endPlayout(state);
  const seq = entrySeq(run);
  if (seq === undefined) return;
  enter(state, run, seq);
  playout.state = 'buffering';
  playout.sinceMs = state.nowMs;
}

/** Sequence number of the newest entry point that is proven; undefined if none is. */
function entrySeq(run: Run): number | undefined {
  const header = run.edge?.header;
  if (!header || header.entryDistance === undefined || run.edgeSeq < 0) return undefined;
  return Math.max(0, header.seq - header.entryDistance);
}

function enter(state: State, run: Run, seq: number): void {
  moveTo(state, run, seq);
  state.playout.entryPatienceMs = ENTRY_MS_MIN;
  if (run.startSeq === undefined) startRun(state, run, seq);
  state.timers.repair = Math.min(state.timers.repair, state.nowMs + FIRST_REPAIR_MS);
}

/** A later run is wanted from its beginning as soon as it is known; it is played when this one is over. */
export function followRun(state: State): void {
  const next = currentRun(state);
  const { playout } = state;
  if (!next || next.run === playout.run || !next.edge || next.edgeSeq < 0) return;
  if (next.startSeq === undefined) {
    const seq = next.edgeSeq < FRESH_RUN_PIECES ? 0 : entrySeq(next);
    if (seq !== undefined) startRun(state, next, seq);
  }
  if (!state.runs.has(playout.run ?? 0)) enter(state, next, next.startSeq ?? 0);
}

/** Starts once a piece has shown how late they come and all that is due is here, or the wait has become longer than a larger lag would be. */
export function beginWhenReady(state: State, run: Run): boolean {
  const { playout } = state;
  const first = run.held.has(playout.nextSeq) ? run.proofs.get(playout.nextSeq)?.header : undefined;
  if (!first) return skipUnavailable(state, run);
  if (!playout.pinned) playout.lagMs = firstLagMs(playout.lateness.largestMs);
  const gapSeq = run.held.contiguousFrom(playout.nextSeq);
  const last = run.proofs.get(gapSeq - 1)?.header ?? first;
  const gapDueMs = dueMs(playout, run.clock, last.sourceTimeMs + run.pieceMs);
  const waitedMs = state.nowMs - playout.sinceMs;
  const isMeasured = playout.lateness.samples >= SAMPLES_MIN || run.endSeq !== undefined;
  const wouldStall = gapSeq <= run.edgeSeq && gapDueMs < state.nowMs + FIRST_BUFFER_MS;
  if ((wouldStall || !isMeasured) && waitedMs < BUFFERING_MS_MAX) {
    return wakeAt(state, playout.sinceMs + BUFFERING_MS_MAX);
  }
  if (waitedMs >= BUFFERING_MS_MAX && gapDueMs < state.nowMs && !playout.pinned) {
    playout.lagMs = lagAt(run.clock, first.sourceTimeMs, state.nowMs);
  }
  playout.state = 'playing';
  playout.sinceMs = state.nowMs;
  playout.lateness.periodStartMs = state.nowMs;
  playout.lateness.largestMs = 0;
  return true;
}

/**
 * The entry point that was chosen doesn't come: go on to a newer one, which is awaited twice as long. Pieces may take longer than the first wait, and who always
 * leaves one for the next gets none: where they come after 4.5 s in the median, two of a thousand viewers ran after them for twenty seconds.
 */
function skipUnavailable(state: State, run: Run): boolean {
  const { playout } = state;
  const retryMs = playout.sinceMs + playout.entryPatienceMs;
  if (state.nowMs < retryMs) return wakeAt(state, retryMs);
  playout.sinceMs = state.nowMs;
  const seq = entrySeq(run);
  if (seq === undefined || seq <= playout.nextSeq) return wakeAt(state, state.nowMs + playout.entryPatienceMs);
  playout.entryPatienceMs = Math.min(2 * playout.entryPatienceMs, ENTRY_MS_MAX);
  playout.nextSeq = seq;
  return true;
}

/** Proofs of several neighbours are awaited so long before one is believed to be the newest. */
const GATHER_MS = 100;
/** A repair follows the START so soon, for neighbours that don't offer by themselves. */
const FIRST_REPAIR_MS = 50;
/** A run with so few pieces is wanted from its first one. A guess: some seconds. */
const FRESH_RUN_PIECES = 64;
/** Video that is to be there ahead of what is due, before the reader starts. A guess. */
const FIRST_BUFFER_MS = 100;
/** Longer than this nobody waits for a smaller lag. A guess. */
const BUFFERING_MS_MAX = 1500;
/** So long for the piece with the entry point, then a newer one is tried. */
const ENTRY_MS_MIN = 2000;
/** No entry point is awaited for longer: half a minute's window may have moved on by then. A guess. */
const ENTRY_MS_MAX = 16_000;
/** One piece may come early by luck; of two the later one shows. */
const SAMPLES_MIN = 2;
