/** Web seeds (BEP 19): servers that are asked for runs of whole pieces. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import { takeTokens } from '../token-bucket.js';
import { begin, nextPiece } from './choosing.js';
import { isPiece } from './layout.js';
import { markAsked, STORED, type Started, unmarkAsked } from './started.js';
import { closeVodNeighbour, makeHungry, type VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

/** Asks it for the next run, if it is idle. */
export function fetchNext(state: VodState, seed: VodNeighbour): void {
  const { web } = seed.asking;
  if (web.pieces > 0 || seed.asking.restsUntilMs > state.nowMs) return;
  const first = nextPiece(state, seed)?.index;
  if (first === undefined) return;
  const runBytes = Math.min(RUN_BYTES_MAX, (seed.bytesPerSecond * RUN_MS) / 1000);
  let bytes = 0;
  let index = first;
  do {
    const piece = state.started.get(index) ?? begin(state, index, seed);
    piece.fetchedBy = seed;
    for (let block = 0; block < piece.blocks; block++) if (piece.status[block] !== STORED) markAsked(piece, block);
    web.blocksLeft += piece.blocks;
    bytes += piece.bytes;
    index++;
  } while (
    isPiece(state.layout, index) &&
    state.open[index] === 1 &&
    !seed.onParole &&
    bytes + state.layout.pieceBytes <= runBytes
  );
  web.index = first;
  web.pieces = index - first;
  seed.asking.signMs = state.nowMs;
  takeTokens(state.download, bytes);
  state.outputs.push({ type: 'fetch', connection: seed.id, index: first, pieces: web.pieces });
}

/** A block of a run came. @returns False if it isn't of one. */
export function noteFetched(state: VodState, seed: VodNeighbour, index: number): boolean {
  const { web } = seed.asking;
  if (index < web.index || index >= web.index + web.pieces) return false;
  web.blocksLeft--;
  if (web.blocksLeft > 0) return true;
  web.pieces = 0;
  web.failures = 0;
  makeHungry(state, seed);
  return true;
}

/** It can't answer: it rests for a while, longer each time, and goes after some. */
export function onFetchFailed(state: VodState, seed: VodNeighbour): void {
  const { web } = seed.asking;
  if (seed.kind !== 'webSeed' || web.pieces === 0) return;
  dropRun(state, seed);
  if (++web.failures >= FAILURES_MAX) return closeVodNeighbour(state, seed, 'no-delivery', false);
  seed.asking.restsUntilMs = state.nowMs + REST_MS * 2 ** (web.failures - 1);
}

/** Takes a run back: what it lacks is free again. */
export function dropRun(state: VodState, seed: VodNeighbour): void {
  for (const piece of runOf(state, seed)) {
    for (let block = 0; block < piece.blocks; block++) {
      if (piece.status[block] === STORED) continue;
      takeTokens(state.download, -BLOCK_BYTES);
      unmarkAsked(state, piece, block);
    }
  }
  seed.asking.web.pieces = 0;
  seed.asking.web.blocksLeft = 0;
}

/** What is under way of the run. */
export function runOf(state: VodState, seed: VodNeighbour): Started[] {
  const { index, pieces } = seed.asking.web;
  const run: Started[] = [];
  for (let i = index; i < index + pieces; i++) {
    const piece = state.started.get(i);
    if (piece?.fetchedBy === seed) run.push(piece);
  }
  return run;
}

/** Called each second: who has rested is asked again, and who sends nothing isn't waited for. */
export function expireFetch(state: VodState, seed: VodNeighbour): void {
  const { asking } = seed;
  if (asking.web.pieces === 0) {
    if (asking.restsUntilMs <= state.nowMs) makeHungry(state, seed);
    return;
  }
  if (state.nowMs - asking.signMs < SILENT_MS) return;
  state.outputs.push({ type: 'cancelFetch', connection: seed.id });
  onFetchFailed(state, seed);
}

/** A run lasts so long: what a request costs is little beside it, and little is lost if it has to be stopped. */
const RUN_MS = 3000;
const RUN_BYTES_MAX = 16 * 1024 * 1024;
/** Guesses. */
const SILENT_MS = 30_000;
const REST_MS = 5000;
const FAILURES_MAX = 5;
