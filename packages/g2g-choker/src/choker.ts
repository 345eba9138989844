/** What a peer knows for certain about one neighbour. */
export interface NeighbourFacts {
  readonly id: number;
  /** Verified video that came from it over the last {@link FACTS_MS}, bytes. */
  readonly receivedBytes: number;
  /** Video that it took from us over the same time, bytes. */
  readonly sentBytes: number;
  /** How long it has been connected, milliseconds. */
  readonly connectedMs: number;
}

/** Whom to serve first: a policy over plain data. It orders offers and refuses nobody. */
export interface Choker {
  /** One rank a neighbour, in the order of `facts`; larger is served first, equal ones in turn. */
  rank(facts: readonly NeighbourFacts[]): readonly number[];
}

/** The time over which the facts are counted, milliseconds: the re-rank interval of BEP 3. */
export const FACTS_MS = 10_000;
