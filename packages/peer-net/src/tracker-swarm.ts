/**
 * Whom a tracker lists for one swarm: only those at whose address a peer of this swarm answered, few of each address
 * block, and nobody that has not announced lately. So nobody can be listed who is not there, and no one party fills it.
 */

import type { PeerAddress } from '@tstream/wire-ext';
import { addressBlock, endpointText, mayTell, plainAddress, reachOf } from './address.js';
import { monotonicMs } from './clock.js';
import type { AnnounceAnswer, AnnounceParams, TrackerPeer, TrackerSwarm } from './tracker-library.js';

export interface ListedSwarmOptions {
  /** Whether a peer of the swarm answers there. */
  readonly probe: (endpoint: PeerAddress) => Promise<boolean>;
  /** Uniform integer in [0, below). */
  readonly random: (below: number) => number;
}

export class ListedSwarm implements TrackerSwarm {
  readonly #options: ListedSwarmOptions;
  readonly #entries = new Map<string, Entry>();
  #probing = 0;

  constructor(options: ListedSwarmOptions) {
    this.#options = options;
  }

  /** Peers that are given out. */
  get size(): number {
    this.#forgetOld(monotonicMs());
    return [...this.#entries.values()].filter((entry) => entry.state === 'listed').length;
  }

  announce(params: AnnounceParams, done: (error: Error | null, answer?: AnnounceAnswer) => void): void {
    if (!EVENTS.includes(params.event)) return done(new Error('invalid event'));
    const endpoint = { address: plainAddress(params.ip), port: params.port };
    const nowMs = monotonicMs();
    this.#forgetOld(nowMs);
    const key = endpointText(endpoint);
    if (params.event === 'stopped') this.#entries.delete(key);
    else this.#heard(key, endpoint, params, nowMs);
    done(null, { ...this.#counts(), peers: this.#pick(params.numwant, endpoint) });
  }

  scrape(_params: unknown, done: (error: null, answer: { complete: number; incomplete: number }) => void): void {
    done(null, this.#counts());
  }

  #counts(): { complete: number; incomplete: number } {
    let complete = 0;
    for (const { isComplete } of this.#entries.values()) if (isComplete) complete += 1;
    return { complete, incomplete: this.#entries.size - complete };
  }

  #heard(key: string, endpoint: PeerAddress, { peer_id: peerId, left }: AnnounceParams, nowMs: number): void {
    let entry = this.#entries.get(key);
    if (entry && entry.state !== 'absent' && entry.peerId !== peerId) entry.state = 'absent';
    if (!entry) {
      if (this.#entries.size >= ENTRIES_MAX || !this.#hasRoom(endpoint.address)) return;
      const probedAtMs = Number.NEGATIVE_INFINITY;
      entry = { ...endpoint, peerId, isComplete: false, state: 'absent', heardAtMs: nowMs, probedAtMs };
    }
    // Heard last stands last.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.peerId = peerId;
    entry.isComplete = left === 0;
    entry.heardAtMs = nowMs;
    if (entry.state === 'absent' && nowMs - entry.probedAtMs >= REPROBE_MS) this.#probe(entry, nowMs);
  }

  #probe(entry: Entry, nowMs: number): void {
    if (this.#probing >= PROBES_MAX || reachOf(entry.address) === 'unroutable') return;
    entry.state = 'probing';
    entry.probedAtMs = nowMs;
    this.#probing += 1;
    void this.#options.probe(entry).then((isThere) => {
      this.#probing -= 1;
      if (entry.state === 'probing') entry.state = isThere ? 'listed' : 'absent';
    });
  }

  /** One party has all of a block; on this machine and in a home everybody shares one. */
  #hasRoom(address: string): boolean {
    if (reachOf(address) !== 'public') return true;
    const block = addressBlock(address);
    let peers = 0;
    for (const entry of this.#entries.values()) if (addressBlock(entry.address) === block) peers += 1;
    return peers < BLOCK_PEERS_MAX;
  }

  /** Chosen by chance, never the asker, and nobody that the asker could not reach anyway. */
  #pick(wanted: number, asker: PeerAddress): TrackerPeer[] {
    const own = endpointText(asker);
    const listed = [...this.#entries.values()].filter(
      (entry) => entry.state === 'listed' && endpointText(entry) !== own && mayTell(asker.address, entry.address),
    );
    for (let at = 0; at < Math.min(wanted, listed.length); at += 1) {
      const other = at + this.#options.random(listed.length - at);
      [listed[at], listed[other]] = [listed[other] as Entry, listed[at] as Entry];
    }
    return listed.slice(0, wanted).map(({ peerId, address, port }) => ({ peerId, ip: address, port }));
  }

  #forgetOld(nowMs: number): void {
    for (const [key, entry] of this.#entries) {
      if (nowMs - entry.heardAtMs < ENTRY_MS_MAX) return;
      this.#entries.delete(key);
    }
  }
}

interface Entry extends PeerAddress {
  peerId: string;
  /** It says that it lacks nothing: never in a live swarm. */
  isComplete: boolean;
  state: 'absent' | 'probing' | 'listed';
  heardAtMs: number;
  probedAtMs: number;
}

/** What a tracker tells peers to keep to. */
export const TRACKER_INTERVAL_MS = 60_000;
/** Three announces missed. */
const ENTRY_MS_MAX = 3 * TRACKER_INTERVAL_MS;
const EVENTS: readonly string[] = ['started', 'stopped', 'update', 'completed', 'paused'];
/** Guesses: what a source can hold and probe without noticing. */
const ENTRIES_MAX = 2000;
const PROBES_MAX = 16;
const REPROBE_MS = 30_000;
const BLOCK_PEERS_MAX = 4;
