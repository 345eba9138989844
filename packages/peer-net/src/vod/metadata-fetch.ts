/** Gets the metainfo that a magnet link only names, from whoever has it (BEP 9): a member of its swarm without content. */

import { randomBytes } from 'node:crypto';
import { decodeInfo, describeMetainfoReason, type VodMetainfo } from '@tstream/tstream-format';
import { LOCAL_EXTENSION_IDS, type Message, type MetadataMessage } from '@tstream/wire-ext';
import type { HostPort } from '../address.js';
import { BanList } from '../bans.js';
import { elapsed, monotonicMs } from '../clock.js';
import type { Connection } from '../connection.js';
import { Discovery, type TrackerEvent } from '../discovery.js';
import { MetainfoError } from '../load-metainfo.js';
import { Neighbours } from '../neighbours.js';
import { newPeerId } from '../peer-id.js';
import { random } from '../random.js';
import type { SwarmSurroundings } from '../surroundings.js';
import { MetadataAssembly } from './metadata-assembly.js';

export interface FetchMetainfoOptions {
  /** SHA-1 of the `info` dictionary, 20 bytes. */
  readonly infohash: Uint8Array;
  readonly trackers: readonly string[];
  /** Nothing is asked of them here; they stand in the metainfo that comes of it. */
  readonly webSeeds?: readonly string[] | undefined;
  /** Always tried, whatever else is found. */
  readonly peers: readonly HostPort[];
  /** false: no tracker, no peer exchange, only `peers` and whoever comes in. */
  readonly discovery: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: MetainfoProgress) => void) | undefined;
}

export type MetainfoProgress =
  | { readonly type: 'metainfo'; readonly peers: number; readonly receivedBytes: number; readonly totalBytes: number }
  | TrackerEvent;

export class MetadataFetch {
  /** With the trackers and web seeds that were given. @throws {MetainfoError} If it isn't that of a torrent that can be had. @throws The signal's reason. */
  readonly metainfo: Promise<VodMetainfo>;
  readonly neighbours: Neighbours;
  readonly #options: FetchMetainfoOptions;
  readonly #surroundings: SwarmSurroundings;
  readonly #discovery: Discovery;
  readonly #assembly: MetadataAssembly;
  #settle!: { readonly resolve: (metainfo: VodMetainfo) => void; readonly reject: (error: unknown) => void };
  readonly #abort = () => this.#settle.reject(this.#options.signal?.reason);
  #closed = false;

  constructor(options: FetchMetainfoOptions, surroundings: SwarmSurroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.metainfo = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Who waits for it hears of it; nobody may be waiting yet.
    this.metainfo.catch(() => undefined);
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted) this.#abort();
    this.#assembly = new MetadataAssembly(options.infohash);
    const bans = new BanList();
    this.neighbours = this.#createNeighbours(bans);
    this.#discovery = this.#createDiscovery(bans);
  }

  tick(nowMs: number): void {
    if (this.#closed) return;
    this.#discovery.tick(nowMs);
    this.#ask(nowMs);
    for (const connection of this.neighbours.all()) {
      // Who has none by now is of no use.
      const hasNone = !connection.extended?.metadataBytes || !connection.extended.ids.ut_metadata;
      if (hasNone && nowMs - connection.openedAtMs > GREETING_MS_MAX) connection.close('other');
    }
    const { progress } = this.#assembly;
    this.#options.onProgress?.({ type: 'metainfo', peers: this.neighbours.size, ...progress });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#settle.reject(new MetainfoError('closed before the metainfo was there'));
    this.#surroundings.connections.closeOf(this.neighbours, 'leaving');
    await Promise.race([this.#discovery.close(), elapsed(CLOSE_MS_MAX)]);
    this.#surroundings.onClosed();
  }

  #createNeighbours(bans: BanList): Neighbours {
    const { client, port } = this.#surroundings;
    const { ut_metadata, ut_pex } = LOCAL_EXTENSION_IDS;
    const ids = this.#options.discovery ? { ut_metadata, ut_pex } : { ut_metadata };
    return new Neighbours(
      {
        greeting: {
          kind: 'vod',
          infohash: this.#options.infohash,
          peerId: newPeerId(randomBytes(12)),
          extended: { type: 'extended-handshake', ids, client, port },
        },
        peersMax: PEERS_MAX,
        bans,
        nowMs: monotonicMs,
      },
      {
        onJoined: (connection) => this.#onJoined(connection),
        onExtended: (connection) => this.#onExtended(connection),
        onMessage: (connection, message) => this.#onMessage(connection, message),
        onPieceStarted: () => undefined,
        onBlockSent: () => undefined,
        onClosed: (connection) => {
          this.#assembly.leave(connection.id);
          this.#discovery.closed(connection, monotonicMs());
        },
        onBanned: () => undefined,
      },
    );
  }

  #createDiscovery(bans: BanList): Discovery {
    const { infohash, peers, discovery, trackers, onProgress } = this.#options;
    const { connections, port } = this.#surroundings;
    return new Discovery(
      {
        peers,
        enabled: discovery,
        exchange: discovery,
        trackers,
        seeksSource: false,
        neighboursWanted: PEERS_MAX,
        random,
        announce: () => ({
          infohash,
          peerId: this.neighbours.greeting.peerId,
          port,
          upBytes: 0,
          downBytes: 0,
          // How much it is nobody knows yet; not nothing.
          leftBytes: 1,
          peersWanted: PEERS_MAX,
        }),
      },
      {
        connect: (socket) => connections.dialled(socket, this.neighbours),
        nowMs: monotonicMs,
        onTracker: (event) => onProgress?.(event),
      },
      this.neighbours,
      bans,
      monotonicMs(),
    );
  }

  #onJoined(connection: Connection): void {
    this.#discovery.joined(connection);
    const nowMs = monotonicMs();
    // BEP 6 wants to hear first what we hold.
    if (connection.fast) connection.send({ type: 'have-none' }, nowMs);
    connection.introduce(nowMs);
  }

  #onExtended(connection: Connection): void {
    const { id, extended } = connection;
    const nowMs = monotonicMs();
    this.#discovery.extended(connection, nowMs);
    if (!extended?.metadataBytes || !extended.ids.ut_metadata) return;
    this.#assembly.join(id, extended.metadataBytes);
    this.#ask(nowMs);
  }

  #onMessage(connection: Connection, message: Message): void {
    const nowMs = monotonicMs();
    if (message.type === 'pex') return this.#discovery.heardOf(connection, message, nowMs);
    if (message.type !== 'metadata') return;
    if (message.kind === 'piece') this.#onBlock(connection, message);
    else if (message.kind === 'reject') this.#assembly.reject(connection.id, message.piece);
    else this.#refuse(connection, message.piece, nowMs);
    this.#ask(nowMs);
  }

  #onBlock({ id }: Connection, { piece, totalBytes, bytes }: Extract<MetadataMessage, { kind: 'piece' }>): void {
    const came = this.#assembly.add(id, piece, totalBytes, bytes);
    if (came.state === 'whole') return this.#finish(came.info);
    const liar = came.state === 'bad' && came.liar !== undefined ? this.neighbours.get(came.liar) : undefined;
    if (!liar) return;
    this.neighbours.ban(liar, 'bad-block');
    liar.close('bad-block');
  }

  #refuse(connection: Connection, piece: number, nowMs: number): void {
    if (connection.extended?.ids.ut_metadata) connection.send({ type: 'metadata', kind: 'reject', piece }, nowMs);
  }

  #ask(nowMs: number): void {
    for (const connection of this.neighbours.all()) {
      for (;;) {
        const piece = this.#assembly.next(connection.id, nowMs);
        if (piece === undefined) break;
        connection.send({ type: 'metadata', kind: 'request', piece }, nowMs);
      }
    }
  }

  #finish(info: Uint8Array): void {
    const decoded = decodeInfo(info);
    const { trackers, webSeeds = [] } = this.#options;
    // Each tracker in a tier of its own, as nobody says which of them stand for the same.
    const beside = { trackers: trackers.map((url) => [url]), webSeeds };
    if (decoded.ok && decoded.value.kind === 'vod') this.#settle.resolve({ ...decoded.value, ...beside });
    else if (decoded.ok) this.#settle.reject(new MetainfoError('this link names a live stream: get its .tstream file'));
    else this.#settle.reject(new MetainfoError(describeMetainfoReason(decoded.reason)));
  }
}

/** More only wait: the dictionary is small. */
const PEERS_MAX = 20;
const GREETING_MS_MAX = 20_000;
const CLOSE_MS_MAX = 1500;
