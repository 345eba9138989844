import { firstCandidateAround, mostUrgent } from './candidates.js';
import type { VodPicker } from './vod-picker.js';

/**
 * In order: the piece that is played next, then the one after it. What a download for viewing does, and the greedy strategy of Zhou, Chiu
 * and Lui (A simple model for analyzing P2P streaming protocols, ICNP 2007): best for the one who asks, worst for the swarm, as those who
 * are at the same place have nothing to give to each other.
 *
 * No parameters. Without a reader, and behind the last piece, from the beginning on.
 */
export const vodInOrder: VodPicker = {
  choose: (view, neighbour) => firstCandidateAround(view, neighbour, mostUrgent(view.readers)?.fromPiece ?? 0),
};
