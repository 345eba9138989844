/** Blocks that come in, and what comes instead of them: REJECT, CHOKE, nothing. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import type { Block } from '@tstream/wire-ext';
import { countBytes } from '../rate.js';
import { isBlock, isPiece } from './layout.js';
import { doubt } from './possession.js';
import { abandon, answersTakenBack, cancel, findRequest, loseRequests } from './requests.js';
import { STORED, type Started, unmarkAsked } from './started.js';
import { closeVodNeighbour, makeHungry, type Request, type VodNeighbour, wake } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { noteFetched } from './web-seeds.js';

export function onPiece(state: VodState, neighbour: VodNeighbour, index: number, begin: number, block: Block): void {
  const bytes = block.byteLength;
  if (!isBlock(state.layout, index, begin, bytes)) return closeVodNeighbour(state, neighbour, 'unexpected', true);
  const number = begin / BLOCK_BYTES;
  countArrival(state, neighbour, bytes);
  const own = takeRequest(state, neighbour, index, number);
  if (own === undefined) return onUnasked(state, neighbour, bytes);
  const piece = state.started.get(index);
  if (!piece || piece.status[number] === STORED || (piece.sole && piece.sole !== neighbour)) {
    state.wastedBytes += bytes;
    return;
  }
  const asked = piece.status[number] as number;
  if (asked === 0) piece.freeBlocks--;
  piece.status[number] = STORED;
  piece.storedBlocks++;
  const contribution = piece.contributions.get(neighbour.id);
  if (contribution) contribution.bytes += bytes;
  else piece.contributions.set(neighbour.id, { neighbour, bytes });
  state.outputs.push({ type: 'store', index, begin, block });
  if (asked > own) cancelOthers(state, piece, number);
  if (piece.storedBlocks < piece.blocks) return;
  piece.verifying = true;
  state.outputs.push({ type: 'verify', index });
}

function countArrival(state: VodState, neighbour: VodNeighbour, bytes: number): void {
  const { asking } = neighbour;
  countBytes(neighbour.received, bytes, state.nowMs);
  countBytes(state.received, bytes, state.nowMs);
  asking.tickBytes += bytes;
  state.tickBytes += bytes;
  asking.signMs = state.nowMs;
  if (asking.snubs) {
    asking.snubs = false;
    wake(state, neighbour);
  }
}

/** Takes a block off what the neighbour was asked for. @returns Its own part in how many were asked; undefined: it never was. */
function takeRequest(state: VodState, neighbour: VodNeighbour, index: number, block: number): number | undefined {
  if (neighbour.kind === 'webSeed') return noteFetched(state, neighbour, index) ? 1 : undefined;
  const { asking } = neighbour;
  const place = findRequest(neighbour, index, block);
  if (place < 0) return answersTakenBack(state, neighbour, index, block) ? 0 : undefined;
  const request = asking.out[place] as Request;
  if (place === 0) asking.out.shift();
  else asking.out.splice(place, 1);
  asking.rttMs = Math.min(asking.rttMs, state.nowMs - request.askedMs);
  asking.answeredMs = Math.max(asking.answeredMs, request.askedMs);
  if (asking.isRampingUp) asking.target++;
  makeHungry(state, neighbour);
  return request.counts ? 1 : 0;
}

function onUnasked(state: VodState, neighbour: VodNeighbour, bytes: number): void {
  state.wastedBytes += bytes;
  neighbour.unasked++;
  if (neighbour.unasked > UNASKED_MAX) closeVodNeighbour(state, neighbour, 'unexpected', true);
}

/** The block is there: who else was asked for it needn't send it. */
function cancelOthers(state: VodState, piece: Started, block: number): void {
  for (const other of state.neighbours.values()) {
    const place = findRequest(other, piece.index, block);
    if (place >= 0) cancel(state, other, place);
  }
}

/** BEP 6: it won't answer this request. */
export function onReject(state: VodState, neighbour: VodNeighbour, index: number, begin: number): void {
  if (!neighbour.fast) return closeVodNeighbour(state, neighbour, 'unexpected', true);
  const { asking } = neighbour;
  const block = begin / BLOCK_BYTES;
  const place = findRequest(neighbour, index, block);
  // The answer to a CANCEL (BEP 6): what it was asked for once more isn't meant. Old clients leave a CANCEL unanswered: not for long.
  const isAwaited = place < 0 || state.nowMs - asking.takenBackMs < CANCEL_MS;
  if ((isAwaited && answersTakenBack(state, neighbour, index, block)) || place < 0) return;
  const [request] = asking.out.splice(place, 1) as [Request];
  asking.signMs = state.nowMs;
  neighbour.allowedFast.delete(index);
  if (request.counts) unmarkAsked(state, request.piece, request.block);
  if (asking.supposed.has(index)) doubt(state, neighbour, index);
  else if (!neighbour.choking) noteRejected(state, neighbour, index);
  settleSole(state, neighbour);
}

/** It lost the piece, or its queue is full: it isn't asked for this again at once, and for a little less. */
function noteRejected(state: VodState, neighbour: VodNeighbour, index: number): void {
  const { asking } = neighbour;
  asking.max = Math.max(REQUESTS_MIN, asking.out.length);
  const isFull = asking.rejected.size >= REJECTED_MAX;
  // Who rejects more than is remembered would be asked for the same again as fast as it answers.
  if (asking.rejected.size === 0 || isFull) asking.restsUntilMs = state.nowMs + REJECT_REST_MS;
  if (isFull) return;
  asking.rejected.add(index);
  doubt(state, neighbour, index);
}

export function onChoke(state: VodState, neighbour: VodNeighbour): void {
  if (neighbour.choking) return;
  neighbour.choking = true;
  neighbour.chokingSinceMs = state.nowMs;
  // BEP 6: each request is answered, by its block or REJECT.
  if (!neighbour.fast) loseRequests(state, neighbour);
  neighbour.asking.piece = undefined;
  settleSole(state, neighbour);
}

export function onUnchoke(state: VodState, neighbour: VodNeighbour): void {
  if (!neighbour.choking) return;
  neighbour.choking = false;
  neighbour.asking.signMs = state.nowMs;
  neighbour.asking.snubs = false;
  wake(state, neighbour);
}

/** BEP 6: it sends this piece although it chokes. */
export function onAllowedFast(state: VodState, neighbour: VodNeighbour, index: number): void {
  if (!neighbour.fast) return closeVodNeighbour(state, neighbour, 'unexpected', true);
  if (!isPiece(state.layout, index) || neighbour.allowedFast.size >= ALLOWED_FAST_MAX) return;
  neighbour.allowedFast.add(index);
  wake(state, neighbour);
}

/** Pieces that come from this neighbour alone begin anew, with another one, if it doesn't go on. */
export function settleSole(state: VodState, neighbour: VodNeighbour): void {
  for (const piece of state.started.values()) {
    if (piece.sole !== neighbour || piece.verifying) continue;
    if (!neighbour.gone && neighbour.asking.out.some((request) => request.piece === piece)) continue;
    if (neighbour.gone || neighbour.choking || neighbour.asking.rejected.has(piece.index)) abandon(state, piece);
  }
}

/** What it passes over, while it answers what it was asked for later, is looked for elsewhere, as if it had rejected it. */
function expirePassedOver(state: VodState, neighbour: VodNeighbour): void {
  const { asking } = neighbour;
  const passedOver = asking.out.filter(
    ({ askedMs }) => askedMs < asking.answeredMs && state.nowMs - askedMs >= SNUB_MS,
  );
  for (const request of passedOver) {
    cancel(state, neighbour, asking.out.indexOf(request));
    noteRejected(state, neighbour, request.piece.index);
  }
  if (passedOver.length > 0) settleSole(state, neighbour);
}

/** What a neighbour that chokes owes for too long won't come; and who sends nothing at all is asked for one block at a time. */
export function expireRequests(state: VodState, neighbour: VodNeighbour): void {
  const { asking } = neighbour;
  if (asking.out.length === 0) return;
  expirePassedOver(state, neighbour);
  const waitMs = neighbour.choking ? REJECT_MS : SNUB_MS;
  if (state.nowMs - asking.signMs < waitMs || (neighbour.choking && state.nowMs - neighbour.chokingSinceMs < waitMs))
    return;
  for (let place = asking.out.length - 1; place >= 0; place--) cancel(state, neighbour, place);
  asking.snubs = true;
  asking.isRampingUp = false;
  asking.target = 1;
  asking.signMs = state.nowMs;
  for (const piece of state.started.values()) if (piece.sole === neighbour && !piece.verifying) abandon(state, piece);
}

/** libtorrent's time-out of a piece. BEP 3's minute, for each of several mute neighbours in turn, is too long to wait for the last blocks. */
const SNUB_MS = 20_000;
const REQUESTS_MIN = 2;
/** So long the answer to a CANCEL may take. A guess. */
const CANCEL_MS = 5000;
/** Who rejected something is asked for nothing for so long; `tick.ts` has when it is asked for that piece again. Guesses. */
const REJECT_REST_MS = 1000;
const REJECTED_MAX = 64;
/** Who chokes and speaks BEP 6 answers at once. A guess. */
const REJECT_MS = 10_000;
/** A neighbour may mistake what was cancelled before it was asked again; this many are no mistake. */
const UNASKED_MAX = 64;
/** BEP 6: ten are usual. */
const ALLOWED_FAST_MAX = 64;
