/** What may be chosen of a neighbour: pieces that are open and that it holds. Every search is bounded, however large the torrent. */
import { SCAN_PIECES_MAX, type VodNeighbourView, type VodReaderView, type VodView } from './vod-picker.js';

type Open = Pick<VodView, 'open'>;
type Held = Pick<VodNeighbourView, 'held'>;

/**
 * The first candidate in [from, to).
 * @returns −1 if there is none, or none within the bound.
 */
export function firstCandidate(view: Open, neighbour: Held, from: number, to: number): number {
  const found: number[] = [];
  scan(view, neighbour, from, to, found, 1);
  return found[0] ?? -1;
}

/** The first candidate from `from` on, and if there is none, from the beginning. */
export function firstCandidateAround(view: VodView, neighbour: VodNeighbourView, from: number): number {
  const ahead = firstCandidate(view, neighbour, from, view.pieces);
  return ahead >= 0 ? ahead : firstCandidate(view, neighbour, 0, from);
}

/**
 * The candidate in [from, to) that fewest neighbours hold; one by chance of several. Of a range with too many candidates, those that follow
 * a place by chance are looked at.
 * @returns −1 if there is none.
 */
export function rarestCandidate(view: VodView, neighbour: VodNeighbourView, from: number, to: number): number {
  const { availability } = view;
  let fewest = Infinity;
  const rarest: number[] = [];
  for (const piece of candidates(view, neighbour, from, to)) {
    const holders = availability[piece] as number;
    if (holders > fewest) continue;
    if (holders < fewest) rarest.length = 0;
    fewest = holders;
    rarest.push(piece);
  }
  return rarest.length === 0 ? -1 : (rarest[view.random(rarest.length)] as number);
}

/** Any candidate in [from, to), each as likely as the others; −1 if there is none. */
export function anyCandidate(view: VodView, neighbour: VodNeighbourView, from: number, to: number): number {
  const all = candidates(view, neighbour, from, to);
  return all.length === 0 ? -1 : (all[view.random(all.length)] as number);
}

/** Up to {@link SCAN_PIECES_MAX} candidates of [from, to): all, or those that follow a place by chance. */
function candidates(view: VodView, neighbour: VodNeighbourView, from: number, to: number): number[] {
  const found: number[] = [];
  const start = to - from > SCAN_PIECES_MAX ? from + view.random(to - from) : from;
  scan(view, neighbour, start, to, found, SCAN_PIECES_MAX);
  scan(view, neighbour, from, start, found, SCAN_PIECES_MAX);
  return found;
}

/** The reader that needs something first; undefined if nobody reads. */
export function mostUrgent(readers: readonly VodReaderView[]): VodReaderView | undefined {
  let first: VodReaderView | undefined;
  for (const reader of readers) if (first === undefined || reader.dueInMs < first.dueInMs) first = reader;
  return first;
}

/** How long a piece lasts on the screen, milliseconds; 0: not known. */
export function pieceMsOf({ pieceBytes }: VodView, { bytesPerSecond }: VodReaderView): number {
  return bytesPerSecond > 0 ? (pieceBytes * 1000) / bytesPerSecond : 0;
}

/** Adds candidates of [from, to) to `found` until there are so many, or {@link SCAN_PIECES_MAX} pieces were looked at. */
function scan({ open }: Open, { held }: Held, from: number, to: number, found: number[], foundMax: number): void {
  let misses = 0;
  let piece = from;
  for (let looks = 0; piece < to && found.length < foundMax && looks < SCAN_PIECES_MAX; looks++) {
    if (open[piece] === 1 && held[piece] === 1) {
      found.push(piece);
      misses = 0;
    } else misses++;
    piece++;
    if (misses < MISSES_MAX) continue;
    piece = leap(open, held, piece);
    if (piece === -1) return;
  }
}

/** Over what one of the two lacks, at a nanosecond a piece; −1 if nothing follows. */
function leap(open: Uint8Array, held: Uint8Array, from: number): number {
  const next = open.indexOf(1, from);
  return next === -1 ? -1 : held.indexOf(1, next);
}

/** What is dense is compared one by one, which is quicker there. */
const MISSES_MAX = 32;
