/** What a peer knows of one neighbour. */
export interface NeighbourFacts {
  readonly id: number;
  /** Verified video that came from it over the last {@link FACTS_MS}, bytes. */
  readonly receivedBytes: number;
  /** Video that it took from us over the same time, bytes. */
  readonly sentBytes: number;
  /** Video of ours that it passed on to others, as far as those may vouch for it, bytes; fades over {@link FACTS_MS}. */
  readonly forwardedBytes: number;
  /** On demand: video that it gave to others, whoever it had it from, as these say, bytes; fades over a minute. Nothing bounds their word. 0 in live swarms. */
  readonly toldBytes: number;
  /**
   * At a source: how long the pieces that it was given first took to half of the other neighbours, smoothed,
   * milliseconds; undefined before that is known, and at everybody else.
   */
  readonly spreadMs: number | undefined;
  /** How long it has been connected, milliseconds. */
  readonly connectedMs: number;
  /** Names its address block, the same for all neighbours in it; undefined: nobody said. */
  readonly group: string | undefined;
  /** It called us: who is behind a NAT has no other neighbours than those whom it called. */
  readonly incoming: boolean;
}

/** Whom to serve first: a policy over plain data. It orders offers and refuses nobody. */
export interface Choker {
  /**
   * Called about once a second.
   * @param random - Uniform integer in [0, below): the only source of chance.
   * @returns One rank a neighbour, in the order of `facts`; larger is served first, equal ones in turn.
   */
  rank(facts: readonly NeighbourFacts[], random: (below: number) => number): readonly number[];
  /**
   * The same, without a turn for somebody whatever it gives: for a driver that has a slot for that, as an on-demand peer does.
   * Absent: the policy gives no such turns, or wants its own beside that slot.
   */
  merit?(facts: readonly NeighbourFacts[]): readonly number[];
}

/** The time over which the facts are counted, milliseconds: the re-rank interval of BEP 3. */
export const FACTS_MS = 10_000;
