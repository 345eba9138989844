/** One swarm that this process is in: its peer, and all that the peer needs of the world. */
import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import { type Choker, reciprocal } from '@tstream/g2g-choker';
import { decodeHeader } from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import { createPeer, type Peer, type PeerEvent, type Role } from '@tstream/peer-core';
import { newestFirst, type PiecePicker } from '@tstream/piece-picker';
import type { LiveMetainfo } from '@tstream/tstream-format';
import { LOCAL_EXTENSION_IDS, type Message } from '@tstream/wire-ext';
import type { HostPort } from './address.js';
import { BanList } from './bans.js';
import { elapsed, monotonicMs } from './clock.js';
import type { Connection } from './connection.js';
import { Discovery, type TrackerEvent } from './discovery.js';
import { Driver } from './driver.js';
import { type Ban, Neighbours } from './neighbours.js';
import { Outlet } from './outlet.js';
import { PayloadStore } from './payload-store.js';
import { newPeerId } from './peer-id.js';
import { random } from './random.js';
import { type ReaderOptions, Readers } from './readers.js';
import type { SwarmSurroundings } from './surroundings.js';
import { type SwarmFigures, swarmFigures } from './swarm-figures.js';

/** What a swarm is made from. Rates are bits per second, sizes bytes. */
export interface SwarmOptions {
  readonly metainfo: LiveMetainfo;
  readonly role: Role;
  /** Over all neighbours; Infinity for none. */
  readonly uploadBitsPerSecondMax: number;
  readonly peersMax: number;
  /** Always tried, whatever else is found. */
  readonly peers: readonly HostPort[];
  /** false: no tracker, no peer exchange, only `peers` and whoever comes in. */
  readonly discovery: boolean;
  /** Fixed lag of playing, milliseconds; undefined: adapted. */
  readonly lagMs?: number | undefined;
  /** Readers get pieces as soon as they are whole and in order, not when due: for a recording. */
  readonly eager?: boolean | undefined;
  /** Policies; undefined: the live defaults. */
  readonly picker?: PiecePicker | undefined;
  readonly choker?: Choker | undefined;
  readonly memoryBytesMax: number;
  /** Where older pieces go; undefined: nowhere. */
  readonly disk?: { readonly folder: string; readonly bytesMax: number } | undefined;
  readonly onEvent: (event: SwarmEvent) => void;
}

/** What happened, for people and scripts. */
export type SwarmEvent =
  | PeerEvent
  | ({ readonly type: 'banned' } & Ban)
  | TrackerEvent
  /** The disk cannot keep what it should; one line. */
  | { readonly type: 'storageTrouble'; readonly reason: string };

export class Swarm {
  readonly metainfo: LiveMetainfo;
  /** As its connections see it. */
  readonly neighbours: Neighbours;
  readonly #options: SwarmOptions;
  readonly #surroundings: SwarmSurroundings;
  readonly #bans = new BanList();
  readonly #store: PayloadStore;
  readonly #peer: Peer;
  readonly #driver: Driver;
  readonly #discovery: Discovery;
  readonly #readers: Readers;
  readonly #runKeys = new Map<number, Uint8Array>();
  readonly #startedMs = monotonicMs();
  #closed = false;

  /** @throws {StorageError} If the folder for older pieces cannot be written. */
  static async open(options: SwarmOptions, surroundings: SwarmSurroundings): Promise<Swarm> {
    const { metainfo, memoryBytesMax, disk } = options;
    const limits = { pieceBytes: metainfo.pieceLength, memoryBytesMax, disk };
    const store = await PayloadStore.open(limits, (reason) => options.onEvent({ type: 'storageTrouble', reason }));
    return new Swarm(options, surroundings, store);
  }

  private constructor(options: SwarmOptions, surroundings: SwarmSurroundings, store: PayloadStore) {
    this.metainfo = options.metainfo;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#store = store;
    this.neighbours = this.#createNeighbours();
    this.#peer = this.#createPeer();
    this.#readers = new Readers((taking) => this.#driver.handle({ type: 'reader', taking }));
    const outlet = this.#createOutlet();
    this.#driver = new Driver(this.#peer, (output) => outlet.carryOut(output));
    this.#discovery = this.#createDiscovery();
  }

  /** Pieces of full length that are kept. */
  get capacityPieces(): number {
    return this.#store.capacityPieces;
  }

  get peerId(): Uint8Array {
    return this.neighbours.greeting.peerId;
  }

  /**
   * Begins a run of our own.
   * @param certificate - As encoded, 116 bytes.
   * @param run - Number of the run that it certifies.
   * @param runSecretKey - 32 bytes: proves to neighbours that this is the source.
   */
  certify(certificate: Uint8Array, run: number, runSecretKey: Uint8Array): void {
    this.#runKeys.set(run, runSecretKey);
    this.#driver.handle({ type: 'certified', certificate });
  }

  /**
   * Publishes a piece.
   * @param header - As encoded and signed.
   * @param payload - Belongs to the swarm from now on.
   * @throws {TypeError} If the header cannot be read.
   */
  publish(header: Uint8Array, payload: Uint8Array): void {
    const decoded = decodeHeader(header);
    if (!decoded.ok) throw new TypeError(`expected an encoded header, got one with a bad ${decoded.reason}`);
    this.#store.put(decoded.value.run, decoded.value.seq, payload);
    this.#driver.handle({ type: 'published', header });
  }

  /** Publishes a heartbeat or an END. */
  beat(header: Uint8Array): void {
    this.#driver.handle({ type: 'beat', header });
  }

  /** Lets somebody read what is played, from the newest entry point on. */
  addReader(sink: Writable, options?: ReaderOptions): void {
    this.#readers.add(sink, options);
  }

  setUploadLimit(bitsPerSecond: number): void {
    this.#driver.handle({ type: 'uploadLimit', bytesPerSecond: bitsPerSecond / 8 });
  }

  /** Numbers for pages and scripts: a snapshot. */
  figures(): SwarmFigures {
    return swarmFigures({
      metainfo: this.metainfo,
      peer: this.#peer,
      neighbours: this.neighbours,
      readers: this.#readers.size,
      startedMs: this.#startedMs,
      nowMs: monotonicMs(),
    });
  }

  /** To be called four times a second. */
  tick(nowMs: number): void {
    if (!this.#closed) this.#discovery.tick(nowMs);
  }

  /** Says goodbye, hands readers what is queued for them, removes what was stored. Takes two seconds at most. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#surroundings.connections.closeOf(this.neighbours, 'leaving');
    this.#driver.close();
    await Promise.race([Promise.all([this.#readers.end(), this.#discovery.close()]), elapsed(CLOSE_MS_MAX)]);
    await this.#store.close();
    this.#surroundings.onClosed();
  }

  #createPeer(): Peer {
    const { metainfo, role, uploadBitsPerSecondMax, lagMs, eager } = this.#options;
    const { picker = newestFirst, choker = reciprocal } = this.#options;
    return createPeer(
      {
        role,
        ringPieces: metainfo.ringPieces,
        windowPieces: metainfo.windowPieces,
        pieceBytes: metainfo.pieceLength,
        keepPieces: Math.max(1, Math.min(metainfo.windowPieces, this.#store.capacityPieces)),
        uploadBytesPerSecond: uploadBitsPerSecondMax / 8,
        lagMs,
        eager,
        picker,
        choker,
        random,
      },
      this.#startedMs,
    );
  }

  #createOutlet(): Outlet {
    const { infoDigest, streamKey } = this.metainfo;
    return new Outlet({
      store: this.#store,
      neighbours: this.neighbours,
      readers: this.#readers,
      context: { infoDigest, streamKey, peerId: this.peerId, suite: nodeSuite },
      runKeyOf: (run) => this.#runKeys.get(run),
      handle: (input) => this.#driver.handle(input),
      onEvent: this.#options.onEvent,
    });
  }

  #createNeighbours(): Neighbours {
    const { metainfo, peersMax } = this.#options;
    const { client, port } = this.#surroundings;
    const { ts_live, ut_pex } = LOCAL_EXTENSION_IDS;
    const ids = this.#options.discovery ? { ts_live, ut_pex } : { ts_live };
    return new Neighbours(
      {
        greeting: {
          kind: 'live',
          infohash: metainfo.infohash,
          peerId: newPeerId(randomBytes(12)),
          extended: { type: 'extended-handshake', ids, client, port, requestsMax: REQUESTS_MAX },
        },
        peersMax,
        bans: this.#bans,
        nowMs: monotonicMs,
      },
      {
        onJoined: (connection) => this.#onJoined(connection),
        onExtended: (connection) => this.#discovery.extended(connection, monotonicMs()),
        onMessage: (connection, message) => this.#onMessage(connection, message),
        onPieceStarted: ({ id }, index, begin) =>
          this.#driver.handle({ type: 'pieceStarted', connection: id, index, begin }),
        onBlockSent: ({ id }, blockBytes) => this.#driver.handle({ type: 'sent', connection: id, blockBytes }),
        onClosed: (connection, hadJoined) => this.#onClosed(connection, hadJoined),
        onBanned: (ban) => this.#options.onEvent({ type: 'banned', ...ban }),
      },
    );
  }

  #createDiscovery(): Discovery {
    const { metainfo, role, peers, discovery, onEvent } = this.#options;
    const { connections, port } = this.#surroundings;
    return new Discovery(
      {
        peers,
        enabled: discovery,
        exchange: discovery,
        trackers: metainfo.trackers.flat(),
        seeksSource: role !== 'source',
        neighboursWanted: NEIGHBOURS_WANTED,
        random,
        announce: () => ({
          infohash: metainfo.infohash,
          peerId: this.peerId,
          port,
          upBytes: this.neighbours.upBytes,
          downBytes: this.neighbours.downBytes,
          leftBytes: metainfo.ringPieces * metainfo.pieceLength,
          peersWanted: PEERS_WANTED,
        }),
      },
      {
        connect: (socket) => connections.dialled(socket, this.neighbours),
        nowMs: monotonicMs,
        onTracker: (event) => onEvent(event),
      },
      this.neighbours,
      this.#bans,
      this.#startedMs,
    );
  }

  #onJoined(connection: Connection): void {
    this.#discovery.joined(connection);
    this.#driver.joined(connection);
  }

  #onMessage(connection: Connection, message: Message): void {
    if (message.type === 'pex') this.#discovery.heardOf(connection, message, monotonicMs());
    else this.#driver.handle({ type: 'message', connection: connection.id, message });
  }

  #onClosed(connection: Connection, hadJoined: boolean): void {
    this.#discovery.closed(connection, monotonicMs());
    if (hadJoined) this.#driver.handle({ type: 'left', connection: connection.id });
  }
}

/** A guess: eight times what one neighbour is ever asked for at once. */
const REQUESTS_MAX = 64;
/** In the delivery model 12 lose nothing, as 20, and are 7 % slower at p99; each costs small messages for every piece. */
const NEIGHBOURS_WANTED = 12;
/** Usual of trackers. */
const PEERS_WANTED = 50;
const CLOSE_MS_MAX = 1500;
