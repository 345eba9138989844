/** The laws that any choker keeps to, whatever its policy. */
import type { Choker, NeighbourFacts } from '../choker.js';
import { createChance, factsOf } from './facts.js';

/** A law, and what the answers to one question show against it. */
export interface Law {
  readonly title: string;
  /** @returns What is wrong, in a few words; undefined if nothing is. */
  readonly broken: (answers: Answers) => string | undefined;
}

/** What a choker answers to the facts made from one number. */
export interface Answers {
  readonly facts: readonly NeighbourFacts[];
  readonly before: string;
  readonly after: string;
  readonly ranks: readonly number[];
  /** The same facts again, with the same chance. */
  readonly again: readonly number[];
  /** The same facts, the last neighbour first; the ranks turned back. */
  readonly turned: readonly number[];
  readonly thrown: string | undefined;
  /** Why the chance that it took is not allowed. */
  readonly chance: string | undefined;
}

/** Far above one draw for each of the most neighbours. */
const DRAWS_MAX = 10_000;

export const LAWS: readonly Law[] = [
  { title: 'never throws', broken: ({ thrown }) => thrown },
  { title: 'one rank a neighbour, a number', broken: (answers) => wrongRanks(answers) },
  {
    title: 'same facts, same chance ⇒ same ranks',
    broken: ({ ranks, again }) =>
      written(ranks) === written(again) ? undefined : `${written(ranks)} then ${written(again)}`,
  },
  {
    title: 'the order of the neighbours says nothing',
    broken: ({ ranks, turned }) =>
      written(ranks) === written(turned) ? undefined : `${written(ranks)}, in the other order ${written(turned)}`,
  },
  {
    title: 'writes nothing to the facts',
    broken: ({ before, after }) => (before === after ? undefined : 'the facts were changed'),
  },
  {
    title: `takes all chance from random, whole numbers from 1 on, ${DRAWS_MAX} times at most`,
    broken: ({ chance }) => chance,
  },
];

/** Asks a choker about the facts that a number makes. */
export function answersOf(choker: Choker, seed: number): Answers {
  const facts = factsOf(seed);
  const before = JSON.stringify(facts);
  const { random, fault } = countedChance(seed);
  let ranks: readonly number[] = [];
  let again: readonly number[] = [];
  let turned: readonly number[] = [];
  let thrown: string | undefined;
  try {
    ranks = choker.rank(facts, random);
    again = choker.rank(factsOf(seed), countedChance(seed).random);
    turned = choker.rank(factsOf(seed).toReversed(), countedChance(seed).random);
  } catch (error) {
    if (fault() === undefined) thrown = String(error);
  }
  if (Array.isArray(turned)) turned = turned.toReversed();
  return { facts, before, after: JSON.stringify(facts), ranks, again, turned, thrown, chance: fault() };
}

/** Chance that ends a choker which draws without end, or for nothing. */
function countedChance(seed: number): { random: (below: number) => number; fault: () => string | undefined } {
  const chance = createChance(seed + 0x10000);
  let draws = 0;
  let fault: string | undefined;
  const random = (below: number) => {
    draws++;
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) fault ??= `random(${below}): expected 1..2^32`;
    if (draws > DRAWS_MAX) fault ??= `random was called more than ${DRAWS_MAX} times`;
    if (fault !== undefined) throw new RangeError(fault);
    return chance(below);
  };
  return { random, fault: () => fault };
}

function wrongRanks({ facts, ranks, thrown, chance }: Answers): string | undefined {
  if (thrown !== undefined || chance !== undefined) return undefined;
  if (!Array.isArray(ranks)) return `${String(ranks)}: expected an array`;
  if (ranks.length !== facts.length) return `${ranks.length} ranks for ${facts.length} neighbours`;
  const wrong = (ranks as readonly unknown[]).findIndex((rank) => typeof rank !== 'number' || Number.isNaN(rank));
  return wrong < 0 ? undefined : `a rank of ${String(ranks[wrong])}`;
}

function written(ranks: readonly number[]): string {
  return Array.isArray(ranks) ? ranks.join(' ') : String(ranks);
}
