/** What happens each second: rates, what is overdue, and connections that nobody needs. */

import { fade } from '@tstream/g2g-choker';
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import { expireRequests } from './arrivals.js';
import { onHave } from './possession.js';
import { expireShown } from './super-seeding.js';
import { closeVodNeighbour, type Serving, type VodNeighbour, wake } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { expireFetch } from './web-seeds.js';

export function tick(state: VodState): void {
  const { nowMs, view } = state;
  const overMs = nowMs - state.tickedMs;
  state.tickedMs = nowMs;
  state.timers.tick = nowMs + TICK_MS;
  view.bytesPerSecond = smoothed(view.bytesPerSecond, state.tickBytes, overMs);
  state.tickBytes = 0;
  for (const neighbour of state.neighbours.values()) {
    // While the machine slept nobody could send.
    if (overMs > SLEPT_MS) neighbour.asking.signMs += overMs;
    fade(neighbour.standing.account);
    neighbour.toldBytes = Math.floor((neighbour.toldBytes * 59) / 60);
    measure(neighbour, overMs);
    measureServing(neighbour.serving, overMs);
    neighbour.serving.refused = 0;
    if (nowMs >= neighbour.asking.restsUntilMs + DOUBTED_MS) believeAgain(state, neighbour);
    if (neighbour.kind === 'webSeed') expireFetch(state, neighbour);
    else expireRequests(state, neighbour);
    // A picker may want now what it didn't a second ago.
    if (!neighbour.gone && neighbour.interestingPieces > 0) wake(state, neighbour);
  }
  expireShown(state);
  if (state.heldPieces === state.layout.pieces) closeNeedless(state);
}

/** How fast it is, and so how many requests it should have. */
function measure(neighbour: VodNeighbour, overMs: number): void {
  const { asking } = neighbour;
  const cameBytes = asking.tickBytes;
  asking.tickBytes = 0;
  // Who is asked for nothing is no slower for that.
  if (overMs <= 0 || (cameBytes === 0 && asking.out.length === 0)) return;
  const before = neighbour.bytesPerSecond;
  const rate = (cameBytes * 1000) / overMs;
  neighbour.bytesPerSecond = smoothed(before, cameBytes, overMs);
  if (rate <= before * RAMP) asking.isRampingUp = false;
  if (asking.isRampingUp || asking.snubs) return;
  const overS = 1 + Math.min(asking.rttMs, RTT_MS_MAX) / 1000;
  const target = Math.ceil((Math.max(rate, neighbour.bytesPerSecond) * overS) / BLOCK_BYTES);
  asking.target = Math.max(REQUESTS_MIN, Math.min(asking.max, target));
}

/** How fast its connection takes what it is sent. */
function measureServing(serving: Serving, overMs: number): void {
  const { takenBytes } = serving;
  serving.takenBytes = 0;
  if (takenBytes > 0 || serving.unsentBytes > 0) {
    serving.bytesPerSecond = smoothed(serving.bytesPerSecond, takenBytes, overMs);
  }
}

function smoothed(before: number, bytes: number, overMs: number): number {
  if (overMs <= 0) return before;
  const rate = (bytes * 1000) / overMs;
  return before === 0 ? rate : Math.floor((before + rate) / 2);
}

function believeAgain(state: VodState, neighbour: VodNeighbour): void {
  const { rejected } = neighbour.asking;
  for (const index of rejected) onHave(state, neighbour, index);
  rejected.clear();
}

/** Seeds have nothing to give to each other; a few stay, so that they are found. */
function closeNeedless(state: VodState): void {
  let seeds = 0;
  for (const neighbour of state.neighbours.values()) {
    if (neighbour.kind !== 'peer' || neighbour.heldPieces < state.layout.pieces) continue;
    if (++seeds > SEEDS_KEPT) closeVodNeighbour(state, neighbour, 'other', false);
  }
}

const TICK_MS = 1000;
const SLEPT_MS = 5000;
/** Who rejected a piece is asked for it again after so long. */
const DOUBTED_MS = 10_000;
const REQUESTS_MIN = 2;
/** libtorrent ends its slow start when the rate grows no more. */
const RAMP = 1.1;
const RTT_MS_MAX = 2000;
const SEEDS_KEPT = 4;
