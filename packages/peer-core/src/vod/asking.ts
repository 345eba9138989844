/** Asking: every neighbour that has room is asked for the next block, of what was begun first. */
import { bucketWaitMs } from '../token-bucket.js';
import { pieceFor } from './choosing.js';
import { dateReaders } from './readers.js';
import { ask, findRequest } from './requests.js';
import { firstFree, maySend, type Started } from './started.js';
import { waitMs } from './urgency.js';
import { hasRoom, makeHungry, type VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { fetchNext } from './web-seeds.js';

/** Asks all who may have room, as far as the limit lets it. */
export function askHungry(state: VodState): void {
  wakeAll(state);
  if (state.hungry.length === 0) return;
  if (state.readers.size > 0) dateReaders(state);
  if (state.sharesOut) shareOut(state);
  const { hungry } = state;
  for (let i = 0; i < hungry.length; i++) {
    const waitMs = bucketWaitMs(state.download, state.nowMs);
    if (waitMs > 0) {
      state.timers.download = state.nowMs + waitMs;
      state.hungry = hungry.slice(i);
      return;
    }
    const neighbour = hungry[i] as VodNeighbour;
    neighbour.asking.hungry = false;
    if (neighbour.gone) continue;
    if (neighbour.kind === 'webSeed') fetchNext(state, neighbour);
    else askNeighbour(state, neighbour);
  }
  hungry.length = 0;
  state.timers.download = Infinity;
}

/**
 * A reader waits at a new place: block by block is asked of the one that would bring it soonest. If each were asked for all that it should
 * have, one after the other, the first piece would come from one alone, however many have it.
 */
function shareOut(state: VodState): void {
  state.sharesOut = false;
  const able = new Set(state.hungry.filter(({ gone, kind, choking }) => !gone && kind === 'peer' && !choking));
  for (let next = soonest(able); next; next = soonest(able)) {
    if (next.asking.restsUntilMs > state.nowMs || !askOne(state, next)) able.delete(next);
  }
}

/** Of whom nothing came yet is the last; of several the one that was asked for least. */
function soonest(able: ReadonlySet<VodNeighbour>): VodNeighbour | undefined {
  let best: VodNeighbour | undefined;
  let bestMs = Infinity;
  for (const neighbour of able) {
    const asked = neighbour.asking.out.length;
    const ms = waitMs(neighbour, asked + 1);
    if (best && (ms > bestMs || (ms === bestMs && asked >= best.asking.out.length))) continue;
    best = neighbour;
    bestMs = ms;
  }
  return best;
}

/** @returns False if it has enough, or there is nothing new to ask it for, or the limit is reached. */
function askOne(state: VodState, neighbour: VodNeighbour): boolean {
  if (!hasRoom(neighbour) || bucketWaitMs(state.download, state.nowMs) > 0) return false;
  const piece = pieceFor(state, neighbour);
  if (piece) ask(state, neighbour, piece, firstFree(piece));
  return piece !== undefined;
}

function wakeAll(state: VodState): void {
  if (!state.wakesAll) return;
  state.wakesAll = false;
  state.lacksRoom = false;
  for (const neighbour of state.neighbours.values()) {
    neighbour.asking.dry = false;
    makeHungry(state, neighbour);
  }
}

function askNeighbour(state: VodState, neighbour: VodNeighbour): void {
  const { asking } = neighbour;
  if ((neighbour.choking && neighbour.allowedFast.size === 0) || asking.restsUntilMs > state.nowMs) return;
  while (hasRoom(neighbour)) {
    if (bucketWaitMs(state.download, state.nowMs) > 0) return makeHungry(state, neighbour);
    const piece = pieceFor(state, neighbour);
    if (piece) ask(state, neighbour, piece, firstFree(piece));
    else if (!askAgain(state, neighbour)) return;
  }
}

/**
 * Endgame: nothing is left to be opened, so what others were asked for is asked of this one as well, a few blocks at a time. Who reads can
 * wait for the end: what comes too late for a reader is hurried anyhow, and second copies take upload from what others need now.
 * @returns False if there is nothing.
 */
function askAgain(state: VodState, neighbour: VodNeighbour): boolean {
  if (state.view.openPieces > 0 || state.view.readers.length > 0 || neighbour.choking) return false;
  if (neighbour.asking.out.length >= ENDGAME_REQUESTS) return false;
  for (let copies = 0; copies < COPIES_MAX; copies++) if (askCopy(state, neighbour, copies)) return true;
  return false;
}

/** Asks for a block that so many others were asked for, of the piece that is nearest to a reader. */
function askCopy(state: VodState, neighbour: VodNeighbour, copies: number): boolean {
  let nearest: Started | undefined;
  let found = -1;
  for (const piece of state.started.values()) {
    if (piece.sole || !maySend(piece, neighbour) || (nearest && piece.distance >= nearest.distance)) continue;
    const block = lastAsked(piece, neighbour, copies);
    if (block < 0) continue;
    nearest = piece;
    found = block;
  }
  if (nearest) ask(state, neighbour, nearest, found);
  return nearest !== undefined;
}

/** The block that is likely to come last; −1: there is none. */
function lastAsked(piece: Started, neighbour: VodNeighbour, copies: number): number {
  for (let block = piece.blocks - 1; block >= 0; block--) {
    if (piece.status[block] === copies && findRequest(neighbour, piece.index, block) < 0) return block;
  }
  return -1;
}

/** In the endgame a neighbour that has answered is asked for so many more, so that little comes twice. A guess. */
const ENDGAME_REQUESTS = 4;
/** So many are asked for the same block. Whoever is mute is no hindrance for long: a snub isn't counted. A guess. */
const COPIES_MAX = 3;
