/** HAVE: what is held, told to everybody. Never suppressed: the delivery model loses 0.5 % of pieces without. */
import type { LiveMessage } from '@tstream/wire-ext';
import { type Neighbour, send, sendToAll } from './neighbours.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/**
 * Notes a piece that has become whole. Whoever sent it hears of it at once, as that is the acknowledgement that clocks its
 * uplink; the others know from COMING that they need not offer it, and hear of it with the next ones.
 */
export function noteHave(state: State, run: Run, seq: number, from: Neighbour | undefined): void {
  run.fresh.push(seq);
  const { timers } = state;
  if (timers.haves === Infinity) timers.haves = state.nowMs + COALESCE_MS;
  if (!from) return;
  if (from.toConfirm.length === 0) state.confirmTo.push(from);
  from.toConfirm.push({ run: run.run, seq });
}

/** Sends each sender the HAVEs of what it sent. */
export function flushConfirms(state: State): void {
  for (const neighbour of state.confirmTo.splice(0)) {
    if (!state.neighbours.has(neighbour.id)) continue;
    const confirmed = neighbour.toConfirm.splice(0);
    for (const run of new Set(confirmed.map((piece) => piece.run))) {
      if (!neighbour.runs.has(run)) continue;
      const seqs = confirmed.filter((piece) => piece.run === run).map((piece) => piece.seq);
      for (const message of bitmapsOf(run, seqs)) send(state, neighbour, message);
    }
  }
}

/** Sends everybody the HAVEs that were noted. */
export function flushHaves(state: State): void {
  state.timers.haves = Infinity;
  for (const run of state.runs.values()) {
    for (const message of bitmapsOf(run.run, run.fresh)) sendToAll(state, run, message);
    run.fresh = [];
  }
}

function bitmapsOf(run: number, seqs: readonly number[]): LiveMessage[] {
  return spans([...seqs].sort((a, b) => a - b)).map((part) => {
    const base = part[0] as number;
    const bitmap = new Uint8Array(Math.floor(((part.at(-1) as number) - base) / 8) + 1);
    for (const seq of part) {
      const bit = seq - base;
      bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
    }
    return { type: 'live-have', run, base, bitmap };
  });
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

/** HAVEs for the others: with 20 neighbours, most messages were HAVEs of one piece each. A guess, some pieces' time. */
const COALESCE_MS = 400;
/** spec/0003: a bitmap is at most 4096 bytes. */
const BITMAP_PIECES_MAX = 4096 * 8;
/** Fewer bytes of bitmap than a message of its own costs. */
const GAP_PIECES = 128;
