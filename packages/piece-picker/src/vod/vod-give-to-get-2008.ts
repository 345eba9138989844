import { firstCandidate, mostUrgent, pieceMsOf, rarestCandidate } from './candidates.js';
import type { VodPicker, VodReaderView, VodView } from './vod-picker.js';

/**
 * The picker of Give-to-Get (Mol, Pouwelse, Meulpolder, Epema, Sips: Give-to-Get: free-riding resilient video-on-demand in P2P systems,
 * MMCN 2008). From the playback point on, pieces are in three sets, and a set is turned to when nothing can be had of those before it:
 * high priority, in order while playing and the rarest first before; mid priority, four times as long, the rarest first; low priority, all
 * others, the rarest first.
 *
 * The published parameters: high is ten seconds, five pieces at least; mid is {@link MID} × high. Its playback point is the first piece
 * that the reader lacks. Without a reader all is low.
 */
export const vodGiveToGet2008: VodPicker = {
  choose(view, neighbour) {
    const reader = mostUrgent(view.readers);
    if (reader === undefined) return rarestCandidate(view, neighbour, 0, view.pieces);
    const { fromPiece, playing } = reader;
    const high = highPieces(view, reader);
    const highTo = Math.min(view.pieces, fromPiece + high);
    const midTo = Math.min(view.pieces, highTo + MID * high);
    const urgent = (playing ? firstCandidate : rarestCandidate)(view, neighbour, fromPiece, highTo);
    if (urgent >= 0) return urgent;
    const soon = rarestCandidate(view, neighbour, highTo, midTo);
    return soon >= 0 ? soon : rarestCandidate(view, neighbour, 0, view.pieces);
  },
};

function highPieces(view: VodView, reader: VodReaderView): number {
  const pieceMs = pieceMsOf(view, reader);
  return pieceMs === 0 ? HIGH_PIECES_MIN : Math.max(HIGH_PIECES_MIN, Math.ceil(HIGH_MS / pieceMs));
}

/** Published: the high-priority set is ten seconds … */
const HIGH_MS = 10_000;
/** … and five pieces at least. */
const HIGH_PIECES_MIN = 5;
/** Published: so many times the high-priority set. */
const MID = 4;
