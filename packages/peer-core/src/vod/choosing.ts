/** Choosing: which piece a neighbour is asked for, of those that were begun and those that the picker would begin. */
import { abandon } from './requests.js';
import { distanceOf, maySend, type Started, start } from './started.js';
import type { VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

/** A begun piece with a block that nobody is asked for; undefined: there is nothing to ask it for. */
export function pieceFor(state: VodState, neighbour: VodNeighbour): Started | undefined {
  const { asking } = neighbour;
  const { piece } = asking;
  if (piece && piece.freeBlocks > 0 && !piece.over && maySend(piece, neighbour) && !neighbour.choking) return piece;
  if (asking.dry) return undefined;
  asking.piece = neighbour.choking ? allowedPiece(state, neighbour) : nextPiece(state, neighbour);
  if (!asking.piece) asking.dry = true;
  return asking.piece;
}

/** What was begun goes before what could be, unless a reader needs that sooner, or has left behind what was begun. */
export function nextPiece(state: VodState, neighbour: VodNeighbour): Started | undefined {
  const begun = nearestBegun(state, neighbour);
  if (begun && state.view.readers.length === 0) return begun;
  if (begun && begun.distance < Infinity && !begun.leftBehind) return begun;
  const index = choose(state, neighbour);
  if (index < 0 || (begun && !goesBefore({ distance: distanceOf(state, index), leftBehind: false }, begun)))
    return begun;
  // Nobody reads up to here: what a player left, as it looks for the index at a film's end, it comes back to.
  if (begun && !isAheadOfReaders(state, index)) return begun;
  if (makeRoom(state)) return begin(state, index, neighbour);
  return begun?.over ? undefined : begun;
}

function isAheadOfReaders({ view }: VodState, index: number): boolean {
  return view.readers.some(({ fromPiece, toPiece }) => index >= fromPiece && index <= toPiece);
}

function nearestBegun(state: VodState, neighbour: VodNeighbour): Started | undefined {
  let nearest: Started | undefined;
  for (const piece of state.started.values()) {
    if (piece.freeBlocks === 0 || !maySend(piece, neighbour)) continue;
    if (!nearest || goesBefore(piece, nearest)) nearest = piece;
  }
  return nearest;
}

type Place = Pick<Started, 'distance' | 'leftBehind'>;

function goesBefore(one: Place, other: Place): boolean {
  return one.distance === other.distance ? other.leftBehind && !one.leftBehind : one.distance < other.distance;
}

/**
 * The picker's answer; −1: nothing.
 * @throws {RangeError} If it is none: a mistake in somebody's picker.
 */
function choose(state: VodState, neighbour: VodNeighbour): number {
  if (state.view.openPieces === 0 || neighbour.interestingPieces === 0) return -1;
  state.view.heldPieces = state.heldPieces;
  const index = state.config.picker.choose(state.view, neighbour);
  if (index < 0) return -1;
  if (state.open[index] === 1 && neighbour.held[index] === 1) return index;
  throw new RangeError(`expected an open piece that neighbour ${neighbour.id} holds, got ${index}`);
}

export function begin(state: VodState, index: number, neighbour: VodNeighbour): Started {
  return start(state, index, neighbour.onParole || state.doubtful.has(index) ? neighbour : undefined);
}

/** A piece that it sends although it chokes. */
function allowedPiece(state: VodState, neighbour: VodNeighbour): Started | undefined {
  for (const index of neighbour.allowedFast) {
    const piece = state.started.get(index);
    if (piece && piece.freeBlocks > 0 && maySend(piece, neighbour)) return piece;
    if (state.open[index] === 1 && neighbour.held[index] === 1 && makeRoom(state))
      return begin(state, index, neighbour);
  }
  return undefined;
}

/** Whether another piece may be opened. What a reader left behind gives way to what readers need. */
function makeRoom(state: VodState): boolean {
  if (!isFull(state)) return true;
  for (const piece of state.started.values()) {
    if (!piece.leftBehind || piece.verifying || piece.freeBlocks + piece.storedBlocks < piece.blocks) continue;
    abandon(state, piece);
    if (!isFull(state)) return true;
  }
  state.lacksRoom = true;
  return false;
}

/** As much is begun as may be. */
export function isFull({ startedBytes, started }: VodState): boolean {
  return startedBytes >= STARTED_BYTES_MAX && started.size >= STARTED_PIECES_MIN;
}

/** What is begun at a time: the driver keeps its blocks in memory. Pieces of 16 MiB need more for all neighbours to have something. */
const STARTED_BYTES_MAX = 64 * 1024 * 1024;
const STARTED_PIECES_MIN = 4;
