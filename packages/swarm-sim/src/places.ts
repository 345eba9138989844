import { Random } from './random.js';
import type { PeerClass, Scenario } from './scenario.js';

/** At which place each peer is: in which region, or at which host of a table that was measured. */
export class Places {
  /** By class, the places of its peers in the order in which they come. */
  readonly #ofClass: number[][];
  readonly #ofSource: number;
  /** By the peer's number. */
  readonly #settled: number[] = [];

  /** @param regions - Names of the places, or how many there are if they have none. */
  constructor({ peers, source }: Scenario, regions: readonly string[] | number, seed: number) {
    const random = new Random(seed + PLACE_SEEDS);
    const names = typeof regions === 'number' ? Array.from({ length: regions }, (_, i) => `${i}`) : regions;
    this.#ofSource = drawPlaces(sharesOf(source.region, names), 1, random.fork())[0] ?? 0;
    this.#ofClass = peers.map(({ region, count }) => drawPlaces(sharesOf(region, names), count, random.fork()));
  }

  /** A peer comes. @param classIndex - Undefined: the source. */
  settle(number: number, classIndex: number | undefined): void {
    const place = classIndex === undefined ? this.#ofSource : this.#ofClass[classIndex]?.shift();
    this.#settled[number] = place ?? 0;
  }

  /** Row and column of a peer that has come. */
  of(number: number): number {
    return this.#settled[number] as number;
  }
}

/**
 * Places for so many peers: of each its share of them, to the next whole number up or down, and which way it goes is drawn. So where there
 * are more places than peers, no two are at the same one.
 * @param shares - One for each place, in any unit.
 */
export function drawPlaces(shares: readonly number[], count: number, random: Random): number[] {
  // A comb of `count` teeth over all shares end to end, in an order drawn anew (systematic sampling).
  const order = shuffled([...shares.keys()], random);
  const total = order.reduce((sum, place) => sum + (shares[place] as number), 0);
  const offset = random.unit();
  const drawn: number[] = [];
  let sum = 0;
  for (const place of order) {
    sum += shares[place] as number;
    while (drawn.length < count && ((drawn.length + offset) * total) / count < sum) drawn.push(place);
  }
  return shuffled(drawn, random);
}

function sharesOf(region: PeerClass['region'], names: readonly string[]): number[] {
  if (region === undefined) return names.map(() => 1);
  if (typeof region === 'string') return names.map((name) => (name === region ? 1 : 0));
  return names.map((name) => region[name] ?? 0);
}

function shuffled(all: readonly number[], random: Random): number[] {
  const rest = [...all];
  for (let i = rest.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1);
    [rest[i], rest[j]] = [rest[j] as number, rest[i] as number];
  }
  return rest;
}

/** Apart from the seeds that the swarm and its population draw from. */
const PLACE_SEEDS = 2 ** 33;
