/**
 * A picker of your own: copy this file to wherever you like, change it, and name it by its path.
 *
 *     pnpm sim compare default ./my-picker.ts --scenario scenarios/fast-60.json --report mine.html
 *     tstream-peer watch my-channel.tstream --picker ./my-picker.ts
 *
 * It may import `@tstream/piece-picker`, `@tstream/g2g-choker` and `@tstream/sliding-window` from anywhere. It keeps no state and takes
 * all chance from `view.random`, so that a run replays from its seed.
 */
import { newestFirst, type Offer, type OfferView, type PiecePicker } from '@tstream/piece-picker';

export const picker: PiecePicker = {
  /** What to offer to whom, now? Asked again and again while the uplink has room, until the answer is undefined. */
  offer(view: OfferView): Offer | undefined {
    // The source has to see to it that every piece gets out: change that, and you change everything.
    if (view.origin) return newestFirst.offer(view);
    let best: Offer | undefined;
    for (const neighbour of view.neighbours) {
      // Whoever has left offers unanswered has stopped reading.
      if (neighbour.unanswered >= UNANSWERED_MAX) continue;
      const fromSeq = Math.max(view.fromSeq, neighbour.startSeq);
      const seq = view.offerable.highestMissingIn(neighbour.known, fromSeq, view.edgeSeq);
      if (seq < 0) continue;
      // The newest piece, and of those who lack it the one whom the choker ranks highest.
      if (best === undefined || seq > best.seq || (seq === best.seq && neighbour.rank > best.neighbour.rank)) {
        best = { neighbour, seq };
      }
    }
    return best;
  },

  /** What to ask of whom, for a piece that has not come? Asked once a piece's time. This is how the default does it. */
  want: newestFirst.want,
};

const UNANSWERED_MAX = 2;
