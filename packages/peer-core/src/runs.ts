/** Runs: what one start of the source signed, and what this peer has of it. */
import type { PieceHeader } from '@tstream/live-piece-auth';
import { SeqSet } from '@tstream/sliding-window';
import { forgiveLateBlocks, type Neighbour, type NeighbourRun } from './neighbours.js';
import type { Incoming } from './receive.js';
import { createSourceClock, type SourceClock } from './source-clock.js';
import type { State } from './state.js';

/** A header whose signature was checked, as received and as read. */
export interface Proof {
  readonly bytes: Uint8Array;
  readonly header: PieceHeader;
}

/** A piece that is missing: since when, or when it was last asked for, and how often. */
export interface Missing {
  sinceMs: number;
  asked: number;
  /** It was on its way, and didn't come. */
  readonly failed: boolean;
}

export interface Run {
  readonly run: number;
  readonly certificate: Uint8Array;
  readonly key: Uint8Array;
  readonly expiryMs: number;
  readonly clock: SourceClock;
  /** Newest sequence number that is proven to exist; -1 before the first. */
  edgeSeq: number;
  /** The newest proof of the edge. */
  edge: Proof | undefined;
  /** One past the last sequence number, once an END said so. */
  endSeq: number | undefined;
  /** From where on pieces are wanted; undefined until playout, or the seed, has chosen. */
  startSeq: number | undefined;
  readonly proofs: Map<number, Proof>;
  readonly held: SeqSet;
  /** Held, or first byte in. */
  readonly offerable: SeqSet;
  /** Offered to anybody so far. */
  readonly injected: SeqSet;
  readonly incoming: Map<number, Incoming>;
  readonly missing: Map<number, Missing>;
  /** Completed since the last HAVE. */
  fresh: number[];
  readonly views: NeighbourRun[];
  /** Header of the piece that the reader last looked for and that was here. */
  reading: PieceHeader | undefined;
  /** How long a piece lasts, milliseconds (τ), measured. */
  pieceMs: number;
}

/** Adds a run whose certificate was verified. Keeps the two highest; a lower one than both is not added. */
export function addRun(
  state: State,
  certified: { run: number; lowestValidRun: number; runPublicKey: Uint8Array; expiryMs: number },
  certificate: Uint8Array,
): Run | undefined {
  if (state.runs.has(certified.run) || certified.run < state.lowestValidRun) return undefined;
  state.lowestValidRun = Math.max(state.lowestValidRun, certified.lowestValidRun);
  const run = createRun(state, certified, certificate);
  state.runs.set(run.run, run);
  const kept = [...state.runs.keys()].sort((a, b) => b - a).filter((number) => number >= state.lowestValidRun);
  for (const number of state.runs.keys()) if (!kept.slice(0, RUNS_MAX).includes(number)) dropRun(state, number);
  state.currentRun = kept[0];
  return state.runs.get(run.run);
}

function dropRun(state: State, number: number): void {
  // A block that is being checked must not be stored after the run was discarded.
  state.runs.get(number)?.incoming.clear();
  state.runs.delete(number);
  for (const neighbour of state.neighbours.values()) {
    neighbour.runs.delete(number);
    if (neighbour.latest?.number === number) neighbour.latest = undefined;
    dropTransfers(state, neighbour, number);
  }
  state.outputs.push({ type: 'discard', run: number, belowSeq: Infinity });
}

/** What is on its way from a neighbour is no fault of its, and what it waits for won't come: it may ask elsewhere. */
function dropTransfers(state: State, neighbour: Neighbour, number: number): void {
  for (const incoming of neighbour.receiving.values()) {
    if (incoming.run.run !== number) continue;
    neighbour.receiving.delete(incoming.index);
    forgiveLateBlocks(state, incoming);
  }
  for (const { run, proof } of neighbour.offers.values()) {
    if (run.run === number) state.lost.push({ run: number, seq: proof.header.seq });
  }
}

function createRun(
  state: State,
  certified: { run: number; runPublicKey: Uint8Array; expiryMs: number },
  certificate: Uint8Array,
): Run {
  const capacity = setCapacity(state.config.windowPieces);
  return {
    run: certified.run,
    certificate,
    key: certified.runPublicKey,
    expiryMs: certified.expiryMs,
    clock: createSourceClock(),
    edgeSeq: -1,
    edge: undefined,
    endSeq: undefined,
    startSeq: undefined,
    proofs: new Map(),
    held: new SeqSet(capacity),
    offerable: new SeqSet(capacity),
    injected: new SeqSet(capacity),
    incoming: new Map(),
    missing: new Map(),
    fresh: [],
    views: [],
    reading: undefined,
    pieceMs: PIECE_MS_GUESS,
  };
}

/** The run that new pieces belong to, or undefined before the first certificate. */
export function currentRun(state: State): Run | undefined {
  return state.currentRun === undefined ? undefined : state.runs.get(state.currentRun);
}

export function runsNewestFirst(state: State): readonly Run[] {
  const runs = [...state.runs.values()];
  return runs.length > 1 ? runs.sort((a, b) => b.run - a.run) : runs;
}

/** Lowest sequence number of a run that is valid now. */
export function windowStart(state: State, run: Run): number {
  return Math.max(0, run.edgeSeq - state.config.windowPieces + 1);
}

/** Whether no neighbour knows of the piece. */
export function isUnseen(run: Run, seq: number): boolean {
  return !run.views.some((view) => view.known.has(seq));
}

/** Forgets what fell out of the window, or out of what the driver can keep. */
export function slideWindow(state: State, run: Run): void {
  const below = Math.max(0, run.edgeSeq - state.config.keepPieces + 1);
  if (below === 0 || below <= run.held.base) return;
  for (const seq of run.missing.keys()) if (seq < below) run.missing.delete(seq);
  dropProofs(run, below);
  run.held.dropBelow(below);
  run.offerable.dropBelow(below);
  state.outputs.push({ type: 'discard', run: run.run, belowSeq: below });
}

/** Piece by piece where the window slides, over the whole map where it jumps. */
function dropProofs(run: Run, below: number): void {
  if (below - run.held.base > run.proofs.size) {
    for (const seq of run.proofs.keys()) if (seq < below) run.proofs.delete(seq);
  } else {
    for (let seq = run.held.base; seq < below; seq++) run.proofs.delete(seq);
  }
}

/** When a piece was made, by its header or by that of the one before; undefined if neither is known. */
export function sourceTimeOf({ proofs, pieceMs }: Run, seq: number): number | undefined {
  const before = proofs.get(seq - 1)?.header.sourceTimeMs;
  return proofs.get(seq)?.header.sourceTimeMs ?? (before === undefined ? undefined : before + pieceMs);
}

/** Measures τ over the pieces between an older proof and this one. */
export function measurePiece(run: Run, header: PieceHeader): void {
  const older = run.proofs.get(header.seq - TAU_PIECES)?.header;
  if (older) run.pieceMs = Math.max(1, Math.floor((header.sourceTimeMs - older.sourceTimeMs) / TAU_PIECES));
}

/** Sets hold the window, and as much again for neighbours that are ahead. */
export function setCapacity(windowPieces: number): number {
  return 2 * windowPieces;
}

/** The run that is on, and the one before it, which stays playable to its end. */
const RUNS_MAX = 2;
/** What a piece lasts by design, until it is measured. */
const PIECE_MS_GUESS = 150;
/** Pieces over which τ is measured. */
const TAU_PIECES = 16;
