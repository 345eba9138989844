/**
 * Playout: a virtual reader that plays at a lag behind the edge. Of what is fetched and forwarded nothing depends on the
 * lag but the time at which a missing piece is asked for. A piece that is missing when due stalls the reader if less than
 * half the lag is buffered from the first entry point behind the hole on; else it is dropped, and the reader goes on there.
 */
import type { PieceHeader } from '@tstream/live-piece-auth';
import type { PeerConfig } from './config.js';
import { createLateness, type Lateness, noteAwaited, noteLateness } from './lag.js';
import { type Run, sourceTimeOf } from './runs.js';
import type { State } from './state.js';

export interface Playout {
  /** Idle: this peer doesn't play. Waiting: the broadcast hasn't begun, or its state isn't known yet. */
  state: 'idle' | 'waiting' | 'buffering' | 'playing' | 'stalled' | 'ended';
  run: number | undefined;
  /** Next piece for the reader. */
  nextSeq: number;
  /** After a gap or at the beginning: pieces without an entry point are passed over. */
  atEntry: boolean;
  /** What comes next doesn't continue what went before. */
  discontinuity: boolean;
  /** Whether the reader takes what is due. */
  taking: boolean;
  lagMs: number;
  /** The lag was set by a person and stays. */
  readonly pinned: boolean;
  readonly lateness: Lateness;
  /** The edge when this run was entered: what is older comes late because we came late. */
  enteredSeq: number;
  /** How long the entry point that was chosen is awaited, milliseconds. */
  entryPatienceMs: number;
  /** Since when the present state lasts. */
  sinceMs: number;
  /** When this process last woke up late. */
  wokeMs: number;
  started: boolean;
  stalls: number;
  stallMs: number;
  /** Source time of what was delivered last, milliseconds. */
  playedMs: number | undefined;
  /** When that was. */
  playedAtMs: number;
}

export function createPlayout(config: PeerConfig): Playout {
  return {
    state: config.role === 'viewer' ? 'waiting' : 'idle',
    run: undefined,
    nextSeq: 0,
    atEntry: true,
    discontinuity: false,
    taking: true,
    lagMs: config.lagMs ?? 0,
    pinned: config.lagMs !== undefined,
    lateness: createLateness(),
    enteredSeq: 0,
    entryPatienceMs: 0,
    sinceMs: 0,
    wokeMs: 0,
    started: false,
    stalls: 0,
    stallMs: 0,
    playedMs: undefined,
    playedAtMs: 0,
  };
}

/** A piece became whole. */
export function noteArrival(state: State, run: Run, header: PieceHeader): void {
  const { playout } = state;
  if (playout.run !== run.run) return;
  if (header.seq > playout.enteredSeq) noteLateness(playout, run.clock, header, state.nowMs);
  const awaitedSeq = run.held.contiguousFrom(playout.nextSeq);
  if (awaitedSeq >= header.seq || awaitedSeq <= playout.enteredSeq) return;
  const madeMs = sourceTimeOf(run, awaitedSeq);
  if (madeMs !== undefined) noteAwaited(playout, run.clock, madeMs, state.nowMs);
}

/** The reader has nothing to do before this time. */
export function wakeAt(state: State, atMs: number): false {
  state.timers.playout = Math.min(state.timers.playout, Math.max(atMs, state.nowMs + 1));
  return false;
}
