/** Who reads where: any number of readers, each of which goes on in order from its place. */
import type { VodReaderView } from '@tstream/piece-picker';
import { distanceOf } from './started.js';
import type { VodInput } from './vod-inputs.js';
import type { VodState } from './vod-state.js';

type ReaderInput = Extract<VodInput, { type: 'reader' }>;

/** A reader; it is also what the picker sees of it. */
export interface Reader extends VodReaderView {
  fromByte: number;
  toByte: number;
  fromPiece: number;
  toPiece: number;
  playing: boolean;
  bytesPerSecond: number;
  dueInMs: number;
  /** When the driver spoke of it last, and what it had ahead then. */
  toldMs: number;
  bufferedMs: number;
  /** Pieces from its place on that go before all others. */
  nearPieces: number;
}

/** @throws {RangeError} If the places aren't within the torrent: the caller's mistake. */
export function onReader(state: VodState, input: ReaderInput): void {
  const { lengthBytes, pieceBytes, pieces } = state.layout;
  const { reader: id, fromByte, toByte } = input;
  if (!(fromByte >= 0 && fromByte <= toByte && toByte <= lengthBytes)) {
    throw new RangeError(`expected a reader's place within 0..${lengthBytes}, got ${fromByte}..${toByte}`);
  }
  const before = state.readers.get(id);
  const firstPiece = Math.min(pieces - 1, Math.floor(fromByte / pieceBytes));
  const reader: Reader = {
    fromByte,
    toByte,
    fromPiece: firstPiece,
    toPiece: Math.max(0, Math.ceil(toByte / pieceBytes) - 1),
    playing: input.playing,
    bytesPerSecond: input.bytesPerSecond,
    dueInMs: 0,
    toldMs: state.nowMs,
    bufferedMs: input.bufferedMs,
    nearPieces: Math.ceil(Math.max(NEAR_BYTES_MIN, (input.bytesPerSecond * NEAR_MS) / 1000) / pieceBytes),
  };
  if (before && firstPiece <= before.fromPiece && fromByte >= before.fromByte) reader.fromPiece = before.fromPiece;
  else state.seeked = true;
  state.readers.set(id, reader);
  advance(state, reader);
  listReaders(state);
  if (!before || before.fromPiece !== reader.fromPiece) measureDistances(state);
  if (state.timers.urgent === Infinity) state.timers.urgent = state.nowMs;
}

export function onReaderGone(state: VodState, id: number): void {
  if (!state.readers.delete(id)) return;
  listReaders(state);
  measureDistances(state);
  state.wakesAll = true;
  // A player that jumps often begins at the new place before it leaves the old one: what that one wanted gives way now.
  if (state.view.readers.length > 0) state.seeked = true;
}

/** Brings all readers to the first piece that they lack. */
export function advanceReaders(state: VodState): void {
  if (state.readers.size === 0) return;
  let moved = false;
  for (const reader of state.view.readers) {
    const before = reader.fromPiece;
    advance(state, reader);
    if (reader.fromPiece !== before) moved = true;
  }
  if (!moved) return;
  listReaders(state);
  measureDistances(state);
}

/** A held piece is lost: a reader behind it may need it again. */
export function retreatReaders(state: VodState): void {
  for (const reader of state.readers.values()) {
    reader.fromPiece = Math.floor(reader.fromByte / state.layout.pieceBytes);
    advance(state, reader);
  }
  listReaders(state);
  measureDistances(state);
}

/** Brings what readers are due up to the time. */
export function dateReaders(state: VodState): void {
  const { pieceBytes } = state.layout;
  for (const reader of state.view.readers) {
    const { bytesPerSecond, fromByte, fromPiece, playing, toldMs, bufferedMs } = reader;
    const aheadBytes = Math.max(0, fromPiece * pieceBytes - fromByte);
    const aheadMs = bytesPerSecond > 0 ? (aheadBytes * 1000) / bytesPerSecond : 0;
    const shownMs = playing ? state.nowMs - toldMs : 0;
    reader.dueInMs = Math.max(0, bufferedMs + aheadMs - shownMs);
  }
}

function advance(state: VodState, reader: Reader): void {
  while (reader.fromPiece <= reader.toPiece && state.held[reader.fromPiece] === 1) reader.fromPiece++;
}

/** Shows the picker those who lack something. */
function listReaders(state: VodState): void {
  state.view.readers = [...state.readers.values()].filter(({ fromPiece, toPiece }) => fromPiece <= toPiece);
}

function measureDistances(state: VodState): void {
  for (const piece of state.started.values()) piece.distance = distanceOf(state, piece.index);
  // Who is in the middle of a piece looks whether another one is nearer now.
  for (const neighbour of state.neighbours.values()) neighbour.asking.piece = undefined;
}

/** What a reader comes to within so long goes before all else that was begun; what is less is near all the same. Guesses. */
const NEAR_MS = 10_000;
const NEAR_BYTES_MIN = 2 * 1024 * 1024;
