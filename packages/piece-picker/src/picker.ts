import type { SeqSet } from '@tstream/sliding-window';

/** One neighbour in one run, as a picker sees it. The sets are the peer's own: read them, don't write. */
export interface NeighbourView {
  /** The connection's number; unique, the last tie-breaker. */
  readonly id: number;
  /** Pieces that it holds, has coming, or was offered already: nothing of these is offered again. */
  readonly known: SeqSet;
  /** Pieces that it said it holds. */
  readonly held: SeqSet;
  /** The piece that it asked for last, while that isn't known to come to it; else -1. */
  readonly wantedSeq: number;
  /** It wants pieces from this sequence number on; Infinity before it said so. */
  readonly startSeq: number;
  /** How good a forwarder it is, by the choker; larger goes first. */
  readonly rank: number;
  /** Offers to it that it hasn't answered yet. */
  readonly unanswered: number;
}

/** The question "what to offer to whom". */
export interface OfferView {
  /** True for the source itself: what nobody holds goes first. */
  readonly origin: boolean;
  /** Pieces that this peer holds, or whose first byte is in. */
  readonly offerable: SeqSet;
  /** Lowest sequence number that is valid now. */
  readonly fromSeq: number;
  /** Newest sequence number that is proven to exist. */
  readonly edgeSeq: number;
  readonly neighbours: readonly NeighbourView[];
  /** Uniform integer in [0, below). */
  readonly random: (below: number) => number;
}

export interface Offer {
  readonly neighbour: NeighbourView;
  readonly seq: number;
}

/** A piece that is wanted, not held and not on its way, and that a header or half of the neighbours say to exist. */
export interface MissingPiece {
  readonly seq: number;
  /** How long it has been missing, or how long ago it was last asked for, milliseconds. */
  readonly waitedMs: number;
  /** How many times it was asked for. */
  readonly asked: number;
  /** It was on its way, everybody was told so, and it didn't come. */
  readonly failed: boolean;
  /** Until the reader needs it, milliseconds; Infinity if none does. */
  readonly dueInMs: number;
}

/** The question "what to ask of whom". */
export interface WantView {
  /** In ascending order. */
  readonly missing: readonly MissingPiece[];
  readonly neighbours: readonly NeighbourView[];
  /** How long one piece of video lasts, milliseconds (τ). */
  readonly pieceMs: number;
  /** Half of the neighbours answer an offer within this, milliseconds; 0: not known yet. */
  readonly rttMs: number;
  /** True until the reader got its first byte. */
  readonly joining: boolean;
  readonly random: (below: number) => number;
}

export interface Want {
  readonly neighbour: NeighbourView;
  readonly seq: number;
}

/** A policy over plain data. It keeps no state of its own: the peer owns the facts. */
export interface PiecePicker {
  /** The best offer to make now, or undefined when nobody needs anything. */
  offer(view: OfferView): Offer | undefined;
  /** What to ask for now; at most {@link WANTS_MAX} are carried out. */
  want(view: WantView): readonly Want[];
}

/** Wants that a peer carries out at a time: a repair that floods the swarm repairs nothing. */
export const WANTS_MAX = 64;
