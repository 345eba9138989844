/** What a peer can say of itself, for pages, scripts and tests. A snapshot: nothing in it changes later. */

import { bufferMs } from './holes.js';
import type { ConnectionId } from './inputs.js';
import type { NeighbourRun } from './neighbours.js';
import { currentRun, type Run } from './runs.js';
import type { State } from './state.js';

export interface Figures {
  readonly state: 'idle' | 'waiting' | 'buffering' | 'playing' | 'stalled' | 'paused' | 'stale' | 'ended';
  readonly edgeRun: number | undefined;
  readonly edgeSeq: number | undefined;
  /** Since the newest proof of the edge came in, milliseconds. */
  readonly edgeAgeMs: number | undefined;
  readonly playRun: number | undefined;
  readonly playSeq: number | undefined;
  /** The piece that was delivered last: it is being played, or was played to its end. */
  readonly played: PlayedPiece | undefined;
  readonly lagMs: number;
  /** Video that is here from the play position on, milliseconds. */
  readonly bufferMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  readonly piecesDropped: number;
  readonly piecesRejected: number;
  readonly peersBanned: number;
  readonly bytesFromSource: number;
  readonly bytesFromPeers: number;
  readonly heldPieces: number;
  /** Share of neighbours, in thousandths, that hold the piece made about two seconds ago. */
  readonly heldByThousandths: number | undefined;
  /** How long a piece lasts, milliseconds. */
  readonly pieceMs: number | undefined;
  readonly unconfirmedBytes: number;
  readonly budgetBytes: number;
  readonly neighbours: ReadonlyMap<ConnectionId, NeighbourFigures>;
}

export interface PlayedPiece {
  /** Of its first byte, unix milliseconds by the source's clock. */
  readonly sourceTimeMs: number;
  /** When it was delivered, monotonic milliseconds. */
  readonly atMs: number;
  /** How long a piece lasts. */
  readonly lastsMs: number;
}

export interface NeighbourFigures {
  readonly isSource: boolean;
  readonly rttMs: number | undefined;
  readonly strikes: number;
  readonly delivered: number;
  /** Newest piece that it holds, counted back from the edge; undefined if it holds none. */
  readonly behindPieces: number | undefined;
  /** Of the newest pieces, from where it began on: those that we hold and it doesn't. */
  readonly lacksPieces: number;
}

/** The newest pieces of the run that plays, one character each: `#` held, `+` arriving, `.` missing. */
export interface PieceStrip {
  readonly run: number;
  readonly fromSeq: number;
  readonly states: string;
}

export function figures(state: State): Figures {
  const run = currentRun(state);
  const { playout, counters } = state;
  const playing = state.runs.get(playout.run ?? 0);
  return {
    state: stateWord(state),
    edgeRun: run?.run,
    edgeSeq: run && run.edgeSeq >= 0 ? run.edgeSeq : undefined,
    edgeAgeMs: run?.edge ? state.nowMs - run.clock.newestAtMs : undefined,
    playRun: playout.run,
    playSeq: playout.started ? playout.nextSeq - 1 : undefined,
    played: playing && playedPiece(state, playing),
    lagMs: playout.lagMs,
    bufferMs: playing ? bufferMs(playing, playout.nextSeq) : 0,
    stalls: playout.stalls,
    stallMs: playout.stallMs + (playout.state === 'stalled' ? state.nowMs - playout.sinceMs : 0),
    ...counters,
    heldPieces: [...state.runs.values()].reduce((sum, each) => sum + each.held.size, 0),
    heldByThousandths: run && heldBy(run),
    pieceMs: run?.pieceMs,
    unconfirmedBytes: state.uplink.unconfirmedBytes,
    budgetBytes: state.uplink.budgetBytes,
    neighbours: neighbourFigures(state, run),
  };
}

export function pieceStrip(state: State, piecesMax: number): PieceStrip | undefined {
  const run = state.runs.get(state.playout.run ?? state.currentRun ?? 0);
  if (!run || run.edgeSeq < 0) return undefined;
  const fromSeq = Math.max(0, run.edgeSeq - piecesMax + 1);
  let states = '';
  for (let seq = fromSeq; seq <= run.edgeSeq; seq++) {
    states += run.held.has(seq) ? '#' : run.incoming.has(seq) ? '+' : '.';
  }
  return { run: run.run, fromSeq, states };
}

function playedPiece({ playout }: State, run: Run): PlayedPiece | undefined {
  const { playedMs, playedAtMs } = playout;
  return playedMs === undefined ? undefined : { sourceTimeMs: playedMs, atMs: playedAtMs, lastsMs: run.pieceMs };
}

function stateWord(state: State): Figures['state'] {
  const { playout } = state;
  if (playout.state === 'ended' || playout.state === 'idle') return playout.state;
  if (state.stale && playout.state !== 'playing') return 'stale';
  if (!playout.taking) return 'paused';
  return playout.state;
}

function heldBy(run: Run): number | undefined {
  const seq = run.edgeSeq - Math.ceil(2000 / run.pieceMs);
  const views = run.views.filter((view) => view.startSeq <= seq);
  if (seq < 0 || views.length === 0) return undefined;
  return Math.floor((1000 * views.filter((view) => view.held.has(seq)).length) / views.length);
}

function neighbourFigures(state: State, run: Run | undefined): Map<ConnectionId, NeighbourFigures> {
  const all = new Map<ConnectionId, NeighbourFigures>();
  for (const neighbour of state.neighbours.values()) {
    const view = run && neighbour.runs.get(run.run);
    const highest = view?.held.highest() ?? -1;
    all.set(neighbour.id, {
      isSource: neighbour.isSource,
      rttMs: neighbour.rttMs,
      strikes: neighbour.strikes,
      delivered: neighbour.delivered,
      behindPieces: run && highest >= 0 ? Math.max(0, run.edgeSeq - highest) : undefined,
      lacksPieces: run && view ? lacks(run, view) : 0,
    });
  }
  return all;
}

function lacks(run: Run, view: NeighbourRun): number {
  let pieces = 0;
  for (let seq = Math.max(view.startSeq, run.edgeSeq - NEWEST_PIECES + 1, 0); seq <= run.edgeSeq; seq++) {
    if (run.held.has(seq) && !view.held.has(seq)) pieces++;
  }
  return pieces;
}

/** What anybody may still play: some seconds. */
const NEWEST_PIECES = 64;
