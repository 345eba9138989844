import type { Random } from './random.js';

/** What connections are made in. */
export interface Mesh<Peer> {
  /** Connects two peers, unless something is in the way. */
  connect(caller: Peer, called: Peer): void;
  connectionsOf(peer: Peer): number;
  /** How many of them lead to the address block of another peer. */
  connectionsTo(peer: Peer, other: Peer): number;
}

/** Tells peers of each other, as a tracker does: a few at random of those that can be reached. */
export class Tracker<Peer> {
  readonly #mesh: Mesh<Peer>;
  readonly #chance: Random;
  readonly #neighbours: number;
  readonly #failPerMillion: number;
  readonly #connectionsMax: number;
  /** Those that take connections. */
  readonly #listed: Peer[] = [];
  readonly #places = new Map<Peer, number>();

  /**
   * @param neighbours - So many each peer looks for, seeds apart.
   * @param failPerMillion - Of a million attempts to connect, how many fail.
   */
  constructor(mesh: Mesh<Peer>, chance: Random, neighbours: number, failPerMillion: number) {
    this.#mesh = mesh;
    this.#chance = chance;
    this.#neighbours = neighbours;
    this.#failPerMillion = failPerMillion;
    this.#connectionsMax = Math.max(CONNECTIONS_MAX, 2 * neighbours);
  }

  /** From now on others are told of this peer. */
  list(peer: Peer): void {
    this.#places.set(peer, this.#listed.length);
    this.#listed.push(peer);
  }

  remove(peer: Peer): void {
    const place = this.#places.get(peer);
    const last = this.#listed.at(-1);
    if (place === undefined || !last) return;
    this.#listed[place] = last;
    this.#places.set(last, place);
    this.#listed.pop();
    this.#places.delete(peer);
  }

  /**
   * Connects a peer that has too few neighbours to some of those that it is told of.
   * @param isSeed - It has upload to give away, and wants all the neighbours that it may have.
   */
  look(peer: Peer, isSeed: boolean): void {
    const wanted = isSeed ? this.#connectionsMax : this.#neighbours;
    const mesh = this.#mesh;
    if (mesh.connectionsOf(peer) >= wanted) return;
    for (const other of this.#answer()) {
      this.call(peer, other);
      if (mesh.connectionsOf(peer) >= wanted) return;
    }
  }

  /** Tries to connect a peer to this other one, whatever it has already: it is refused if that one has too many, or too many of its address block. */
  call(peer: Peer, other: Peer): void {
    const mesh = this.#mesh;
    if (mesh.connectionsOf(other) >= this.#connectionsMax) return;
    if (mesh.connectionsTo(other, peer) >= Math.floor(this.#connectionsMax / BLOCK_PART)) return;
    if (this.#chance.below(1_000_000) < this.#failPerMillion) return;
    mesh.connect(peer, other);
  }

  /** Up to {@link ANSWER_MAX}, in random order; of a large swarm one may be named twice. */
  #answer(): Peer[] {
    const listed = this.#listed;
    if (listed.length > ANSWER_MAX) {
      return Array.from({ length: ANSWER_MAX }, () => listed[this.#chance.below(listed.length)] as Peer);
    }
    const rest = [...listed];
    return listed.map(() => rest.splice(this.#chance.below(rest.length), 1)[0] as Peer);
  }
}

/** What trackers answer by habit. */
const ANSWER_MAX = 50;
/** The default of the apps' `--max-peers`. */
const CONNECTIONS_MAX = 50;
/** Of its places a real peer gives one address a quarter. */
const BLOCK_PART = 4;
