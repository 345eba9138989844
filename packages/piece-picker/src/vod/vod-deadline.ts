import {
  anyCandidate,
  firstCandidate,
  firstCandidateAround,
  mostUrgent,
  pieceMsOf,
  rarestCandidate,
} from './candidates.js';
import type { VodNeighbourView, VodPicker, VodReaderView, VodView } from './vod-picker.js';

export const vodDeadline: VodPicker = {
  choose(view, neighbour) {
    const reader = mostUrgent(view.readers);
    if (reader === undefined) return spread(view, neighbour);
    const { fromPiece } = reader;
    const pieceMs = pieceMsOf(view, reader);
    const urgentTo = Math.min(view.pieces, fromPiece + piecesOf(HORIZON_MS - reader.dueInMs, pieceMs));
    const urgent = firstCandidate(view, neighbour, firstInTime(view, neighbour, reader, pieceMs), urgentTo);
    if (urgent >= 0) return urgent;
    const soonTo = Math.min(view.pieces, urgentTo + piecesOf(SOON_MS, pieceMs));
    const soon = rarestCandidate(view, neighbour, urgentTo, soonTo);
    if (soon >= 0) return soon;
    const later = rarestCandidate(view, neighbour, soonTo, view.pieces);
    return later >= 0 ? later : firstCandidateAround(view, neighbour, fromPiece);
  },
};

function firstInTime(view: VodView, neighbour: VodNeighbourView, reader: VodReaderView, pieceMs: number): number {
  const { bytesPerSecond } = neighbour;
  if (bytesPerSecond === 0 || pieceMs === 0 || bytesPerSecond * SLOW >= view.bytesPerSecond) return reader.fromPiece;
  const deliveryMs = (view.pieceBytes * 1000) / bytesPerSecond;
  return reader.fromPiece + Math.max(0, Math.ceil((deliveryMs - reader.dueInMs) / pieceMs));
}

function spread(view: VodView, neighbour: VodNeighbourView): number {
  const first = view.heldPieces < RANDOM_PIECES;
  return (first ? anyCandidate : rarestCandidate)(view, neighbour, 0, view.pieces);
}

function piecesOf(ms: number, pieceMs: number): number {
  return pieceMs === 0 ? PIECES_MIN : Math.max(0, Math.ceil(ms / pieceMs));
}

const RANDOM_PIECES = 4;
const PIECES_MIN = 5;
const HORIZON_MS = 10_000;
const SOON_MS = 40_000;
const SLOW = 10;
