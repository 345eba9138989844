import type { Choker, NeighbourFacts } from '@tstream/g2g-choker';
import type { Member } from '../member.js';
import type { Roster } from './roster.js';

/** How honest viewers rank their neighbours: what there is to gain by lying shows here, before chance on the lines blurs it. */
export class Rankings {
  readonly #roster: Roster;
  #count = 0;

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** Made by honest viewers. */
  get count(): number {
    return this.#count;
  }

  /** A peer ranked its neighbours. @param ranks - In the order of `facts`. */
  add(by: Member, facts: readonly NeighbourFacts[], ranks: readonly number[]): void {
    if (!this.#roster.entryOf(by)?.isHonest) return;
    this.#count += 1;
    for (const [i, { id }] of facts.entries()) {
      const neighbour = by.pipes.get(id)?.to;
      const tally = neighbour && this.#roster.entryOf(neighbour)?.tally;
      if (!tally) continue;
      const rank = ranks[i] ?? 0;
      if (rank === Infinity) tally.favoured += 1;
      else {
        tally.rankSum += rank;
        tally.ranks += 1;
      }
    }
  }
}

/** A choker whose rankings are told. */
export function watched(
  choker: Choker,
  tell: (facts: readonly NeighbourFacts[], ranks: readonly number[]) => void,
): Choker {
  const told = (facts: readonly NeighbourFacts[], ranks: readonly number[]) => {
    tell(facts, ranks);
    return ranks;
  };
  const { merit } = choker;
  return {
    rank: (facts, random) => told(facts, choker.rank(facts, random)),
    ...(merit && { merit: (facts) => told(facts, merit.call(choker, facts)) }),
  };
}
