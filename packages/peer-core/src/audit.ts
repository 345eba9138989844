/**
 * A source's audit: it gets nothing from anybody, so it looks how soon the pieces that it gave to a neighbour are with half
 * of the others, by their COMING and HAVE.
 */
import type { Neighbour, NeighbourRun } from './neighbours.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/** A piece whose way is watched. */
interface Watched {
  readonly seq: number;
  /** Those who got it first; nobody has it yet if there are none. */
  first: readonly Neighbour[];
}

export interface Audit {
  /** By age, oldest first. */
  watched: Watched[];
}

export function createAudit(): Audit {
  return { watched: [] };
}

/** Looks after the pieces under way each time that a new one was made: the source's own beat. */
export function auditSpread(state: State, run: Run, madeSeq: number): void {
  const { audit } = state;
  audit.watched = audit.watched.filter((watched) => !isSettled(state, run, watched, madeSeq - watched.seq));
  audit.watched.push({ seq: madeSeq, first: [] });
}

function isSettled(state: State, run: Run, watched: Watched, agePieces: number): boolean {
  const { seq } = watched;
  if (agePieces < FIRST_PIECES) return agePieces < 0;
  const neighbours = [...state.neighbours.values()];
  if (watched.first.length === 0) {
    watched.first = neighbours.filter(({ runs }) => runs.get(run.run)?.exchange.given.has(seq));
  }
  if (watched.first.length === 0) return agePieces >= AGE_PIECES_MAX;
  const views = neighbours.flatMap(({ runs }) => runs.get(run.run) ?? []);
  const wanting = views.filter((view) => view.startSeq <= seq && !view.exchange.given.has(seq));
  if (wanting.length < OTHERS_MIN) return true;
  const having = wanting.filter((view) => hasFromOthers(view, seq)).length;
  if (having * 2 < wanting.length && agePieces < AGE_PIECES_MAX) return false;
  for (const neighbour of watched.first) note(neighbour, agePieces * run.pieceMs);
  return true;
}

/** It holds it, or said that it is coming: what we offered to it is known for our offer alone. */
function hasFromOthers({ held, known, exchange }: NeighbourRun, seq: number): boolean {
  return held.has(seq) || (known.has(seq) && !exchange.offered.has(seq));
}

function note(neighbour: Neighbour, spreadMs: number): void {
  const before = neighbour.spreadMs;
  neighbour.spreadMs = before === undefined ? spreadMs : Math.floor((7 * before + spreadMs) / 8);
}

/** By then a source has sent the first copies. */
const FIRST_PIECES = 2;
/** What isn't spread by then won't be, by those who got it first: in the delivery model 1000 peers take 16 τ. */
const AGE_PIECES_MAX = 16;
/** Of fewer the half is no measure. */
const OTHERS_MIN = 3;
