/** Pieces that were opened: which of their blocks are free, asked for, or there. */
import type { ConnectionId } from '../inputs.js';
import { blocksOf, pieceLength } from './layout.js';
import type { VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

/** A piece that is on its way. Its bytes are in the driver's memory until it is verified. */
export interface Started {
  readonly index: number;
  readonly bytes: number;
  readonly blocks: number;
  /** By block: of how many neighbours it is asked for, or {@link STORED}. */
  readonly status: Uint8Array;
  /** Blocks that nobody is asked for. */
  freeBlocks: number;
  /** Below this no block is free. */
  freeFrom: number;
  storedBlocks: number;
  /** Who sent which part of it, bytes. */
  readonly contributions: Map<ConnectionId, Contribution>;
  /** It is taken from this neighbour alone, so that a bad piece has one to blame. */
  readonly sole: VodNeighbour | undefined;
  /** The web seed that was asked for all of it. */
  fetchedBy: VodNeighbour | undefined;
  verifying: boolean;
  /** Pieces from the nearest reader's place to here; Infinity: no reader comes here soon. */
  distance: number;
  /** A reader went elsewhere: it can wait. */
  leftBehind: boolean;
  /** Completed or given up. */
  over: boolean;
}

export interface Contribution {
  readonly neighbour: VodNeighbour;
  bytes: number;
}

/** In {@link Started.status}. */
export const STORED = 255;

/** Whether a neighbour may be asked for blocks of it. */
export function maySend(piece: Started, neighbour: VodNeighbour): boolean {
  if (neighbour.held[piece.index] !== 1 || piece.verifying) return false;
  // Who is on parole shares no piece.
  return piece.sole === undefined ? !neighbour.onParole : piece.sole === neighbour;
}

/** Opens a piece. */
export function start(state: VodState, index: number, sole: VodNeighbour | undefined): Started {
  const blocks = blocksOf(state.layout, index);
  const piece: Started = {
    index,
    bytes: pieceLength(state.layout, index),
    blocks,
    status: new Uint8Array(blocks),
    freeBlocks: blocks,
    freeFrom: 0,
    storedBlocks: 0,
    contributions: new Map(),
    sole,
    fetchedBy: undefined,
    verifying: false,
    distance: distanceOf(state, index),
    leftBehind: false,
    over: false,
  };
  closePiece(state, index);
  state.started.set(index, piece);
  state.startedBytes += piece.bytes;
  return piece;
}

/** Takes a piece off the list: it is whole, or given up. */
export function end(state: VodState, piece: Started): void {
  piece.over = true;
  state.started.delete(piece.index);
  state.startedBytes -= piece.bytes;
  if (state.lacksRoom) state.wakesAll = true;
}

/** Pieces from the nearest reader's place to this one; Infinity if none comes to it soon. */
export function distanceOf(state: VodState, index: number): number {
  let least = Infinity;
  for (const { fromPiece, toPiece, nearPieces } of state.view.readers) {
    const distance = index - fromPiece;
    if (distance >= 0 && distance < nearPieces && index <= toPiece) least = Math.min(least, distance);
  }
  return least;
}

/** The piece may be chosen, if it is wanted and not held. */
export function reopen(state: VodState, index: number): void {
  if (state.open[index] === 1 || state.held[index] === 1 || state.wanted[index] !== 1) return;
  if (state.started.has(index)) return;
  state.open[index] = 1;
  state.view.openPieces++;
  state.wakesAll = true;
}

/** The piece may not be chosen any more. */
export function closePiece(state: VodState, index: number): void {
  if (state.open[index] !== 1) return;
  state.open[index] = 0;
  state.view.openPieces--;
}

/** The first block that nobody is asked for. It must have one. */
export function firstFree(piece: Started): number {
  while (piece.status[piece.freeFrom] !== 0) piece.freeFrom++;
  return piece.freeFrom;
}

/** One more is asked for the block. */
export function markAsked(piece: Started, block: number): void {
  const asked = piece.status[block] as number;
  if (asked === 0) piece.freeBlocks--;
  piece.status[block] = asked + 1;
}

/** One fewer is asked for the block; with none left it is free again. */
export function unmarkAsked(state: VodState, piece: Started, block: number): void {
  const asked = piece.status[block] as number;
  if (piece.over || asked === STORED || asked === 0) return;
  piece.status[block] = asked - 1;
  if (asked > 1) return;
  piece.freeBlocks++;
  piece.freeFrom = Math.min(piece.freeFrom, block);
  state.wakesAll = true;
}
