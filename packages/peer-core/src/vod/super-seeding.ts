/**
 * Super-seeding (BEP 16), in the order of the film: what few others were seen with is shown to one neighbour at a time. Else all who are as far as
 * the film is out ask for the same pieces, and most of a seeder's upload goes into further copies while nobody has anything that the others lack.
 * One copy isn't enough: who has it may pass nothing on, or be far ahead of the others, as the first one of all is, who is shown everything.
 */
import { send, type VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

export interface SuperSeeding {
  /** 1 for each piece that few others were seen with, and nobody for long. */
  readonly hidden: Uint8Array;
  hiddenPieces: number;
  /** Of hidden pieces, to whom they were shown. */
  readonly shownTo: Map<number, VodNeighbour>;
  /** Every hidden piece before this one is shown to somebody. */
  nextPiece: number;
  /** When the first of the others was seen with a hidden piece, in that order. */
  readonly seenMs: Map<number, number>;
  /** Pieces that aren't hidden any more, in that order: who lacks one is told, of a few a second. */
  readonly revealed: number[];
  readonly spectators: Map<VodNeighbour, Spectator>;
}

interface Spectator {
  /** It was told of everything when it came. */
  readonly seesAll: boolean;
  /** What it was shown and isn't known to have, and when. */
  readonly shown: Map<number, number>;
  /** It didn't fetch what comes before this, and isn't shown that again before it was shown all the rest. */
  fromPiece: number;
  /** It was told of as many of the revealed pieces, and of so many of these since the last second. */
  told: number;
  toldLately: number;
}

export function createSuperSeeding(pieces: number): SuperSeeding {
  return {
    hidden: new Uint8Array(pieces).fill(1),
    hiddenPieces: pieces,
    shownTo: new Map(),
    nextPiece: 0,
    seenMs: new Map(),
    revealed: [],
    spectators: new Map(),
  };
}

/** Somebody came. Who is alone sees everything, for good. @returns What it may be told at once: 1 for each piece. */
export function visibleTo(superSeeding: SuperSeeding, neighbour: VodNeighbour, held: Uint8Array): Uint8Array {
  const { hidden, revealed, spectators } = superSeeding;
  const seesAll = spectators.size === 0;
  spectators.set(neighbour, { seesAll, shown: new Map(), fromPiece: 0, told: revealed.length, toldLately: 0 });
  if (seesAll) return held;
  return held.map((one, index) => (hidden[index] === 1 ? 0 : one));
}

/** Who sees nothing that it lacks isn't interested, and would never be shown more. */
export function isWorthServing({ superSeeding, layout }: VodState, neighbour: VodNeighbour): boolean {
  return neighbour.interestedInUs || ((superSeeding?.hiddenPieces ?? 0) > 0 && neighbour.heldPieces < layout.pieces);
}

/** It is served, and shown what its connection carries in a few seconds. */
export function show(state: VodState, neighbour: VodNeighbour): void {
  const { superSeeding, held } = state;
  const spectator = superSeeding?.spectators.get(neighbour);
  if (!superSeeding || !spectator || spectator.seesAll || neighbour.choked || neighbour.gone) return;
  const { hidden, shownTo } = superSeeding;
  const most = shownMax(state, neighbour);
  let index = superSeeding.nextPiece;
  let forOthers = hidden.length;
  for (; index < hidden.length && spectator.shown.size < most; index++) {
    if (hidden[index] !== 1 || held[index] !== 1 || shownTo.has(index)) continue;
    if (neighbour.held[index] === 1 || index < spectator.fromPiece) {
      forOthers = Math.min(forOthers, index);
      continue;
    }
    shownTo.set(index, neighbour);
    spectator.shown.set(index, state.nowMs);
    send(state, neighbour, { type: 'have', index });
  }
  superSeeding.nextPiece = Math.min(index, forOthers);
  // It was shown all that there is: it may want now what it didn't then.
  if (spectator.shown.size === 0) spectator.fromPiece = 0;
}

function shownMax({ layout }: VodState, { serving }: VodNeighbour): number {
  return Math.max(SHOWN_MIN, Math.ceil((serving.bytesPerSecond * SHOWN_MS) / 1000 / layout.pieceBytes));
}

/**
 * Whether a request is for what another neighbour was shown. Of what nobody was shown yet, whoever asks first is taken to have been, within bounds: who
 * asked for all would keep it from the others. Only those of our own may ask for what they weren't told of; others may have been told of it before.
 */
export function isMeantForOthers(state: VodState, neighbour: VodNeighbour, index: number): boolean {
  const { superSeeding, nowMs } = state;
  const spectator = superSeeding?.spectators.get(neighbour);
  if (!spectator || spectator.seesAll || !neighbour.witnesses || superSeeding?.hidden[index] !== 1) return false;
  const to = superSeeding.shownTo.get(index);
  if (to === neighbour) return false;
  if (to && !isIdle(superSeeding, to, index, nowMs)) return true;
  if (to) takeBackPiece(superSeeding, to, index);
  if (spectator.shown.size >= 2 * shownMax(state, neighbour)) return false;
  superSeeding.shownTo.set(index, neighbour);
  spectator.shown.set(index, nowMs);
  return false;
}

/** It was shown the piece, and asks for something else. */
function isIdle({ spectators }: SuperSeeding, neighbour: VodNeighbour, index: number, nowMs: number): boolean {
  const { queue, unsent } = neighbour.serving;
  const shownMs = nowMs - (spectators.get(neighbour)?.shown.get(index) ?? 0);
  return shownMs >= IDLE_MS && ![...queue, ...unsent].some((wish) => wish.index === index);
}

/** A neighbour has a piece: if enough have it, whoever lacks it may have it from there; else another one is shown it. */
export function noteSeen(state: VodState, neighbour: VodNeighbour, index: number): void {
  const { superSeeding } = state;
  if (superSeeding?.hidden[index] !== 1) return;
  const wasShown = superSeeding.shownTo.get(index) === neighbour;
  noteCopy(state, superSeeding, index);
  if (superSeeding.hidden[index] === 1) {
    if (wasShown) takeBackPiece(superSeeding, neighbour, index);
  } else {
    for (const [one, spectator] of superSeeding.spectators) tell(state, superSeeding, one, spectator);
  }
  if (wasShown) show(state, neighbour);
}

/** A newcomer has all of these: what is revealed by that, the others are told within the next seconds. */
export function noteAllSeen(state: VodState, held: Uint8Array): void {
  const { superSeeding } = state;
  if (!superSeeding) return;
  for (let index = 0; index < held.length; index++) {
    if (held[index] === 1 && superSeeding.hidden[index] === 1) noteCopy(state, superSeeding, index);
  }
}

/** One more of the others was seen with a hidden piece. */
function noteCopy({ availability, nowMs }: VodState, superSeeding: SuperSeeding, index: number): void {
  const copies = Math.min(COPIES, Math.ceil(superSeeding.spectators.size / 2));
  if ((availability[index] as number) >= copies) reveal(superSeeding, index);
  else if (!superSeeding.seenMs.has(index)) superSeeding.seenMs.set(index, nowMs);
}

function reveal(superSeeding: SuperSeeding, index: number): void {
  const { hidden, shownTo, spectators, revealed } = superSeeding;
  const to = shownTo.get(index);
  if (to) spectators.get(to)?.shown.delete(index);
  shownTo.delete(index);
  superSeeding.seenMs.delete(index);
  hidden[index] = 0;
  superSeeding.hiddenPieces--;
  revealed.push(index);
}

/** It isn't served any more: what it was shown goes to others. */
export function takeBack({ superSeeding }: VodState, neighbour: VodNeighbour): void {
  const spectator = superSeeding?.spectators.get(neighbour);
  if (!superSeeding || !spectator) return;
  for (const index of spectator.shown.keys()) takeBackPiece(superSeeding, neighbour, index);
}

function takeBackPiece(superSeeding: SuperSeeding, neighbour: VodNeighbour, index: number): void {
  superSeeding.spectators.get(neighbour)?.shown.delete(index);
  superSeeding.shownTo.delete(index);
  superSeeding.nextPiece = Math.min(superSeeding.nextPiece, index);
}

export function forgetSpectator(state: VodState, neighbour: VodNeighbour): void {
  takeBack(state, neighbour);
  state.superSeeding?.spectators.delete(neighbour);
}

/**
 * Each second: what is hidden in vain goes to others, and all are told of what was revealed; in this order, or who was told first would miss
 * what is revealed last. It is over when everybody knows of everything.
 */
export function expireShown(state: VodState): void {
  const { superSeeding } = state;
  if (!superSeeding) return;
  takeBackUnfetched(state, superSeeding);
  revealFew(state, superSeeding);
  let told = 0;
  for (const [neighbour, spectator] of superSeeding.spectators) {
    spectator.toldLately = 0;
    tell(state, superSeeding, neighbour, spectator);
    if (spectator.told === superSeeding.revealed.length) told++;
    show(state, neighbour);
  }
  if (superSeeding.hiddenPieces === 0 && told === superSeeding.spectators.size) state.superSeeding = undefined;
}

/** What somebody was shown and doesn't get may be shown to others. */
function takeBackUnfetched(state: VodState, superSeeding: SuperSeeding): void {
  const { nowMs } = state;
  for (const [neighbour, spectator] of superSeeding.spectators) {
    const patienceMs = patience(state, neighbour, spectator);
    for (const [index, atMs] of spectator.shown) {
      if (nowMs - atMs < patienceMs) continue;
      takeBackPiece(superSeeding, neighbour, index);
      spectator.fromPiece = Math.max(spectator.fromPiece, index + 1);
    }
  }
}

/** What one or two have had for long doesn't spread from them. */
function revealFew({ nowMs }: VodState, superSeeding: SuperSeeding): void {
  for (const [index, atMs] of superSeeding.seenMs) {
    if (nowMs - atMs < FEW_COPIES_MS_MAX) break;
    reveal(superSeeding, index);
  }
}

/** Twice what its connection needs for all of it. */
function patience({ layout }: VodState, { serving }: VodNeighbour, { shown }: Spectator): number {
  const bytesPerSecond = Math.max(serving.bytesPerSecond, SLOWEST_BYTES_PER_SECOND);
  return Math.max(PATIENCE_MS_MIN, (2 * shown.size * layout.pieceBytes * 1000) / bytesPerSecond);
}

function tell(state: VodState, { revealed }: SuperSeeding, neighbour: VodNeighbour, spectator: Spectator): void {
  for (; spectator.told < revealed.length && spectator.toldLately < TOLD_A_SECOND; spectator.told++) {
    const index = revealed[spectator.told] as number;
    if (spectator.seesAll || neighbour.held[index] === 1 || state.held[index] !== 1) continue;
    spectator.toldLately++;
    send(state, neighbour, { type: 'have', index });
  }
}

/** Guesses that did best of some in simulated swarms of 60 and 500. */
const SHOWN_MIN = 4;
const SHOWN_MS = 2000;
const PATIENCE_MS_MIN = 4000;
/** Others may have what somebody was shown so long ago and doesn't ask for. */
const IDLE_MS = 1000;
/**
 * So many, or half of the neighbours, have to have a piece before all others may ask for it. 1, 2 and 3: of 400 honest viewers, beside 100 who pass nothing on, each stalled for 9.3, 4.8 and 4.1 s of
 * 300 (`vod-2008-free-riders-20-500`, seed 6, while it was built, with other rules beside).
 */
const COPIES = 3;
/** Who wants a piece that stays with one or two, who may not even be neighbours of it, doesn't wait for longer. A guess. */
const FEW_COPIES_MS_MAX = 10_000;
/** Who takes less is taken to take that: pieces of a mebibyte aren't kept for somebody for longer than a minute and a half. */
const SLOWEST_BYTES_PER_SECOND = 100_000;
/** Who says to have all of a large torrent would have all others be told of every piece at once. A guess. */
const TOLD_A_SECOND = 256;
