/** Peer exchange with one neighbour (BEP 11): what was told to it, and how often either side may speak. */
import type { Message, PeerAddress } from '@tstream/wire-ext';
import { endpointText } from './address.js';

export class PeerExchange {
  #told = new Map<string, PeerAddress>();
  #nextMs: number;
  #heardAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: number) {
    this.#nextMs = nowMs + FIRST_MS;
  }

  /**
   * @param neighbours - Where all others listen that are neighbours now.
   * @returns What changed since it was told last, at most once a minute.
   */
  poll(neighbours: () => readonly PeerAddress[], nowMs: number): Message | undefined {
    if (nowMs < this.#nextMs) return undefined;
    this.#nextMs = nowMs + INTERVAL_MS;
    const current = new Map(neighbours().map((peer) => [endpointText(peer), peer]));
    const added = [...current].filter(([key]) => !this.#told.has(key)).slice(0, PEERS_MAX);
    const dropped = [...this.#told].filter(([key]) => !current.has(key)).slice(0, PEERS_MAX);
    if (added.length === 0 && dropped.length === 0) return undefined;
    for (const [key, peer] of added) this.#told.set(key, peer);
    for (const [key] of dropped) this.#told.delete(key);
    return { type: 'pex', added: added.map(([, peer]) => peer), dropped: dropped.map(([, peer]) => peer) };
  }

  /** Whether a message that comes now counts: a neighbour that tells more often is not listened to. */
  admit(nowMs: number): boolean {
    if (nowMs - this.#heardAtMs < HEAR_MS_MIN) return false;
    this.#heardAtMs = nowMs;
    return true;
  }
}

/** A joiner needs others soon, and neighbours that join with it should be in. */
const FIRST_MS = 1000;
/** BEP 11: "no more than once per minute". */
const INTERVAL_MS = 60_000;
const HEAR_MS_MIN = 45_000;
/** BEP 11. */
const PEERS_MAX = 50;
