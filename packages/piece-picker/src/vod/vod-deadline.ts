import {
  anyCandidate,
  firstCandidate,
  firstCandidateAround,
  mostUrgent,
  pieceMsOf,
  rarestCandidate,
} from './candidates.js';
import type { VodNeighbourView, VodPicker, VodReaderView, VodView } from './vod-picker.js';

/**
 * The default: what the reader needs soon in order, earliest deadline first (Liu and Layland: Scheduling algorithms for multiprogramming in
 * a hard-real-time environment, JACM 1973), then the rarest. The urgent end alone collapses: all fetch the same pieces from the seeder, have
 * nothing to give to each other, and come to the end of what it has sent (Zhou, Chiu and Lui: A simple model for analyzing P2P streaming
 * protocols, ICNP 2007, for live streams). Its shape is that of Give-to-Get's picker (Mol et al., MMCN 2008).
 *
 * Its own: rarity counts for less where there is speed to spare, {@link AMPLE} times the bitrate, and for more where there isn't, as then
 * it is what neighbours can give to each other that carries the film. With speed to spare, or before anything came, urgent is what is due
 * within {@link IN_ORDER_MS}, or is shown in as long from the beginning; with {@link PLENTY} times the bitrate all is. Without, it is
 * what is due within {@link URGENT_MS}, and as soon as the reader has {@link CALM_MS} ahead, a piece that this neighbour alone holds
 * goes, every other time, before an urgent one that others hold, too: a seeder's upload is what is scarce while a film is new to the
 * swarm, and every copy that somebody else could have given is one too many; before it plays, what is played in the first
 * {@link FIRST_MS}, the rarest of it first, as all of it has to be in. The speed of who holds less than {@link FRESH_MS} is that of its first
 * blocks: it takes the rarest of {@link FIRST_FRESH_MS}, then goes in order; so where nobody knows the bitrate. Urgent are two pieces at
 * least, and nothing of a neighbour that would bring it too late. Then come the rarest of the next {@link SOON_MS}, then the rarest of
 * all. Without a reader the rarest goes first, the first {@link RANDOM_PIECES} pieces by chance. With {@link CALM_MS} ahead, or nothing
 * urgent, the last {@link INDEX_BYTES} of what it reads go first: many films have their index there, which a player reads when it jumps.
 * All values are guesses that did best of some in simulated swarms of 60.
 */
export const vodDeadline: VodPicker = {
  choose(view, neighbour) {
    const reader = mostUrgent(view.readers);
    if (reader === undefined) return spread(view, neighbour);
    const pieceMs = pieceMsOf(view, reader) || UNKNOWN_MS;
    return reader.playing ? keepUp(view, neighbour, reader, pieceMs) : prepare(view, neighbour, reader, pieceMs);
  },
};

/** It fills its first buffer. */
function prepare(view: VodView, neighbour: VodNeighbourView, reader: VodReaderView, pieceMs: number): number {
  const { fromPiece } = reader;
  const ample = isAmple(view, reader);
  const fresh = reader.bytesPerSecond === 0 || view.heldPieces * pieceMs < FRESH_MS;
  const end = reader.toPiece + 1;
  const within = (ms: number) => Math.min(end, placeAfter(view, fromPiece, ms, pieceMs));
  const rarestTo = ample ? fromPiece : within(fresh ? FIRST_FRESH_MS : FIRST_MS);
  const inOrderTo = ample || fresh ? within(inOrderMs(view, reader)) : rarestTo;
  const rarest = rarestCandidate(view, neighbour, fromPiece, rarestTo);
  const first = rarest >= 0 ? rarest : firstCandidate(view, neighbour, rarestTo, inOrderTo);
  if (first >= 0) return first;
  return atEnd(view, neighbour, reader) ?? beyond(view, neighbour, inOrderTo, pieceMs);
}

function keepUp(view: VodView, neighbour: VodNeighbourView, reader: VodReaderView, pieceMs: number): number {
  const ample = isAmple(view, reader);
  const urgentMs = ample ? inOrderMs(view, reader) : URGENT_MS;
  const urgentTo = placeAfter(view, reader.fromPiece, urgentMs - reader.dueInMs, pieceMs);
  const urgent = firstCandidate(view, neighbour, firstInTime(view, neighbour, reader, pieceMs), urgentTo);
  const isCalm = reader.dueInMs >= CALM_MS;
  const last = urgent < 0 || isCalm ? atEnd(view, neighbour, reader) : undefined;
  if (last !== undefined) return last;
  // What a slow neighbour brings too late isn't for it, though all is to go in order.
  const soonFrom = Math.min(urgentTo, placeAfter(view, reader.fromPiece, IN_ORDER_MS, pieceMs));
  if (urgent < 0) return beyond(view, neighbour, soonFrom, pieceMs);
  if (ample || !isCalm || (view.availability[urgent] as number) <= 1 || view.random(2) === 0) return urgent;
  const rarest = rarestCandidate(view, neighbour, urgentTo, view.pieces);
  return rarest >= 0 && (view.availability[rarest] as number) <= 1 ? rarest : urgent;
}

/** There is speed to spare; before anything came there is taken to be. */
function isAmple({ bytesPerSecond }: VodView, reader: VodReaderView): boolean {
  return bytesPerSecond === 0 || (reader.bytesPerSecond > 0 && bytesPerSecond >= AMPLE * reader.bytesPerSecond);
}

/** How far ahead it goes in order where there is speed to spare. */
function inOrderMs({ bytesPerSecond }: VodView, reader: VodReaderView): number {
  return reader.bytesPerSecond > 0 && bytesPerSecond >= PLENTY * reader.bytesPerSecond ? Infinity : IN_ORDER_MS;
}

/** Of the last bytes that it will come to; undefined: none. */
function atEnd(view: VodView, neighbour: VodNeighbourView, { fromPiece, toPiece }: VodReaderView): number | undefined {
  const from = Math.max(fromPiece, toPiece - Math.ceil(INDEX_BYTES / view.pieceBytes));
  const last = firstCandidate(view, neighbour, from, toPiece + 1);
  return last >= 0 ? last : undefined;
}

/** Nothing that is urgent is to be had: the rarest of what comes next, then of the rest; at last what was left out. */
function beyond(view: VodView, neighbour: VodNeighbourView, from: number, pieceMs: number): number {
  const soonTo = Math.min(view.pieces, from + Math.ceil(SOON_MS / pieceMs));
  const soon = rarestCandidate(view, neighbour, from, soonTo);
  if (soon >= 0) return soon;
  const later = rarestCandidate(view, neighbour, soonTo, view.pieces);
  return later >= 0 ? later : firstCandidateAround(view, neighbour, mostUrgent(view.readers)?.fromPiece ?? 0);
}

/** Behind the pieces that are shown in this time, two at least. */
function placeAfter({ pieces }: VodView, fromPiece: number, ms: number, pieceMs: number): number {
  return Math.min(pieces, fromPiece + Math.max(URGENT_PIECES_MIN, Math.ceil(ms / pieceMs)));
}

/** The first piece that a neighbour brings in time, at the speed that it has shown. Who is no slower than most brings any. */
function firstInTime(view: VodView, neighbour: VodNeighbourView, reader: VodReaderView, pieceMs: number): number {
  const { bytesPerSecond } = neighbour;
  if (bytesPerSecond === 0 || bytesPerSecond * SLOW_PART >= view.bytesPerSecond) return reader.fromPiece;
  const deliveryMs = (view.pieceBytes * 1000) / bytesPerSecond;
  return reader.fromPiece + Math.max(0, Math.ceil((deliveryMs - reader.dueInMs) / pieceMs));
}

function spread(view: VodView, neighbour: VodNeighbourView): number {
  const first = view.heldPieces < RANDOM_PIECES;
  return (first ? anyCandidate : rarestCandidate)(view, neighbour, 0, view.pieces);
}

const FIRST_MS = 15_000;
const FIRST_FRESH_MS = 5000;
const FRESH_MS = 1500;
/** The forecast's margin: what carries the film to its end. */
const AMPLE = 1.2;
const PLENTY = 1.5;
const URGENT_MS = 15_000;
const IN_ORDER_MS = 30_000;
const URGENT_PIECES_MIN = 2;
const SOON_MS = 30_000;
const CALM_MS = 4000;
const INDEX_BYTES = 65_536;
/** A neighbour that brings less than this part of all that comes in is slow. */
const SLOW_PART = 10;
/** As libtorrent has it. */
const RANDOM_PIECES = 4;
/** How long a piece is taken to last where nobody knows. */
const UNKNOWN_MS = 1000;
