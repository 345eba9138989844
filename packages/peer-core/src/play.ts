/** The reader's loop: one piece after the other, each when it is due. */
import type { PieceHeader } from '@tstream/live-piece-auth';
import { missWhenDue, resume, skipTo } from './holes.js';
import { beginWhenReady, followRun, join, startSeed } from './joining.js';
import { dueMs, lagAt, relaxLag } from './lag.js';
import { wakeAt } from './playout.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/** Advances the reader as far as time and pieces allow. Called after every input. */
export function play(state: State): void {
  const { playout } = state;
  state.mayPlay = false;
  state.timers.playout = Infinity;
  if (state.config.role === 'seed') startSeed(state);
  if (playout.state === 'waiting') join(state);
  if (playout.state === 'idle' || playout.state === 'waiting' || playout.state === 'ended') return;
  followRun(state);
  for (let steps = 0; steps < STEPS_MAX && step(state); steps++);
}

/** One piece further, or a decision to wait. @returns Whether another step may be possible. */
function step(state: State): boolean {
  const { playout } = state;
  const run = state.runs.get(playout.run ?? 0);
  if (!run) return false;
  relaxLag(playout, state.nowMs);
  if (playout.nextSeq < run.held.base) return skipTo(state, run, run.held.nextFrom(run.held.base));
  if (playout.state === 'buffering') return beginWhenReady(state, run);
  const header = nextHeader(run, playout.nextSeq);
  if (!header) return missWhenDue(state, run);
  if (!playout.taking) return false;
  const waitMs = dueMs(playout, run.clock, header.sourceTimeMs) - state.nowMs;
  if (playout.state === 'stalled') resume(state, run, header);
  else if (waitMs > 0 && state.config.eager !== true) return wakeAt(state, state.nowMs + waitMs);
  deliver(state, header);
  return true;
}

/** Of a piece that is here. Kept until the reader goes on: it looks after most of all inputs, and nearly always the piece isn't due yet. */
function nextHeader(run: Run, seq: number): PieceHeader | undefined {
  if (!run.held.has(seq)) return undefined;
  if (run.reading?.seq !== seq) run.reading = run.proofs.get(seq)?.header;
  return run.reading;
}

function deliver(state: State, header: PieceHeader): void {
  const { playout } = state;
  playout.nextSeq = header.seq + 1;
  if (playout.atEntry && header.entryOffset === undefined) {
    if (playout.started) state.counters.piecesDropped++;
    return;
  }
  const fromByte = playout.atEntry ? (header.entryOffset ?? 0) : 0;
  const discontinuity = playout.discontinuity;
  playout.atEntry = false;
  playout.discontinuity = false;
  playout.playedMs = header.sourceTimeMs;
  playout.playedAtMs = state.nowMs;
  state.outputs.push({ type: 'deliver', header, fromByte, discontinuity });
  if (playout.started) return;
  playout.started = true;
  state.outputs.push({ type: 'event', event: { type: 'playing', startupMs: state.nowMs - state.bornMs } });
}

/** The reader takes, or stops taking. One that stopped keeps its place: its lag grows by as much. */
export function onReader(state: State, taking: boolean): void {
  const { playout } = state;
  const resumes = taking && !playout.taking;
  playout.taking = taking;
  const run = state.runs.get(playout.run ?? 0);
  const next = run?.proofs.get(playout.nextSeq)?.header;
  if (!resumes || !run || !next || playout.state !== 'playing') return;
  playout.lagMs = Math.max(playout.lagMs, lagAt(run.clock, next.sourceTimeMs, state.nowMs));
}

/** Pieces delivered at a time: a bound on the outputs of one input. */
const STEPS_MAX = 4096;
