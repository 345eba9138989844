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
 * a hard-real-time environment, JACM 1973); of whoever has something that nobody else has, that first. The urgent end alone collapses: all
 * fetch the same pieces from the seeder, have nothing to give to each other, and come to the end of what it has sent (Zhou, Chiu and Lui: A
 * simple model for analyzing P2P streaming protocols, ICNP 2007, for live streams). In a swarm that comes one after the other the seeder's
 * upload is what is scarce, and every copy that somebody else could have given is one too many.
 *
 * Its own: a piece that this neighbour alone holds goes before an urgent one that another one holds, too. Urgent is what is due within
 * {@link URGENT_MS}, two pieces at least; not of a neighbour that would bring it too late. Of the rest {@link SOON_OF_TEN} of ten are the
 * rarest of what is due within {@link SOON_MS} after that, the others the rarest of all. Without a reader the rarest goes first, the first
 * {@link RANDOM_PIECES} pieces by chance. All values are guesses that did best in simulated swarms of 60.
 */
export const vodDeadline: VodPicker = {
  choose(view, neighbour) {
    const reader = mostUrgent(view.readers);
    return reader === undefined ? spread(view, neighbour) : serve(view, neighbour, reader);
  },
};

function serve(view: VodView, neighbour: VodNeighbourView, reader: VodReaderView): number {
  const pieceMs = pieceMsOf(view, reader) || UNKNOWN_MS;
  const piecesIn = (ms: number) => Math.max(0, Math.ceil(ms / pieceMs));
  const urgentPieces = Math.max(URGENT_PIECES_MIN, piecesIn(URGENT_MS - reader.dueInMs));
  const urgentTo = Math.min(view.pieces, reader.fromPiece + urgentPieces);
  const urgent = firstCandidate(view, neighbour, firstInTime(view, neighbour, reader, pieceMs), urgentTo);
  const rarest = rarestCandidate(view, neighbour, urgentTo, view.pieces);
  if (urgent >= 0) return rarest >= 0 && isUniqueBeside(view, rarest, urgent) ? rarest : urgent;
  if (rarest < 0) return firstCandidateAround(view, neighbour, reader.fromPiece);
  if (view.random(10) >= SOON_OF_TEN) return rarest;
  const soon = rarestCandidate(view, neighbour, urgentTo, Math.min(view.pieces, urgentTo + piecesIn(SOON_MS)));
  return soon >= 0 ? soon : rarest;
}

/** Nobody else has the one, and somebody else the other. */
function isUniqueBeside({ availability }: VodView, rarest: number, urgent: number): boolean {
  return (availability[rarest] as number) <= 1 && (availability[urgent] as number) > 1;
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

const URGENT_MS = 20_000;
const URGENT_PIECES_MIN = 2;
const SOON_MS = 40_000;
const SOON_OF_TEN = 8;
/** A neighbour that brings less than this part of all that comes in is slow. */
const SLOW_PART = 10;
/** As libtorrent has it. */
const RANDOM_PIECES = 4;
/** How long a piece is taken to last where nobody knows. */
const UNKNOWN_MS = 1000;
