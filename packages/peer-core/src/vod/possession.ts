/** Who holds what: neighbours' bitfields and HAVEs, and our own. */
import type { Block, Message } from '@tstream/wire-ext';
import { welcome } from './choking.js';
import { isPiece } from './layout.js';
import { closePiece, reopen } from './started.js';
import { isWorthServing, noteAllSeen, noteSeen, visibleTo } from './super-seeding.js';
import { closeVodNeighbour, send, type VodNeighbour, wake } from './vod-neighbours.js';
import { expectPieces, type VodState } from './vod-state.js';

/** Tells a newcomer what is held. */
export function introduce(state: VodState, neighbour: VodNeighbour): void {
  const { superSeeding } = state;
  const held = superSeeding ? visibleTo(superSeeding, neighbour, state.held) : state.held;
  if (neighbour.fast && !held.includes(0)) return send(state, neighbour, { type: 'have-all' });
  if (held.includes(1)) return send(state, neighbour, { type: 'bitfield', bits: packed(held) });
  if (neighbour.fast) send(state, neighbour, { type: 'have-none' });
}

/** BEP 3: the high bit of the first byte is piece 0. */
function packed(held: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(held.length / 8));
  for (let index = 0; index < held.length; index++) {
    if (held[index] === 1) bits[index >> 3] = (bits[index >> 3] as number) | (0x80 >> (index & 7));
  }
  return bits;
}

/** BITFIELD, HAVE-ALL and HAVE-NONE come first, once; aria2 sends the first two again in place of many HAVEs. */
export function onBitfield(
  state: VodState,
  neighbour: VodNeighbour,
  message: Extract<Message<Block>, { type: 'bitfield' | 'have-all' | 'have-none' }>,
): void {
  const isFirst = !neighbour.greeted;
  neighbour.greeted = true;
  if (message.type !== 'bitfield' && !neighbour.fast) return closeVodNeighbour(state, neighbour, 'unexpected', true);
  if (message.type !== 'have-none') {
    const held = message.type === 'bitfield' ? unpacked(message.bits, state.layout.pieces) : state.everything;
    if (!held) return closeVodNeighbour(state, neighbour, 'malformed', true);
    if (isFirst) learnAll(state, neighbour, held);
    else learnMore(state, neighbour, held);
  }
  if (isFirst && isWorthServing(state, neighbour)) welcome(state, neighbour);
}

/** Nothing that was there goes away: what isn't set says nothing. */
function learnMore(state: VodState, neighbour: VodNeighbour, held: Uint8Array): void {
  if (neighbour.heldPieces === held.length) return;
  for (let index = 0; index < held.length && !neighbour.gone; index++) {
    if (held[index] === 1) onHave(state, neighbour, index);
  }
}

/** Undefined if it is too short, too long, or a bit behind the last piece is set. */
function unpacked(bits: Uint8Array, pieces: number): Uint8Array | undefined {
  if (bits.length !== Math.ceil(pieces / 8)) return undefined;
  const spare = bits.length * 8 - pieces;
  if (((bits.at(-1) as number) & ((1 << spare) - 1)) !== 0) return undefined;
  const held = new Uint8Array(pieces);
  for (let index = 0; index < pieces; index++) held[index] = ((bits[index >> 3] as number) >> (7 - (index & 7))) & 1;
  return held;
}

/** Takes in what a neighbour holds, which held nothing before. */
export function learnAll(state: VodState, neighbour: VodNeighbour, held: Uint8Array): void {
  neighbour.held = held;
  for (let index = 0; index < held.length; index++) {
    if (held[index] !== 1) continue;
    neighbour.heldPieces++;
    count(state, index, 1);
    if (isMissing(state, index)) neighbour.interestingPieces++;
  }
  noteAllSeen(state, held);
  // Nobody has need to copy what is whole.
  if (neighbour.heldPieces === held.length) neighbour.held = state.everything;
  settleInterest(state, neighbour);
  wake(state, neighbour);
}

export function onHave(state: VodState, neighbour: VodNeighbour, index: number): void {
  if (!isPiece(state.layout, index)) return closeVodNeighbour(state, neighbour, 'malformed', true);
  if (neighbour.held[index] === 1) return;
  if (neighbour.held === state.nothing) neighbour.held = new Uint8Array(state.layout.pieces);
  neighbour.held[index] = 1;
  neighbour.heldPieces++;
  count(state, index, 1);
  noteSeen(state, neighbour, index);
  if (!isMissing(state, index)) return;
  neighbour.interestingPieces++;
  settleInterest(state, neighbour);
  if (neighbour.asking.dry) wake(state, neighbour);
}

/** It said that it holds the piece, but doesn't send it: it counts as one that it lacks, for a while. */
export function doubt(state: VodState, neighbour: VodNeighbour, index: number): void {
  if (neighbour.held[index] !== 1) return;
  if (neighbour.held === state.everything) neighbour.held = state.everything.slice();
  neighbour.held[index] = 0;
  neighbour.heldPieces--;
  count(state, index, -1);
  if (!isMissing(state, index)) return;
  neighbour.interestingPieces--;
  settleInterest(state, neighbour);
}

/**
 * What a reader waits for and nobody says to hold may be with a source that super-seeds and shows it to nobody yet: it is asked of those of our own
 * who want nothing from us.
 */
export function supposeHeld(state: VodState): void {
  for (const { fromPiece, toPiece, dueInMs } of state.view.readers) {
    if (dueInMs > SUPPOSED_DUE_MS) continue;
    const end = Math.min(toPiece + 1, fromPiece + SUPPOSED_PIECES);
    for (let index = fromPiece; index < end; index++) {
      if (!isMissing(state, index) || state.availability[index] !== 0) continue;
      for (const neighbour of state.neighbours.values()) suppose(state, neighbour, index);
    }
  }
}

function suppose(state: VodState, neighbour: VodNeighbour, index: number): void {
  const { supposed } = neighbour.asking;
  if (!neighbour.witnesses || !neighbour.fast || neighbour.choking || neighbour.interestedInUs) return;
  for (const [old, sinceMs] of supposed) if (state.nowMs - sinceMs > SUPPOSED_MS_MAX) supposed.delete(old);
  if (supposed.has(index) || supposed.size >= SUPPOSED_MAX) return;
  supposed.set(index, state.nowMs);
  onHave(state, neighbour, index);
}

/** A piece was verified: tells those who lack it. */
export function hold(state: VodState, index: number): void {
  closePiece(state, index);
  if (state.wanted[index] === 1) state.missingPieces--;
  state.held[index] = 1;
  state.heldPieces++;
  const have = { type: 'have', index } as const;
  for (const neighbour of state.neighbours.values()) {
    if (neighbour.held[index] !== 1) send(state, neighbour, have);
    else if (state.wanted[index] === 1) {
      neighbour.interestingPieces--;
      settleInterest(state, neighbour);
    }
  }
  state.outputs.push({ type: 'event', event: { type: 'held', index } });
  if (state.wanted[index] === 1 && state.missingPieces === 0) {
    state.outputs.push({ type: 'event', event: { type: 'complete' } });
  }
}

/** A held piece can't be read any more. */
export function unhold(state: VodState, index: number): void {
  if (!isPiece(state.layout, index) || state.held[index] !== 1) return;
  state.held[index] = 0;
  state.heldPieces--;
  if (state.wanted[index] !== 1) return;
  state.missingPieces++;
  reopen(state, index);
  for (const neighbour of state.neighbours.values()) {
    if (neighbour.held[index] !== 1) continue;
    neighbour.interestingPieces++;
    settleInterest(state, neighbour);
  }
}

/** @throws {RangeError} If there aren't as many as there are pieces: the caller's mistake. */
export function onWanted(state: VodState, wanted: Uint8Array): void {
  expectPieces('wanted', wanted, state.layout.pieces);
  const missed = state.missingPieces;
  state.wanted = wanted;
  openWanted(state);
  for (const neighbour of state.neighbours.values()) {
    neighbour.interestingPieces = 0;
    for (let index = 0; index < wanted.length; index++) {
      if (neighbour.held[index] === 1 && isMissing(state, index)) neighbour.interestingPieces++;
    }
    settleInterest(state, neighbour);
  }
  if (missed > 0 && state.missingPieces === 0) state.outputs.push({ type: 'event', event: { type: 'complete' } });
}

/** Opens what is wanted and lacking, and nothing else. */
export function openWanted(state: VodState): void {
  state.missingPieces = 0;
  for (let index = 0; index < state.wanted.length; index++) {
    if (!isMissing(state, index)) closePiece(state, index);
    else {
      state.missingPieces++;
      reopen(state, index);
    }
  }
}

/** A neighbour is gone. */
export function forgetHeld(state: VodState, neighbour: VodNeighbour): void {
  for (let index = 0; index < neighbour.held.length; index++) if (neighbour.held[index] === 1) count(state, index, -1);
}

/** More than the array can count is as many as it can count: so many never leave. */
function count(state: VodState, index: number, more: number): void {
  state.availability[index] = Math.max(0, Math.min(0xffff, (state.availability[index] as number) + more));
}

function isMissing(state: VodState, index: number): boolean {
  return state.wanted[index] === 1 && state.held[index] !== 1;
}

/** Says INTERESTED or NOT-INTERESTED if that changed. */
function settleInterest(state: VodState, neighbour: VodNeighbour): void {
  const interested = neighbour.interestingPieces > 0;
  if (neighbour.interested === interested || neighbour.kind === 'webSeed' || neighbour.gone) return;
  neighbour.interested = interested;
  send(state, neighbour, { type: interested ? 'interested' : 'not-interested' });
}

/** Guesses: a few blocks are enough to go on with, a rejected piece may be asked for again soon, and nobody is asked for much blindly. */
const SUPPOSED_DUE_MS = 2000;
const SUPPOSED_PIECES = 2;
const SUPPOSED_MS_MAX = 3000;
const SUPPOSED_MAX = 8;
