/** How rare a piece is: how many of the neighbours have said that they hold it. */
import type { MissingPiece, NeighbourView } from './picker.js';

/** What counting takes of a question. */
export interface Neighbourhood {
  readonly neighbours: readonly NeighbourView[];
  readonly random: (below: number) => number;
}

/**
 * The piece that fewest neighbours hold; one by chance of several.
 * @param seqs - One at least.
 */
export function rarestOf(seqs: readonly number[], { neighbours, random }: Neighbourhood): number {
  let fewest = Infinity;
  let rarest: number[] = [];
  for (const seq of seqs) {
    const holders = holdersOf(seq, neighbours);
    if (holders < fewest) rarest = [];
    if (holders <= fewest) rarest.push(seq);
    fewest = Math.min(fewest, holders);
  }
  return rarest[random(rarest.length)] as number;
}

/** Pieces in the order in which they are asked for if the rarest goes first; equals in an order by chance. */
export function byRarity(pieces: readonly MissingPiece[], { neighbours, random }: Neighbourhood): MissingPiece[] {
  return pieces
    .map((piece) => ({ piece, holders: holdersOf(piece.seq, neighbours), lot: random(LOTS) }))
    .sort((a, b) => a.holders - b.holders || a.lot - b.lot || a.piece.seq - b.piece.seq)
    .map(({ piece }) => piece);
}

function holdersOf(seq: number, neighbours: readonly NeighbourView[]): number {
  let holders = 0;
  for (const { held } of neighbours) if (held.has(seq)) holders++;
  return holders;
}

/** So many that two pieces rarely draw the same. */
const LOTS = 1 << 30;
