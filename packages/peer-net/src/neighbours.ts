/** The connections of one swarm: who is let in, who is kept out, and which of two to the same peer stays. */
import type { CloseReason, Handshake, Message } from '@tstream/wire-ext';
import { isThisMachine, reachOf } from './address.js';
import { BAN_MS, type BanList } from './bans.js';
import type { Connection } from './connection.js';
import type { ConnectionOwner, Greeting } from './connection-owner.js';

export interface NeighboursOptions {
  readonly greeting: Greeting;
  readonly peersMax: number;
  readonly bans: BanList;
  readonly nowMs: () => number;
}

export interface NeighboursHooks {
  readonly onJoined: (connection: Connection) => void;
  /** Its extended handshake is there; in a live swarm before it has joined. */
  readonly onExtended: (connection: Connection) => void;
  readonly onMessage: (connection: Connection, message: Message) => void;
  readonly onPieceStarted: (connection: Connection, index: number, begin: number) => void;
  readonly onBlockSent: (connection: Connection, blockBytes: number) => void;
  /** @param hadJoined - It was open; else it never came that far. */
  readonly onClosed: (connection: Connection, hadJoined: boolean) => void;
  readonly onBanned: (ban: Ban) => void;
}

/** Somebody is kept out. */
export interface Ban {
  readonly address: string;
  /** Hex. */
  readonly peerId: string;
  readonly reason: CloseReason;
  /** The one peer, or everybody at the address. */
  readonly scope: 'peer' | 'address';
  readonly forMs: number;
}

export class Neighbours implements ConnectionOwner {
  readonly greeting: Greeting;
  readonly #options: NeighboursOptions;
  readonly #hooks: NeighboursHooks;
  readonly #open = new Map<number, Connection>();
  /** What connections that are gone have moved. */
  #goneDownBytes = 0;
  #goneUpBytes = 0;
  #banned = 0;

  constructor(options: NeighboursOptions, hooks: NeighboursHooks) {
    this.greeting = options.greeting;
    this.#options = options;
    this.#hooks = hooks;
  }

  get size(): number {
    return this.#open.size;
  }

  get isFull(): boolean {
    return this.#open.size >= this.#options.peersMax;
  }

  get downBytes(): number {
    return this.all().reduce((sum, { down }) => sum + down.totalBytes, this.#goneDownBytes);
  }

  get upBytes(): number {
    return this.all().reduce((sum, { up }) => sum + up.totalBytes, this.#goneUpBytes);
  }

  /** How often somebody was kept out. */
  get banned(): number {
    return this.#banned;
  }

  get(id: number): Connection | undefined {
    return this.#open.get(id);
  }

  /** Open ones, in the order in which they joined. */
  all(): Connection[] {
    return [...this.#open.values()];
  }

  /** @param peerId - Hex. */
  hasPeer(peerId: string): boolean {
    return this.#find(peerId) !== undefined;
  }

  /** Keeps the neighbour out for a while; it is still to be closed. */
  ban(connection: Connection, reason: CloseReason): void {
    const { address } = connection.remote;
    const peerId = hexOf(connection.peerId);
    const scope = this.#options.bans.ban({ address, peerId, port: connection.listens?.port }, this.#options.nowMs());
    this.#banned += 1;
    this.#hooks.onBanned({ address, peerId, reason, scope, forMs: BAN_MS });
  }

  onHandshake(connection: Connection, handshake: Handshake): CloseReason | undefined {
    const peerId = hexOf(handshake.peerId);
    if (peerId === hexOf(this.greeting.peerId)) return 'self';
    if (this.#options.bans.has(connection.remote.address, peerId, this.#options.nowMs())) return 'banned';
    return undefined;
  }

  onExtended(connection: Connection): void {
    this.#hooks.onExtended(connection);
  }

  onOpen(connection: Connection): CloseReason | undefined {
    const twin = this.#find(hexOf(connection.peerId));
    if (twin) {
      if (!this.#replaces(connection, twin)) return 'duplicate';
      twin.close('duplicate');
    }
    if (this.isFull || this.#crowds(connection.remote.address)) return 'full';
    this.#open.set(connection.id, connection);
    this.#hooks.onJoined(connection);
    return undefined;
  }

  onMessage(connection: Connection, message: Message): void {
    this.#hooks.onMessage(connection, message);
  }

  onPieceStarted(connection: Connection, index: number, begin: number): void {
    this.#hooks.onPieceStarted(connection, index, begin);
  }

  onBlockSent(connection: Connection, blockBytes: number): void {
    this.#hooks.onBlockSent(connection, blockBytes);
  }

  onBroken(connection: Connection, reason: CloseReason): void {
    if (connection.peerId) this.ban(connection, reason);
  }

  onClosed(connection: Connection): void {
    this.#goneDownBytes += connection.down.totalBytes;
    this.#goneUpBytes += connection.up.totalBytes;
    this.#hooks.onClosed(connection, this.#open.delete(connection.id));
  }

  #find(peerId: string): Connection | undefined {
    for (const connection of this.#open.values()) if (hexOf(connection.peerId) === peerId) return connection;
    return undefined;
  }

  /** Of two that were dialled at the same time both ends keep the one that the lower peer id dialled. */
  #replaces(connection: Connection, twin: Connection): boolean {
    if (this.#options.nowMs() - twin.heardAtMs > DEAD_MS) return true;
    if (connection.incoming === twin.incoming) return false;
    const ownIsLower = hexOf(this.greeting.peerId) < hexOf(connection.peerId);
    return connection.incoming !== ownIsLower;
  }

  /** One far address must not take all places; on this machine and in a home many share one. */
  #crowds(address: string): boolean {
    if (isThisMachine(address) || reachOf(address) === 'private') return false;
    const sameAddress = this.all().filter(({ remote }) => remote.address === address).length;
    return sameAddress >= Math.max(ADDRESS_PEERS_MIN, Math.floor(this.#options.peersMax / 4));
  }
}

export function hexOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** In a live swarm an open neighbour speaks several times a second. */
const DEAD_MS = 10_000;
const ADDRESS_PEERS_MIN = 3;
