/**
 * A picker of on-demand pieces of your own: copy this file to wherever you like, change it, and name it by its path.
 *
 *     pnpm sim compare default ./my-vod-picker.ts --scenario scenarios/vod-60.json --report mine.html
 *     tstream-peer watch film.torrent --picker ./my-vod-picker.ts
 *
 * It may import `@tstream/piece-picker`, `@tstream/g2g-choker` and `@tstream/sliding-window` from anywhere. It keeps no state and takes
 * all chance from `view.random`, so that a run replays from its seed.
 */
import {
  SCAN_PIECES_MAX,
  type VodNeighbourView,
  type VodPicker,
  type VodView,
  vodRarestFirst,
} from '@tstream/piece-picker';

export const vodPicker: VodPicker = {
  /** Which piece to ask this neighbour for next, of those that are open and that it holds? −1: none. */
  choose(view: VodView, neighbour: VodNeighbourView): number {
    const reader = view.readers[0];
    // Nobody watches: what is good for the swarm.
    if (reader === undefined) return vodRarestFirst.choose(view, neighbour);
    // Ten seconds in order; pieces are all as long, and the bitrate may not be known.
    const pieceSeconds = view.pieceBytes / (reader.bytesPerSecond || view.pieceBytes);
    const urgentTo = reader.fromPiece + Math.ceil(Math.min(SCAN_PIECES_MAX, URGENT_SECONDS / pieceSeconds));
    for (let piece = reader.fromPiece; piece < Math.min(urgentTo, view.pieces); piece++) {
      if (view.open[piece] === 1 && neighbour.held[piece] === 1) return piece;
    }
    return vodRarestFirst.choose(view, neighbour);
  },
};

const URGENT_SECONDS = 10;
