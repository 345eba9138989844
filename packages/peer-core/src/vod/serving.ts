/** Serving: what neighbours ask for, sent to them in turn as far as their connections and the limit take it. */
import { countBytes } from '../rate.js';
import { bucketWaitMs, takeTokens } from '../token-bucket.js';
import { isRange } from './layout.js';
import { isMeantForOthers } from './super-seeding.js';
import { closeVodNeighbour, type Serving, send, type VodNeighbour, type Wish } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { noteVodGiven } from './vod-witnesses.js';

export function onRequest(state: VodState, neighbour: VodNeighbour, wish: Wish): void {
  const { index, begin, length } = wish;
  if (!isRange(state.layout, index, begin, length)) return closeVodNeighbour(state, neighbour, 'malformed', true);
  const { serving } = neighbour;
  const isServed = !neighbour.choked && state.held[index] === 1 && serving.queue.length < REQUESTS_MAX;
  if (!isServed || isMeantForOthers(state, neighbour, index)) return refuse(state, neighbour, wish);
  serving.queue.push({ index, begin, length });
  list(state, neighbour);
}

/** Without BEP 6 a request that isn't answered is dropped in silence. */
function refuse(state: VodState, neighbour: VodNeighbour, { index, begin, length }: Wish): void {
  if (++neighbour.serving.refused > REFUSED_MAX) return closeVodNeighbour(state, neighbour, 'flood', true);
  if (neighbour.fast) send(state, neighbour, { type: 'reject', index, begin, length });
}

export function onCancel(state: VodState, neighbour: VodNeighbour, wish: Wish): void {
  const { queue } = neighbour.serving;
  const place = queue.findIndex(
    ({ index, begin, length }) => index === wish.index && begin === wish.begin && length === wish.length,
  );
  if (place < 0) return;
  queue.splice(place, 1);
  // BEP 6: what is cancelled is answered as well.
  const { index, begin, length } = wish;
  if (neighbour.fast) send(state, neighbour, { type: 'reject', index, begin, length });
}

/** Drops all that it asked for: it is choked now. */
export function dropWishes(state: VodState, neighbour: VodNeighbour): void {
  for (const { index, begin, length } of neighbour.serving.queue.splice(0)) {
    if (neighbour.fast) send(state, neighbour, { type: 'reject', index, begin, length });
  }
}

/** One block to each in turn. */
export function serve(state: VodState): void {
  const { serving } = state;
  let served = 0;
  for (; served < serving.length; served++) {
    const waitMs = bucketWaitMs(state.upload, state.nowMs);
    if (waitMs > 0) {
      state.timers.upload = state.nowMs + waitMs;
      break;
    }
    const neighbour = serving[served] as VodNeighbour;
    neighbour.serving.listed = false;
    if (neighbour.gone) continue;
    sendNext(state, neighbour);
    list(state, neighbour);
  }
  if (served === serving.length) state.timers.upload = Infinity;
  serving.splice(0, served);
}

function sendNext(state: VodState, neighbour: VodNeighbour): void {
  const { serving } = neighbour;
  const wish = serving.queue.shift();
  // It may have been cancelled since.
  if (!wish) return;
  const { index, begin, length } = wish;
  if (state.held[index] !== 1) return refuse(state, neighbour, wish);
  serving.unsent.push(wish);
  serving.unsentBytes += length;
  takeTokens(state.upload, length);
  countBytes(neighbour.sent, length, state.nowMs);
  countBytes(state.sent, length, state.nowMs);
  if (state.witnessing > 0) noteVodGiven(neighbour, index, length);
  state.outputs.push({ type: 'sendBlock', connection: neighbour.id, index, begin, blockBytes: length });
}

/** Puts it on the list of those who are served, if it waits for something and its connection takes it. */
function list(state: VodState, neighbour: VodNeighbour): void {
  const { serving } = neighbour;
  if (serving.listed || serving.queue.length === 0 || serving.unsentBytes >= unsentMax(serving)) return;
  serving.listed = true;
  state.serving.push(neighbour);
}

/** A quarter of a second of what the connection takes: of what is more, cancels would come too late. */
function unsentMax({ bytesPerSecond }: Serving): number {
  return Math.max(UNSENT_BYTES_MIN, Math.min(UNSENT_BYTES_MAX, bytesPerSecond / 4));
}

/** The system took a block: there is room for the next. */
export function onSent(state: VodState, neighbour: VodNeighbour, bytes: number): void {
  const { serving } = neighbour;
  serving.unsent.shift();
  serving.takenBytes += bytes;
  serving.unsentBytes = Math.max(0, serving.unsentBytes - bytes);
  list(state, neighbour);
}

/** Blocks of a piece that can't be read won't be sent. */
export function dropUnsent(state: VodState, index: number): void {
  for (const neighbour of state.neighbours.values()) {
    const { serving } = neighbour;
    for (let i = serving.unsent.length - 1; i >= 0; i--) {
      const wish = serving.unsent[i] as Wish;
      if (wish.index !== index) continue;
      serving.unsent.splice(i, 1);
      serving.unsentBytes -= wish.length;
      refuse(state, neighbour, wish);
    }
    list(state, neighbour);
  }
}

/** What most clients queue is 250, libtorrent's 500; twice the default that they take for granted. */
const REQUESTS_MAX = 512;
/** A second. Who asks for more than it may while it is refused everything isn't listening. A guess: a queue lost twice, and more. */
const REFUSED_MAX = 2048;
/** What one connection may hold in the system's hands: it is never idle for want of the next block. Guesses. */
const UNSENT_BYTES_MIN = 128 * 1024;
const UNSENT_BYTES_MAX = 1024 * 1024;
