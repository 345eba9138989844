import { type Choker, reciprocal } from '@tstream/g2g-choker';
import type { CryptoSuite } from '@tstream/live-piece-auth';
import { type ConnectionId, createPeer, type Peer, type PeerConfig, type Role } from '@tstream/peer-core';
import { newestFirst, type PiecePicker } from '@tstream/piece-picker';
import type { LineConfig } from './access-line.js';
import { Broadcast } from './broadcast.js';
import { type Actor, Member } from './member.js';
import { Network, type Tap } from './network.js';
import type { Observer } from './observer.js';
import { Pipe } from './pipe.js';
import { Random } from './random.js';
import { Stream } from './stream.js';

/** What a simulated swarm is made from. */
export interface SwarmConfig {
  /** Same seed, same swarm, same trace. */
  readonly seed: number;
  readonly ringPieces: number;
  readonly windowPieces: number;
  readonly pieceBytes: number;
  /** One-way delay between two peers, by their numbers: whole milliseconds. */
  readonly delayMs: (from: number, to: number) => number;
  /** Signs and hashes; `standInSuite` unless the signatures themselves matter. */
  readonly suite: CryptoSuite;
}

/** What one peer is made from. */
export interface MemberConfig {
  readonly line: LineConfig;
  /** Whose line it is at, in place of one of its own. */
  readonly sharing: Member | undefined;
  /** Limit that its user set, bytes per second. */
  readonly uploadBytesPerSecond: number;
  /** Fixed lag of the virtual reader; undefined: as the peer finds best. */
  readonly lagMs: number | undefined;
  /** Reads pieces as soon as they are whole and in order, not when due. */
  readonly eager: boolean;
  /** Pieces that it keeps, at most the window; undefined: the window. */
  readonly keepPieces: number | undefined;
  /** By how much its wall clock is wrong, milliseconds. */
  readonly wallErrorMs: number;
  readonly picker: PiecePicker;
  readonly choker: Choker;
}

/** Makes what sits at a line: `createPeer`, or what behaves otherwise. */
export type MakePeer = (config: PeerConfig, nowMs: number) => Peer;

/** A peer of peer-core in the swarm. */
export interface PeerMember extends Member {
  readonly core: Peer;
}

/**
 * A swarm under virtual time. Add peers, connect them, let time pass with `runUntil`, look at what they got. Whatever is done to it
 * between two calls of `runUntil`, or in an `at`, happens at the virtual time reached by then.
 */
export class Swarm {
  readonly members: Member[] = [];
  readonly #network: Network;
  readonly #config: SwarmConfig;
  readonly #chance: Random;
  #connections = 0;
  #islands = 0;

  constructor(config: SwarmConfig) {
    this.#config = config;
    this.#chance = new Random(config.seed);
    this.#network = new Network(new Stream(config.suite), this.#chance.fork());
  }

  get nowMs(): number {
    return this.#network.nowMs;
  }

  /** A hash over every message delivered so far and its time. */
  get traceHash(): string {
    return this.#network.trace.digest();
  }

  /** What peers asked for and can't be; every entry is a bug of a peer's. */
  get violations(): readonly string[] {
    return this.#network.violations;
  }

  /** Has every message shown to `tap` as it is delivered. */
  watch(tap: Tap): void {
    this.#network.tap = tap;
  }

  /** Has `observer` see what is sent, delivered and asked for from now on. */
  observe(observer: Observer): void {
    this.#network.observer = observer;
  }

  /** Adds a source that begins a run; tell the broadcast what to make. */
  addSource(run: number, config: Partial<MemberConfig> = {}): Broadcast {
    const wallErrorMs = config.wallErrorMs ?? 0;
    return new Broadcast(this.#network, this.#addPeer('source', config), run, WALL_EPOCH_MS + wallErrorMs);
  }

  /** @param make - What sits at the line, if not the peer as it should be. */
  addViewer(config: Partial<MemberConfig> = {}, make: MakePeer = createPeer): PeerMember {
    return this.#addPeer('viewer', config, make);
  }

  addSeed(config: Partial<MemberConfig> = {}): PeerMember {
    return this.#addPeer('seed', config);
  }

  /** Adds somebody who is no peer of peer-core: an attacker, or a peer of the test's own. */
  addActor(core: Actor, line: LineConfig = FAST_LINE): Member {
    return this.#add(core, line, 0);
  }

  /**
   * Connects two peers: TCP's and BitTorrent's handshakes take two round trips for the one who calls. The other one knows all of it
   * half a round trip sooner, when the caller's handshake comes, and may speak behind its own.
   * @returns The connection's number; undefined if they can't reach each other, are connected, or one
   *   keeps the other out.
   */
  connect(caller: Member, called: Member): ConnectionId | undefined {
    if (!caller.alive || !called.alive || caller === called || caller.island !== called.island) return undefined;
    if (caller.banned.has(called.number) || called.banned.has(caller.number)) return undefined;
    for (const pipe of caller.pipes.values()) if (pipe.to === called) return undefined;
    this.#connections += 1;
    const connection = this.#connections;
    const thereMs = this.#config.delayMs(caller.number, called.number);
    const backMs = this.#config.delayMs(called.number, caller.number);
    const pipe = new Pipe(connection, caller, called, thereMs * 1000, backMs * 1000);
    caller.pipes.set(connection, pipe);
    called.pipes.set(connection, pipe.back);
    const doneMs = this.nowMs + 2 * (thereMs + backMs);
    this.#network.at(doneMs - backMs, () => this.#joined(called, connection, true));
    this.#network.at(doneMs, () => this.#joined(caller, connection, false));
    return connection;
  }

  /** Gives each peer connections to others drawn at random until it has as many, at least. */
  connectAtRandom(members: readonly Member[], neighbours: number): void {
    for (const member of members) {
      const known = new Set([...member.pipes.values()].map((pipe) => pipe.to));
      const others = members.filter((other) => other !== member && !known.has(other));
      while (member.pipes.size < neighbours && others.length > 0) {
        const [other] = others.splice(this.#chance.below(others.length), 1);
        if (other) this.connect(member, other);
      }
    }
  }

  /** Closes a connection in good order, as if this side had decided to. */
  disconnect(member: Member, connection: ConnectionId): void {
    const pipe = member.pipes.get(connection);
    if (pipe) this.#network.close(pipe);
  }

  /** Ends a process: the system closes its connections. */
  kill(member: Member): void {
    member.alive = false;
    for (const pipe of member.pipes.values()) this.#network.close(pipe);
  }

  /** Takes a peer away without a word, as a power cut does: nobody is told. */
  vanish(member: Member): void {
    member.alive = false;
    for (const pipe of member.pipes.values()) {
      this.#cut(pipe);
      const back = pipe.to.pipes.get(pipe.connection);
      if (back) this.#cut(back);
    }
  }

  /** Cuts these peers off from all others: connections stay, nothing gets through. */
  partition(members: readonly Member[]): void {
    this.#islands += 1;
    for (const member of members) member.island = this.#islands;
    for (const member of this.members) {
      for (const pipe of member.pipes.values()) {
        if (pipe.from.island !== pipe.to.island) this.#network.block(pipe);
      }
    }
  }

  /** Joins all parts of the network again. */
  heal(): void {
    for (const member of this.members) member.island = 0;
    this.#network.unblock();
  }

  /** Lets a peer sleep: nothing calls it for so long, then everything at once. */
  sleep(member: Member, forMs: number): void {
    member.asleep = true;
    this.#network.at(this.nowMs + forMs, () => this.#network.wake(member));
  }

  /** Stops a viewer's reader, as somebody does who presses pause; the rest of the peer goes on. */
  pause(viewer: Member): void {
    this.#network.tell(viewer, { type: 'reader', taking: false });
  }

  /** Has a viewer's reader take what is due again. */
  resume(viewer: Member): void {
    this.#network.tell(viewer, { type: 'reader', taking: true });
  }

  /** Has something done at a virtual time, milliseconds. */
  at(atMs: number, act: () => void): void {
    this.#network.at(atMs, act);
  }

  /** Lets time pass until this virtual time, milliseconds. */
  runUntil(untilMs: number): void {
    this.#network.runUntil(untilMs);
  }

  #cut(pipe: Pipe): void {
    pipe.cut = true;
    this.#network.block(pipe);
  }

  #addPeer(role: Role, config: Partial<MemberConfig>, make: MakePeer = createPeer): PeerMember {
    const { line, sharing, wallErrorMs, ...own } = { ...MEMBER, ...config };
    const { ringPieces, windowPieces, pieceBytes } = this.#config;
    const random = this.#chance.fork();
    const clockOriginMs = this.#chance.below(CLOCK_ORIGIN_MS_MAX);
    // Field by field: the engine gives each object that was spread a shape of its own, and nothing that reads them is quick then.
    const peerConfig: PeerConfig = {
      role,
      ringPieces,
      windowPieces,
      pieceBytes,
      keepPieces: own.keepPieces ?? windowPieces,
      uploadBytesPerSecond: own.uploadBytesPerSecond,
      lagMs: own.lagMs,
      eager: own.eager,
      picker: own.picker,
      choker: own.choker,
      random: (below) => random.below(below),
    };
    const core = make(peerConfig, this.nowMs + clockOriginMs);
    const member = this.#add(core, line, clockOriginMs, sharing);
    const offsetMs = WALL_EPOCH_MS + wallErrorMs - clockOriginMs;
    this.#network.tell(member, { type: 'wallClock', offsetMs });
    return member as PeerMember;
  }

  #add(core: Actor, line: LineConfig, clockOriginMs: number, sharing?: Member): Member {
    const number = this.members.length;
    const member = new Member(number, peerId(number), core, line, clockOriginMs, sharing);
    this.members.push(member);
    return member;
  }

  #joined(member: Member, connection: ConnectionId, incoming: boolean): void {
    const pipe = member.pipes.get(connection);
    if (!pipe || !member.alive) return;
    pipe.joined = true;
    const { id: peerId, group } = pipe.to;
    this.#network.tell(member, { type: 'joined', connection, peerId, group, incoming });
  }
}

function peerId(number: number): Uint8Array {
  return Uint8Array.from(`-SIM000-${String(number).padStart(12, '0')}`, (letter) => letter.charCodeAt(0));
}

/** A line that is never in the way. */
export const FAST_LINE: LineConfig = {
  uploadBytesPerSecond: Infinity,
  downloadBytesPerSecond: Infinity,
  lostPerMillion: 0,
  queue: 'fair',
};

const MEMBER: MemberConfig = {
  line: FAST_LINE,
  sharing: undefined,
  uploadBytesPerSecond: Infinity,
  lagMs: undefined,
  eager: false,
  keepPieces: undefined,
  wallErrorMs: 0,
  picker: newestFirst,
  choker: reciprocal,
};

/** True time at which each simulation begins: some day in 2027. */
const WALL_EPOCH_MS = 1_800_000_000_000;
/** Clocks begin anywhere in the first eleven days, so that a peer that compares its own with another's is found out. */
const CLOCK_ORIGIN_MS_MAX = 1_000_000_000;
