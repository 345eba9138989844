/** HAVE: what is held, told to everybody. Never suppressed: the delivery model loses 0.5 % of pieces without. */
import { type Neighbour, send } from './neighbours.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/** Notes a piece that has become whole; the HAVEs of the next 25 ms go out together. */
export function noteHave(state: State, run: Run, seq: number): void {
  run.fresh.push(seq);
  if (state.timers.haves === Infinity) state.timers.haves = state.nowMs + COALESCE_MS;
}

/** Sends the HAVEs that were noted. */
export function flushHaves(state: State): void {
  state.timers.haves = Infinity;
  for (const run of state.runs.values()) {
    if (run.fresh.length === 0) continue;
    const sorted = run.fresh.sort((a, b) => a - b);
    run.fresh = [];
    for (const part of spans(sorted)) {
      const base = part[0] as number;
      const bitmap = new Uint8Array(Math.floor(((part.at(-1) as number) - base) / 8) + 1);
      for (const seq of part) {
        const bit = seq - base;
        bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
      }
      for (const neighbour of state.neighbours.values()) {
        if (neighbour.runs.has(run.run)) send(state, neighbour, { type: 'live-have', run: run.run, base, bitmap });
      }
    }
  }
}

/** Tells one neighbour all that is held of a run. */
export function sendHaves(state: State, neighbour: Neighbour, run: Run): void {
  const highest = run.held.highest();
  for (let from = run.held.lowest(); from >= 0 && from <= highest; from += BITMAP_PIECES_MAX) {
    const { base, bitmap } = run.held.toBitmap(from, Math.min(highest, from + BITMAP_PIECES_MAX - 1));
    send(state, neighbour, { type: 'live-have', run: run.run, base, bitmap });
  }
}

/** Cuts an ascending list where a gap would make a long, empty bitmap. */
function spans(sorted: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (const seq of sorted) {
    const part = parts.at(-1);
    if (part && seq - (part.at(-1) as number) < GAP_PIECES && seq - (part[0] as number) < BITMAP_PIECES_MAX)
      part.push(seq);
    else parts.push([seq]);
  }
  return parts;
}

/** spec/0003: HAVEs are coalesced for about 25 ms. */
const COALESCE_MS = 25;
/** spec/0003: a bitmap is at most 4096 bytes. */
const BITMAP_PIECES_MAX = 4096 * 8;
/** Fewer bytes of bitmap than a message of its own costs. */
const GAP_PIECES = 128;
