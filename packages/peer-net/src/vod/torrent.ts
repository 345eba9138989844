/** One ordinary torrent that this process is in: its peer, and all that the peer needs of the world. */
import type { Forecast, VodEvent, VodInput, VodOutput, VodPeer } from '@tstream/peer-core';
import type { VodMetainfo } from '@tstream/tstream-format';
import type { Message } from '@tstream/wire-ext';
import { addressBlock } from '../address.js';
import { BanList } from '../bans.js';
import { elapsed, monotonicMs } from '../clock.js';
import type { Connection } from '../connection.js';
import type { Discovery } from '../discovery.js';
import { DriverLoop } from '../driver-loop.js';
import type { Neighbours } from '../neighbours.js';
import type { SwarmSurroundings } from '../surroundings.js';
import { Content } from './content.js';
import { ContentReader } from './content-reader.js';
import { MetadataServer } from './metadata-server.js';
import { pieceStrip } from './piece-strip.js';
import { Possession } from './possession.js';
import { bitrateOf, fileForecast, type TorrentFigures, torrentFigures } from './torrent-figures.js';
import type { ReadOptions, TorrentOptions } from './torrent-options.js';
import { TorrentOutlet } from './torrent-outlet.js';
import { torrentDiscovery, torrentNeighbours, torrentPeer } from './torrent-parts.js';
import { WebSeeds } from './web-seeds.js';

export class Torrent {
  readonly metainfo: VodMetainfo;
  /** All that is wanted is there, on the disk. Never rejected: it stays pending if the torrent is closed before. */
  readonly whole: Promise<void>;
  /** As its connections see it. */
  readonly neighbours: Neighbours;
  readonly #options: TorrentOptions;
  readonly #surroundings: SwarmSurroundings;
  readonly #content: Content;
  readonly #possession: Possession;
  readonly #peer: VodPeer;
  readonly #driver: DriverLoop<VodInput, VodOutput>;
  readonly #discovery: Discovery;
  readonly #metadata: MetadataServer;
  readonly #webSeeds: WebSeeds;
  readonly #readers = new Set<ContentReader>();
  readonly #startedMs = monotonicMs();
  #readersEver = 0;
  /** Sockets aren't read: the disk is behind. */
  #isPressed = false;
  /** The disk takes nothing more. */
  #isStuck = false;
  #tellWhole: () => void = () => undefined;
  #isWhole = false;
  #closed = false;

  /** @throws {StorageError} If the content's place can't be had; one line that says what to do. */
  static async open(options: TorrentOptions, surroundings: SwarmSurroundings): Promise<Torrent> {
    const { closing } = surroundings;
    const signal = options.signal ? AbortSignal.any([closing, options.signal]) : closing;
    return new Torrent(options, surroundings, await Content.open(options, surroundings.hashing, signal));
  }

  private constructor(options: TorrentOptions, surroundings: SwarmSurroundings, content: Content) {
    const { metainfo, onEvent } = options;
    const bans = new BanList();
    this.metainfo = metainfo;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#content = content;
    this.whole = new Promise((resolve) => (this.#tellWhole = resolve));
    this.#possession = new Possession(content.layout, content.written, options.files);
    this.neighbours = torrentNeighbours(options, surroundings, bans, {
      onJoined: (connection) => this.#onJoined(connection),
      onExtended: (connection) => this.#onExtended(connection),
      onMessage: (connection, message) => this.#onMessage(connection, message),
      onPieceStarted: () => undefined,
      onBlockSent: ({ id }, blockBytes) => this.#driver.handle({ type: 'sent', connection: id, blockBytes }),
      onClosed: (connection, hadJoined) => this.#onClosed(connection, hadJoined),
      onBanned: (ban) => onEvent({ type: 'banned', ...ban }),
    });
    this.#metadata = new MetadataServer(metainfo.infoBytes);
    this.#webSeeds = new WebSeeds(metainfo, content.layout, {
      takeId: () => surroundings.connections.takeId(),
      handle: (input) => this.#driver.handle(input),
      onTrouble: (url, reason, isOver) => onEvent({ type: 'webSeedTrouble', url, reason, isOver }),
    });
    this.#peer = torrentPeer(options, this.#possession, this.#startedMs);
    const outlet = this.#createOutlet();
    this.#driver = new DriverLoop(this.#peer, (output) => outlet.carryOut(output), INPUTS_MAX);
    this.#discovery = torrentDiscovery(options, surroundings, this.neighbours, bans, this.#possession);
    content.attach({
      onLost: (index) => this.#onLost(index),
      onFileLost: (file, reason) => this.#onFileLost(file, reason),
      onTrouble: (reason) => this.#onTrouble(reason),
      onUnchecked: (reason) => onEvent({ type: 'storageTrouble', reason }),
      onPressure: (isHigh) => this.#onPressure(isHigh),
      neighbours: () => this.neighbours.size + this.#webSeeds.all().length,
    });
    this.#checkWhole();
  }

  get peerId(): Uint8Array {
    return this.neighbours.greeting.peerId;
  }

  /**
   * Bytes of a file in order, waited for as long as they take: what comes first is asked for first. `return()` or the
   * signal ends it; so does `close()`.
   * @param toByte - Exclusive.
   * @throws {RangeError} If there is no such file, or no such bytes in it.
   */
  read(file: number, fromByte: number, toByte: number, options: ReadOptions = {}): AsyncIterableIterator<Uint8Array> {
    const { layout, store } = this.#content;
    const { offsetBytes, lengthBytes } = layout.file(file);
    if (!(fromByte >= 0 && fromByte <= toByte && toByte <= lengthBytes)) {
      throw new RangeError(`expected bytes in 0..${lengthBytes}, got ${fromByte}..${toByte}`);
    }
    if (this.#possession.want(file)) this.#tellWanted();
    const bitrate = options.bitrate ?? bitrateOf(this.metainfo, layout, file) ?? 0;
    const reader: ContentReader = new ContentReader({
      id: ++this.#readersEver,
      file,
      fromByte: offsetBytes + fromByte,
      toByte: offsetBytes + toByte,
      playing: options.playing ?? true,
      bytesPerSecond: bitrate / 8,
      signal: options.signal,
      layout,
      store,
      possession: this.#possession,
      handle: (input) => this.#driver.handle(input),
      onClosed: () => this.#readers.delete(reader),
    });
    if (this.#closed) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  /** Limits from now on, bits per second; Infinity for none. */
  setLimits(upload: number, download: number): void {
    this.#driver.handle({ type: 'limits', uploadBytesPerSecond: upload / 8, downloadBytesPerSecond: download / 8 });
  }

  /** Numbers for pages and scripts: a snapshot. */
  figures(): TorrentFigures {
    const nowMs = monotonicMs();
    return torrentFigures({
      metainfo: this.metainfo,
      core: this.#peer.figures(nowMs),
      neighbours: this.neighbours,
      webSeeds: this.#webSeeds,
      possession: this.#possession,
      readers: this.#readers.size,
      startedMs: this.#startedMs,
      nowMs,
    });
  }

  /** What of a file is here: see {@link pieceStrip}. */
  pieceStrip(file: number, cellsMax: number): string {
    const { started } = this.#peer.figures(monotonicMs());
    return pieceStrip(this.#content.layout, this.#possession, started, file, cellsMax);
  }

  /**
   * Whether a file can be watched to its end, from where its reader began or else from its beginning: a player that waits
   * takes all that there is, and has it in its own buffer.
   * @param durationMs - How long it is, if the metainfo doesn't say; undefined: nobody knows.
   */
  forecast(file: number, durationMs?: number): Forecast {
    const { layout } = this.#content;
    const reader = [...this.#readers].findLast((one) => one.file === file);
    const fromByte = reader?.fromByte ?? layout.file(file).offsetBytes;
    const { downBytesPerSecond } = this.#peer.figures(monotonicMs());
    return fileForecast(this.metainfo, layout, this.#possession, { file, fromByte, durationMs }, downBytesPerSecond);
  }

  /** To be called four times a second. */
  tick(nowMs: number): void {
    if (this.#closed) return;
    this.#discovery.tick(nowMs);
    this.#webSeeds.tick(nowMs);
    this.#content.tick(nowMs);
  }

  /** Says goodbye, and writes what is verified: as long as the disk takes, and two seconds at most. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#surroundings.connections.closeOf(this.neighbours, 'leaving');
    this.#driver.close();
    this.#webSeeds.close();
    for (const reader of this.#readers) reader.end();
    await Promise.all([Promise.race([this.#discovery.close(), elapsed(CLOSE_MS_MAX)]), this.#content.close()]);
    this.#surroundings.onClosed();
  }

  #createOutlet(): TorrentOutlet {
    return new TorrentOutlet({
      store: this.#content.store,
      neighbours: this.neighbours,
      webSeeds: this.#webSeeds,
      blockMemory: this.#surroundings.connections.blockMemory,
      handle: (input) => this.#driver.handle(input),
      onVerified: (index) => this.#possession.hold(index),
      onEvent: (event) => this.#onEvent(event),
    });
  }

  #onJoined(connection: Connection): void {
    const { id, remote, incoming, fast } = connection;
    const peerId = connection.peerId as Uint8Array;
    if (this.#isPressed) connection.pause();
    this.#discovery.joined(connection);
    const group = addressBlock(remote.address);
    this.#driver.handle({ type: 'joined', connection: id, peerId, group, incoming, fast });
    // After the round in which the peer says what it holds, which has to come first.
    setImmediate(() => connection.introduce(monotonicMs()));
  }

  #onExtended(connection: Connection): void {
    const { id, extended } = connection;
    this.#discovery.extended(connection, monotonicMs());
    const witnesses = extended?.ids.ts_live !== undefined && extended.ids.ts_live !== 0;
    this.#driver.handle({ type: 'extended', connection: id, requestsMax: extended?.requestsMax, witnesses });
  }

  #onMessage(connection: Connection, message: Message): void {
    if (message.type === 'pex') this.#discovery.heardOf(connection, message, monotonicMs());
    else if (message.type === 'metadata') this.#metadata.answer(connection, message, monotonicMs());
    else this.#driver.handle({ type: 'message', connection: connection.id, message });
  }

  #onClosed(connection: Connection, hadJoined: boolean): void {
    this.#metadata.closed(connection);
    this.#discovery.closed(connection, monotonicMs());
    if (hadJoined) this.#driver.handle({ type: 'left', connection: connection.id });
  }

  /** That all is there is told when it is on the disk. */
  #onEvent(event: VodEvent): void {
    if (event.type === 'held') this.#options.onEvent(event);
    else void this.#content.flush().then(() => this.#checkWhole());
  }

  #checkWhole(): void {
    if (this.#closed || this.#isWhole || !this.#possession.isWhole(this.#content.written)) return;
    this.#isWhole = true;
    this.#tellWhole();
    this.#options.onEvent({ type: 'complete' });
    // Trackers count who came to have everything while it was there.
    if (this.#possession.lackedBytes === 0 && this.neighbours.downBytes > 0) this.#discovery.completed();
  }

  #onLost(index: number): void {
    this.#possession.lose(index);
    this.#driver.handle({ type: 'lost', index });
  }

  #onFileLost(file: number, reason: string): void {
    this.#possession.loseFile(file);
    this.#tellWanted();
    this.#options.onEvent({
      type: 'storageTrouble',
      reason: `${reason}: ${this.#options.existing === 'must-be-whole' ? NOT_SERVED : LEFT}`,
    });
  }

  #onTrouble(reason: string | undefined): void {
    this.#isStuck = reason !== undefined;
    this.#tellWanted();
    this.#options.onEvent(reason === undefined ? { type: 'storageRecovered' } : { type: 'storageTrouble', reason });
    if (!this.#isStuck) void this.#content.flush().then(() => this.#checkWhole());
  }

  #onPressure(isHigh: boolean): void {
    this.#isPressed = isHigh;
    this.#webSeeds.setPaused(isHigh);
    for (const connection of this.neighbours.all()) {
      if (isHigh) connection.pause();
      else connection.resume();
    }
  }

  /** Nothing is wanted that couldn't be put anywhere. */
  #tellWanted(): void {
    const wanted = this.#isStuck ? new Uint8Array(this.#content.layout.pieces) : this.#possession.wantedBytemap();
    this.#driver.handle({ type: 'wanted', wanted });
  }
}

const LEFT = 'it is left as it is; move it away, and start again';
/** Of a person's own file, which is where it belongs. */
const NOT_SERVED = 'nothing of it is served any more; start again for a torrent of what it is now';
const CLOSE_MS_MAX = 1500;
/** A socket gives up to 2 MiB in one turn: what of that is in memory only has to be known before. */
const INPUTS_MAX = 8;
