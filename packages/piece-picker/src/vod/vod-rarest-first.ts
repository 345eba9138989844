import { anyCandidate, rarestCandidate } from './candidates.js';
import type { VodPicker } from './vod-picker.js';

/**
 * Rarest first (Cohen: Incentives build robustness in BitTorrent, P2PEcon 2003): what fewest neighbours hold; the first pieces by chance, so
 * that a newcomer soon has something to give. It is blind to who reads what: the best for the swarm, and a film that starts when it is
 * whole.
 *
 * One parameter: the first {@link RANDOM_PIECES} by chance; the paper takes one, later clients four.
 */
export const vodRarestFirst: VodPicker = {
  choose(view, neighbour) {
    const first = view.heldPieces < RANDOM_PIECES;
    return (first ? anyCandidate : rarestCandidate)(view, neighbour, 0, view.pieces);
  },
};

const RANDOM_PIECES = 4;
