/** One neighbour that has unchoked us, as a picker of on-demand pieces sees it. */
export interface VodNeighbourView {
  /** The connection's number; unique. */
  readonly id: number;
  /** 1 for each piece that it holds. The peer's own: read it, don't write. */
  readonly held: Uint8Array;
  /** What came from it lately, bytes per second; 0 before anything came. */
  readonly bytesPerSecond: number;
}

/** Somebody reads the content in order, from here on: a player, at its place. */
export interface VodReaderView {
  /** The first piece that it lacks, at or after its place. */
  readonly fromPiece: number;
  /** The last piece that it will come to. */
  readonly toPiece: number;
  /** True once it shows something; false while it fills its first buffer. */
  readonly playing: boolean;
  /** How much of the content it takes, bytes per second; 0: not known. */
  readonly bytesPerSecond: number;
  /** Until it needs the first byte of `fromPiece`, milliseconds; 0 if it waits for it. */
  readonly dueInMs: number;
}

/** The question "which piece to ask this neighbour for next". */
export interface VodView {
  /** How many pieces there are. */
  readonly pieces: number;
  /** Length of a piece, bytes. */
  readonly pieceBytes: number;
  /** 1 for each piece that is wanted, not held, and not being asked of anybody: what may be chosen. Read it, don't write. */
  readonly open: Uint8Array;
  /** How many pieces are `open`. */
  readonly openPieces: number;
  /** How many pieces this peer holds: what it can give to others. */
  readonly heldPieces: number;
  /** How many neighbours hold each piece. Read it, don't write. */
  readonly availability: Uint16Array;
  /** In the order in which they came; none if nobody reads. */
  readonly readers: readonly VodReaderView[];
  /** What comes in from everybody, bytes per second. */
  readonly bytesPerSecond: number;
  /** Uniform integer in [0, below). */
  readonly random: (below: number) => number;
}

/** A policy over plain data. It keeps no state of its own: the peer owns the facts. */
export interface VodPicker {
  /**
   * @returns A piece that is `open` in the view and held by the neighbour, or −1 if none is wanted of it now. It is asked often: it looks
   *   at {@link SCAN_PIECES_MAX} pieces that may be chosen, at most a few times, and skips what isn't with `indexOf`.
   */
  choose(view: VodView, neighbour: VodNeighbourView): number;
}

/** How many pieces a picker looks at, at most: 2 million pieces are a torrent, too. */
export const SCAN_PIECES_MAX = 4096;
