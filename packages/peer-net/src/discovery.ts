/** Finds neighbours for one swarm: trackers, peer exchange, what a person named; and dials them, a few at a time. */
import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import type { Message, PeerAddress } from '@tstream/wire-ext';
import { endpointText, type HostPort, hostPortText, mayTell, plainAddress } from './address.js';
import { Announcer, isAnnounceable } from './announcer.js';
import type { BanList } from './bans.js';
import { type Candidate, Candidates, type Outcome } from './candidates.js';
import type { Connection } from './connection.js';
import { dial } from './dial.js';
import { hexOf, type Neighbours } from './neighbours.js';
import { PeerExchange } from './pex.js';
import type { Announce } from './tracker.js';

export interface DiscoveryOptions {
  /** Peers that a person named: always tried. */
  readonly peers: readonly HostPort[];
  /** false: no trackers. */
  readonly enabled: boolean;
  /** Whether neighbours tell each other of others (BEP 11). */
  readonly exchange: boolean;
  /** Tracker URLs. */
  readonly trackers: readonly string[];
  /** A tracker's host and port may well be the source's. */
  readonly seeksSource: boolean;
  /** As many are looked for; more may come. */
  readonly neighboursWanted: number;
  readonly random: (below: number) => number;
  readonly announce: () => Omit<Announce, 'event'>;
}

export interface DiscoveryHooks {
  /** Makes the connection of a socket that was dialled. */
  readonly connect: (socket: Socket) => Connection;
  readonly nowMs: () => number;
  readonly onTracker: (event: TrackerEvent) => void;
}

export type TrackerEvent =
  | { readonly type: 'trackerReached'; readonly url: string }
  /** It is tried again; `reason` is one line. */
  | { readonly type: 'trackerUnreachable'; readonly url: string; readonly reason: string };

export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #hooks: DiscoveryHooks;
  readonly #neighbours: Neighbours;
  readonly #bans: BanList;
  readonly #candidates: Candidates;
  readonly #announcers: readonly Announcer[];
  readonly #exchanges = new Map<number, PeerExchange>();
  readonly #dialled = new Map<Connection, Candidate>();
  readonly #attempts = new Set<() => void>();
  #nowMs: number;

  constructor(options: DiscoveryOptions, hooks: DiscoveryHooks, neighbours: Neighbours, bans: BanList, nowMs: number) {
    this.#options = options;
    this.#hooks = hooks;
    this.#neighbours = neighbours;
    this.#bans = bans;
    this.#nowMs = nowMs;
    this.#candidates = new Candidates(options.random);
    for (const peer of options.peers) this.#candidates.addLasting(peer, 'explicit');
    const trackers = options.enabled ? options.trackers.filter(isAnnounceable).slice(0, TRACKERS_MAX) : [];
    if (options.seeksSource) for (const url of trackers) this.#candidates.addLasting(hostPortOf(url), 'source');
    this.#announcers = trackers.map((url) => this.#announcer(url));
  }

  /** A neighbour's extended handshake is there; outside live swarms it may say another one later. */
  extended({ id, extended }: Connection, nowMs: number): void {
    if (!this.#options.exchange || !extended?.ids.ut_pex) this.#exchanges.delete(id);
    else if (!this.#exchanges.has(id)) this.#exchanges.set(id, new PeerExchange(nowMs));
  }

  /** A neighbour has joined. */
  joined(connection: Connection): void {
    const candidate = this.#dialled.get(connection);
    if (candidate) this.#candidates.answered(candidate);
  }

  /** A connection is gone, whether it had joined or not. */
  closed(connection: Connection, nowMs: number): void {
    this.#exchanges.delete(connection.id);
    const candidate = this.#dialled.get(connection);
    if (!candidate) return;
    this.#dialled.delete(connection);
    const peerId = connection.peerId && hexOf(connection.peerId);
    this.#candidates.ended(candidate, outcomeOf(connection), nowMs, peerId);
  }

  heardOf(connection: Connection, message: Extract<Message, { type: 'pex' }>, nowMs: number): void {
    if (this.#exchanges.get(connection.id)?.admit(nowMs)) this.#told(message.added, connection.remote.address, 'pex');
  }

  /** Dials who is next, and tells neighbours of each other. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    const connected = this.#connected();
    const isConnected = ({ peerId, where }: Candidate) =>
      (peerId !== undefined && this.#neighbours.hasPeer(peerId)) || connected.has(hostPortText(where));
    while (this.#attempts.size < DIALS_MAX && !this.#neighbours.isFull) {
      const candidate = this.#candidates.take(nowMs, this.#isLooking(), isConnected);
      if (!candidate) break;
      void this.#try(candidate);
    }
    for (const connection of this.#neighbours.all()) {
      const message = this.#exchanges.get(connection.id)?.poll(() => this.#listeners(connection), nowMs);
      if (message) connection.send(message, nowMs);
    }
  }

  /**
   * Where neighbours listen. One that came to us and that others tell of must not be dialled: the second connection
   * may well be the one that stays, and all that is under way on the first is lost.
   */
  #connected(): Set<string> {
    return new Set(this.#neighbours.all().flatMap(({ listens }) => (listens ? endpointText(listens) : [])));
  }

  /** All that was wanted is there: trackers count who says so. */
  completed(): void {
    for (const announcer of this.#announcers) announcer.completed();
  }

  async close(): Promise<void> {
    for (const stop of this.#attempts) stop();
    this.#dialled.clear();
    await Promise.all(this.#announcers.map((announcer) => announcer.close()));
  }

  #announcer(url: string): Announcer {
    return new Announcer(url, {
      announce: this.#options.announce,
      isLooking: () => this.#isLooking(),
      onPeers: (peers, teller) => this.#told(peers, teller, 'tracker'),
      onReached: () => this.#hooks.onTracker({ type: 'trackerReached', url }),
      onUnreachable: (reason) => this.#hooks.onTracker({ type: 'trackerUnreachable', url, reason }),
    });
  }

  #isLooking(): boolean {
    return this.#neighbours.size < this.#options.neighboursWanted;
  }

  #told(peers: readonly PeerAddress[], teller: string, origin: 'tracker' | 'pex'): void {
    const plain = peers.map(({ address, port }) => ({ address: plainAddress(address), port }));
    this.#candidates.addTold(
      plain.filter(({ address }) => mayTell(teller, address)),
      origin,
    );
  }

  #listeners(asker: Connection): PeerAddress[] {
    return this.#neighbours
      .all()
      .filter((connection) => connection !== asker)
      .flatMap((connection) => connection.listens ?? [])
      .filter(({ address }) => mayTell(asker.remote.address, address));
  }

  async #try(candidate: Candidate): Promise<void> {
    const { host, port } = candidate.where;
    let stopped = false;
    let hangUp: (() => void) | undefined;
    const stop = () => {
      stopped = true;
      hangUp?.();
    };
    this.#attempts.add(stop);
    const addresses = await resolve(host);
    const next = (at: number) => {
      if (stopped) return;
      const address = addresses[at];
      if (address === undefined || this.#bans.hasEndpoint(address, port, this.#nowMs)) {
        this.#attempts.delete(stop);
        this.#candidates.ended(candidate, address === undefined ? 'unreachable' : 'banned', this.#nowMs);
        return;
      }
      let connection: Connection | undefined;
      hangUp = dial(
        { address, port },
        {
          onConnected: (socket) => {
            this.#attempts.delete(stop);
            connection = this.#hooks.connect(socket);
            this.#dialled.set(connection, candidate);
          },
          onBytes: (chunk) => connection?.receive(chunk, this.#hooks.nowMs()),
          onFailed: () => next(at + 1),
        },
      );
    };
    next(0);
  }
}

function outcomeOf({ closing, extended }: Connection): Outcome {
  if (closing && closing.by !== 'network') return closing.reason;
  return extended ? 'lost' : 'stranger';
}

/** @returns No address if the name has none. */
async function resolve(host: string): Promise<string[]> {
  if (isIP(host)) return [host];
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.slice(0, ADDRESSES_MAX).map(({ address }) => address);
}

function hostPortOf(url: string): HostPort {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
}

/** Half-open outgoing connections of one swarm. */
const DIALS_MAX = 8;
const ADDRESSES_MAX = 4;
const TRACKERS_MAX = 8;
