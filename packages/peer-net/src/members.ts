/** What a node is in: swarms and torrents, each under its infohash, on one port and under one tracker. */
import { monotonicMs } from './clock.js';
import { Connections } from './connections.js';
import { hexOf, type Neighbours } from './neighbours.js';

/** Something that has an infohash and neighbours. */
export interface Member {
  readonly neighbours: Neighbours;
  /** To be called four times a second. */
  tick(nowMs: number): void;
  close(): Promise<void>;
}

export interface MembersHooks {
  readonly onJoined: (infohash: Uint8Array) => void;
  readonly onLeft: (infohash: Uint8Array) => void;
}

export class Members {
  readonly connections = new Connections((infohash) => this.#members.get(hexOf(infohash))?.neighbours);
  readonly #members = new Map<string, Member>();
  readonly #opening = new Map<string, Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #hooks: MembersHooks;

  constructor(hooks: MembersHooks) {
    this.#hooks = hooks;
  }

  all(): Member[] {
    return [...this.#members.values()];
  }

  /**
   * @param open - Given what to call when the member is closed, and what tells it that opening is in vain.
   * @throws {RangeError} If there is one under this infohash already, or soon.
   */
  async join<T extends Member>(infohash: Uint8Array, open: Open<T>): Promise<T> {
    const key = hexOf(infohash);
    if (this.#members.has(key) || this.#opening.has(key)) {
      throw new RangeError(`expected a swarm that the node is not in, got ${key}`);
    }
    this.#closing.signal.throwIfAborted();
    const opening = this.#open(key, infohash, open);
    this.#opening.set(key, opening);
    return opening.finally(() => this.#opening.delete(key));
  }

  async #open<T extends Member>(key: string, infohash: Uint8Array, open: Open<T>): Promise<T> {
    const onClosed = () => {
      this.#members.delete(key);
      this.#hooks.onLeft(infohash);
    };
    const member = await open(onClosed, this.#closing.signal);
    this.#members.set(key, member);
    this.#hooks.onJoined(infohash);
    member.tick(monotonicMs());
    return member;
  }

  tick(nowMs: number): void {
    this.connections.tick(nowMs);
    for (const member of this.#members.values()) member.tick(nowMs);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the node is closed'));
    await Promise.allSettled(this.#opening.values());
    await Promise.all(this.all().map((member) => member.close()));
  }
}

type Open<T> = (onClosed: () => void, closing: AbortSignal) => T | Promise<T>;
