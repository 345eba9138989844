/** Asking for what is missing: when, and of whom, the same for all strategies that differ only in the order. */
import { type MissingPiece, type NeighbourView, WANTS_MAX, type Want, type WantView } from './picker.js';

/**
 * Asks for pieces in the order given, as many as are carried out. A piece that was on its way and didn't come is asked of
 * everybody, as everybody was told that it is coming; any other of one neighbour that holds it, drawn by chance.
 * @param isDue - Whether to ask for a piece now.
 */
export function askInOrder(
  view: WantView,
  order: readonly MissingPiece[],
  isDue: (piece: MissingPiece, view: WantView) => boolean = hasWaited,
): readonly Want[] {
  const wants: Want[] = [];
  for (const piece of order) {
    if (wants.length >= WANTS_MAX) break;
    if (!isDue(piece, view)) continue;
    for (const neighbour of piece.failed ? view.neighbours : oneHolder(view, piece.seq)) {
      wants.push({ neighbour, seq: piece.seq });
    }
  }
  return wants;
}

/** A joiner asks at once; else a piece has time to be offered, and an answer time to come. */
export function hasWaited(piece: MissingPiece, view: WantView): boolean {
  if (view.joining && piece.asked === 0) return true;
  return piece.waitedMs >= Math.max(WAIT_PIECES * view.pieceMs, WAIT_MS_MIN);
}

function oneHolder({ neighbours, random }: WantView, seq: number): NeighbourView[] {
  const holders = neighbours.filter(({ held }) => held.has(seq));
  return holders.length === 0 ? [] : [holders[random(holders.length)] as NeighbourView];
}

/** The delivery model repairs after 5 τ, and loses nothing. */
const WAIT_PIECES = 5;
/** … but not before this, or short pieces would be asked for while still under way. A guess. */
const WAIT_MS_MIN = 300;
