/** What a reader needs soon: what stands before it is taken back, and what comes too late is asked of a faster neighbour as well. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import { isFull } from './choosing.js';
import { blocksOf } from './layout.js';
import { supposeHeld } from './possession.js';
import { dateReaders } from './readers.js';
import { ask, cancel, findRequest } from './requests.js';
import { maySend, type Started } from './started.js';
import { hasRoom, makeHungry, type Request, type VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { dropRun, runOf } from './web-seeds.js';

/** A reader went elsewhere: requests for what it left behind, or comes to later, give way to what it needs now. */
export function followSeek(state: VodState): void {
  state.seeked = false;
  state.sharesOut = true;
  state.wakesAll = true;
  const enough = enoughWithin(state);
  for (const piece of state.started.values()) piece.leftBehind = piece.distance > enough;
  // One block comes from one neighbour: others go on with what was left.
  const spoken = new Map<number, number>();
  for (const neighbour of fastestFirst(state)) {
    const found = nearestFree(state, neighbour, spoken);
    if (!found) continue;
    takeBackBehind(state, neighbour, found.distance);
    if (isAble(state, neighbour)) spoken.set(found.index, (spoken.get(found.index) ?? 0) + 1);
  }
}

/** Something may be asked of it now. */
function isAble({ nowMs }: VodState, neighbour: VodNeighbour): boolean {
  const { asking, kind } = neighbour;
  if (asking.restsUntilMs > nowMs) return false;
  return kind === 'webSeed' ? asking.web.pieces === 0 : hasRoom(neighbour);
}

function fastestFirst(state: VodState): VodNeighbour[] {
  const able = [...state.neighbours.values()].filter(({ choking }) => !choking);
  return able.sort((a, b) => b.bytesPerSecond - a.bytesPerSecond);
}

/** Takes back what readers left behind, as they need something nearer. */
function takeBackBehind(state: VodState, neighbour: VodNeighbour, from: number): void {
  if (neighbour.kind === 'webSeed') leaveRun(state, neighbour);
  const { out } = neighbour.asking;
  // Also the first ones: a block that is on its way all the same is kept when it comes.
  for (let place = out.length - 1; place >= 0; place--) {
    const { piece } = out[place] as Request;
    if (piece.leftBehind && piece.distance > from) cancel(state, neighbour, place);
  }
}

/** The distance from readers within which as many blocks lack as all neighbours together are asked for. */
function enoughWithin(state: VodState): number {
  let asked = 0;
  for (const { asking } of state.neighbours.values()) asked += asking.out.length;
  const { readers } = state.view;
  let farthest = 0;
  for (const { nearPieces } of readers) farthest = Math.max(farthest, nearPieces);
  for (let distance = 0; distance < farthest; distance++) {
    for (const { fromPiece, toPiece, nearPieces } of readers) {
      const index = fromPiece + distance;
      if (distance < nearPieces && index <= toPiece) asked -= lackingBlocks(state, index);
    }
    if (asked <= 0) return distance;
  }
  return farthest;
}

function lackingBlocks(state: VodState, index: number): number {
  if (state.held[index] === 1) return 0;
  const piece = state.started.get(index);
  return piece ? piece.blocks - piece.storedBlocks : blocksOf(state.layout, index);
}

/**
 * The piece nearest to a reader of which it can be asked for a block that isn't others' to bring; undefined: none that is near.
 * @param spoken - By piece, how many neighbours bring a block of it.
 */
function nearestFree(
  state: VodState,
  neighbour: VodNeighbour,
  spoken: ReadonlyMap<number, number>,
): { index: number; distance: number } | undefined {
  let nearest: { index: number; distance: number } | undefined;
  for (const { fromPiece, toPiece, nearPieces } of state.view.readers) {
    const end = Math.min(toPiece + 1, fromPiece + Math.min(nearPieces, nearest?.distance ?? Infinity));
    for (let index = fromPiece; index < end; index++) {
      if (neighbour.held[index] !== 1 || !isFree(state, index)) continue;
      // Where memory is full, what is left must go first, whoever is asked for it.
      if (!isFull(state) && (spoken.get(index) ?? 0) >= lackingBlocks(state, index)) continue;
      nearest = { index, distance: index - fromPiece };
      break;
    }
  }
  return nearest;
}

function isFree(state: VodState, index: number): boolean {
  return state.open[index] === 1 || (state.started.get(index)?.freeBlocks ?? 0) > 0;
}

/** The rest of a run that nobody waits for is given up, blocks that came are kept. */
function leaveRun(state: VodState, seed: VodNeighbour): void {
  const run = runOf(state, seed);
  if (seed.asking.web.pieces === 0 || run.some((piece) => !piece.leftBehind)) return;
  state.outputs.push({ type: 'cancelFetch', connection: seed.id });
  dropRun(state, seed);
  makeHungry(state, seed);
}

/** A block that a reader needs, and that sits with a neighbour for too long. */
interface Late {
  readonly piece: Started;
  readonly block: number;
  readonly owner: VodNeighbour;
  readonly dueMs: number;
  /** When its neighbour may be expected to have sent it. */
  readonly comesMs: number;
}

/** Asks others for what comes too late (libtorrent's time-critical pieces). Called some times a second while somebody waits. */
export function hurry(state: VodState): void {
  const { timers, view, nowMs } = state;
  timers.urgent = view.readers.length > 0 ? nowMs + URGENT_EVERY_MS : Infinity;
  if (view.readers.length === 0) return;
  dateReaders(state);
  supposeHeld(state);
  earnHaste(state);
  const late = [...state.neighbours.values()].flatMap((neighbour) => lateOf(state, neighbour));
  late.sort((a, b) => a.dueMs - b.dueMs || a.piece.index - b.piece.index || a.block - b.block);
  for (const one of late.slice(0, URGENT_MAX)) {
    if (state.hasteBytes < BLOCK_BYTES) return;
    const faster = fasterThan(state, one);
    if (!faster) continue;
    ask(state, faster, one.piece, one.block);
    state.hasteBytes -= BLOCK_BYTES;
  }
}

/** Where upload is scarce all comes late, and second copies make it later: they may be a small part of what comes in. */
function earnHaste(state: VodState): void {
  const earnedBytes = (state.view.bytesPerSecond * HASTE_SHARE * URGENT_EVERY_MS) / 1000;
  state.hasteBytes = Math.min(HASTE_BYTES_MAX, state.hasteBytes + earnedBytes);
}

function lateOf(state: VodState, owner: VodNeighbour): Late[] {
  const late: Late[] = [];
  for (const [place, { piece, block, askedMs }] of owner.asking.out.entries()) {
    if (piece.distance === Infinity || piece.sole || (piece.status[block] as number) >= COPIES_MAX) continue;
    if (state.nowMs - askedMs < (owner.bytesPerSecond > 0 ? URGENT_EVERY_MS : SILENT_MS)) continue;
    const comesMs = waitMs(owner, place + 1);
    const dueMs = dueInMs(state, piece);
    if (comesMs > Math.max(dueMs, PATIENCE_MS)) late.push({ piece, block, owner, dueMs, comesMs });
  }
  return late;
}

/** When the first reader comes to it, milliseconds from now. */
function dueInMs(state: VodState, piece: Started): number {
  let dueMs = Infinity;
  for (const { fromPiece, toPiece, dueInMs, bytesPerSecond } of state.view.readers) {
    if (piece.index < fromPiece || piece.index > toPiece) continue;
    const aheadBytes = (piece.index - fromPiece) * state.layout.pieceBytes;
    const aheadMs = bytesPerSecond > 0 ? (aheadBytes * 1000) / bytesPerSecond : 0;
    dueMs = Math.min(dueMs, dueInMs + aheadMs);
  }
  return dueMs;
}

/** Until a neighbour has sent so many blocks. Of one that has sent nothing yet nothing is known. */
export function waitMs({ bytesPerSecond, asking }: VodNeighbour, blocks: number): number {
  if (bytesPerSecond <= 0) return Infinity;
  return (blocks * BLOCK_BYTES * 1000) / bytesPerSecond + Math.min(asking.rttMs, RTT_MS_MAX);
}

/** The neighbour that would have it soonest, if that is at least twice as soon. */
function fasterThan(state: VodState, { piece, block, owner, comesMs }: Late): VodNeighbour | undefined {
  let best: VodNeighbour | undefined;
  let bestMs = comesMs / 2;
  for (const neighbour of state.neighbours.values()) {
    const { asking } = neighbour;
    if (neighbour === owner || neighbour.choking || neighbour.kind === 'webSeed' || asking.snubs) continue;
    if (asking.out.length >= asking.max || asking.restsUntilMs > state.nowMs || !maySend(piece, neighbour)) continue;
    const neighbourMs = waitMs(neighbour, asking.out.length + 1);
    if (neighbourMs >= bestMs || findRequest(neighbour, piece.index, block) >= 0) continue;
    best = neighbour;
    bestMs = neighbourMs;
  }
  return best;
}

/** As in the endgame. */
const COPIES_MAX = 3;
const URGENT_EVERY_MS = 500;
/** Who hasn't sent anything yet has so long to begin: in a full swarm a slot's first block takes seconds. A guess. */
const SILENT_MS = 3000;
/** What comes within this isn't late: two copies cost more. A guess. */
const PATIENCE_MS = 3000;
/** Guesses, that did best of some in simulated swarms. */
const HASTE_SHARE = 0.02;
const HASTE_BYTES_MAX = 64 * BLOCK_BYTES;
/** At a time: a megabyte. */
const URGENT_MAX = 64;
const RTT_MS_MAX = 2000;
