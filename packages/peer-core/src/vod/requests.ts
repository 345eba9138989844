/** Requests: sent, taken back, lost; and pieces that are given up with all of theirs. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import { takeTokens } from '../token-bucket.js';
import { blockLength, blockNumber } from './layout.js';
import { end, markAsked, reopen, STORED, type Started, unmarkAsked } from './started.js';
import { makeHungry, type Request, send, type VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

/** Asks a neighbour for a block. */
export function ask(state: VodState, neighbour: VodNeighbour, piece: Started, block: number): void {
  const { asking } = neighbour;
  if (asking.out.length === 0) asking.signMs = state.nowMs;
  const counts = !asking.snubs;
  if (counts) markAsked(piece, block);
  asking.out.push({ piece, block, askedMs: state.nowMs, counts });
  const length = blockLength(state.layout, piece.index, block);
  takeTokens(state.download, length);
  send(state, neighbour, { type: 'request', index: piece.index, begin: block * BLOCK_BYTES, length });
}

/** Place in what the neighbour was asked for; −1: it wasn't. */
export function findRequest({ asking }: VodNeighbour, index: number, block: number): number {
  const { out } = asking;
  for (let i = 0; i < out.length; i++) {
    const request = out[i] as Request;
    if (request.block === block && request.piece.index === index) return i;
  }
  return -1;
}

/** Takes a request back. Its block may be on its way. */
export function cancel(state: VodState, neighbour: VodNeighbour, place: number): void {
  const [request] = neighbour.asking.out.splice(place, 1) as [Request];
  const { piece, block, counts } = request;
  const length = blockLength(state.layout, piece.index, block);
  send(state, neighbour, { type: 'cancel', index: piece.index, begin: block * BLOCK_BYTES, length });
  const { takenBack } = neighbour.asking;
  neighbour.asking.takenBackMs = state.nowMs;
  const number = blockNumber(state.layout, piece.index, block);
  takenBack.set(number, (takenBack.get(number) ?? 0) + 1);
  takeTokens(state.download, -length);
  if (counts) unmarkAsked(state, piece, block);
  makeHungry(state, neighbour);
}

/** Whether a block, or a REJECT, may answer a request that was taken back: it is counted off then. */
export function answersTakenBack(state: VodState, { asking }: VodNeighbour, index: number, block: number): boolean {
  const number = blockNumber(state.layout, index, block);
  const takenBack = asking.takenBack.get(number) ?? 0;
  if (takenBack > 0) asking.takenBack.set(number, takenBack - 1);
  return takenBack > 0;
}

/** All that the neighbour was asked for will not come. */
export function loseRequests(state: VodState, neighbour: VodNeighbour): void {
  for (const { piece, block, counts } of neighbour.asking.out.splice(0)) {
    takeTokens(state.download, -blockLength(state.layout, piece.index, block));
    if (counts) unmarkAsked(state, piece, block);
  }
  neighbour.asking.piece = undefined;
}

/** Gives up a piece; all of it is missing again. */
export function abandon(state: VodState, piece: Started): void {
  for (const neighbour of state.neighbours.values()) {
    const { out } = neighbour.asking;
    for (let i = out.length - 1; i >= 0; i--) if (out[i]?.piece === piece) cancel(state, neighbour, i);
    if (neighbour.asking.piece === piece) neighbour.asking.piece = undefined;
  }
  let storedBytes = 0;
  for (let block = 0; block < piece.blocks; block++) {
    if (piece.status[block] === STORED) storedBytes += blockLength(state.layout, piece.index, block);
  }
  state.wastedBytes += storedBytes;
  if (storedBytes > 0) state.outputs.push({ type: 'abandon', index: piece.index });
  end(state, piece);
  reopen(state, piece.index);
}
