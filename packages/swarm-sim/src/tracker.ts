import type { Member } from './member.js';
import type { Random } from './random.js';
import type { Swarm } from './swarm.js';

/** Tells peers of each other, as a tracker does: a few at random of those that can be reached. */
export class Tracker {
  readonly #swarm: Swarm;
  readonly #chance: Random;
  readonly #neighbours: number;
  readonly #failPerMillion: number;
  readonly #connectionsMax: number;
  /** Those that take connections. */
  readonly #listed: Member[] = [];
  readonly #places = new Map<Member, number>();

  /**
   * @param neighbours - So many each peer looks for, seeds apart.
   * @param failPerMillion - Of a million attempts to connect, how many fail.
   */
  constructor(swarm: Swarm, chance: Random, neighbours: number, failPerMillion: number) {
    this.#swarm = swarm;
    this.#chance = chance;
    this.#neighbours = neighbours;
    this.#failPerMillion = failPerMillion;
    this.#connectionsMax = Math.max(CONNECTIONS_MAX, 2 * neighbours);
  }

  /** From now on others are told of this peer. */
  list(member: Member): void {
    this.#places.set(member, this.#listed.length);
    this.#listed.push(member);
  }

  remove(member: Member): void {
    const place = this.#places.get(member);
    const last = this.#listed.at(-1);
    if (place === undefined || !last) return;
    this.#listed[place] = last;
    this.#places.set(last, place);
    this.#listed.pop();
    this.#places.delete(member);
  }

  /**
   * Connects a peer that has too few neighbours to some of those that it is told of.
   * @param isSeed - It has upload to give away, and wants all the neighbours that it may have.
   */
  look(member: Member, isSeed: boolean): void {
    const wanted = isSeed ? this.#connectionsMax : this.#neighbours;
    if (member.pipes.size >= wanted) return;
    for (const other of this.#answer()) {
      if (other.pipes.size >= this.#connectionsMax || this.#chance.below(1_000_000) < this.#failPerMillion) continue;
      this.#swarm.connect(member, other);
      if (member.pipes.size >= wanted) return;
    }
  }

  /** Up to {@link ANSWER_MAX}, in random order; of a large swarm one may be named twice. */
  #answer(): Member[] {
    const listed = this.#listed;
    if (listed.length > ANSWER_MAX) {
      return Array.from({ length: ANSWER_MAX }, () => listed[this.#chance.below(listed.length)] as Member);
    }
    const rest = [...listed];
    return listed.map(() => rest.splice(this.#chance.below(rest.length), 1)[0] as Member);
  }
}

/** What trackers answer by habit. */
const ANSWER_MAX = 50;
/** The default of the apps' `--max-peers`. */
const CONNECTIONS_MAX = 50;
