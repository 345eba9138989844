/**
 * Hands what the virtual reader plays to any number of real ones: HTTP responses, standard output, a file.
 *
 * Each begins at an entry point and gets whole transport packets. One that is too slow is moved forward to an entry
 * point and never holds up the others; only a primary one holds up the virtual reader itself.
 */
import type { Writable } from 'node:stream';

/** What is played next. */
export interface Delivery {
  /** The piece's payload from the byte on where playing begins. */
  readonly bytes: Uint8Array;
  /** Where in `bytes` the piece's first entry point is, if it is there. */
  readonly entryAt?: number | undefined;
  /** It does not continue what went before. */
  readonly discontinuity: boolean;
}

export interface ReaderOptions {
  /** It loses nothing: if it is slow, the virtual reader waits. For standard output or a file. */
  readonly primary?: boolean;
  /** Leave the sink open at the end. */
  readonly keepOpen?: boolean;
  /** The sink failed or was closed by the other side. */
  readonly onGone?: (error: Error | undefined) => void;
}

export class Readers {
  readonly #onTaking: (taking: boolean) => void;
  readonly #readers = new Set<Reader>();
  /** What was played since the newest entry point: a new reader gets it at once. */
  #backlog: Chunk[] = [];
  #backlogBytes = 0;
  /** Start of a packet whose rest is in the next piece. */
  #part = new Uint8Array(0);
  #taking = true;

  /** @param onTaking - Told when the virtual reader has to wait for a primary reader, and when not any more. */
  constructor(onTaking: (taking: boolean) => void) {
    this.#onTaking = onTaking;
  }

  get size(): number {
    return this.#readers.size;
  }

  add(sink: Writable, options: ReaderOptions = {}): void {
    const reader = new Reader(sink, options, {
      onRoom: () => this.#weigh(),
      onGone: () => {
        this.#readers.delete(reader);
        this.#weigh();
      },
    });
    this.#readers.add(reader);
    for (const chunk of this.#backlog) reader.push(chunk);
  }

  deliver(delivery: Delivery): void {
    if (delivery.discontinuity) this.#interrupt();
    for (const chunk of this.#cut(delivery)) {
      this.#remember(chunk);
      for (const reader of this.#readers) reader.push(chunk);
    }
    this.#weigh();
  }

  /** The stream is over: every reader gets what is still queued for it, then its end. */
  async end(): Promise<void> {
    this.#interrupt();
    await Promise.all([...this.#readers].map((reader) => reader.end()));
  }

  #interrupt(): void {
    this.#part = new Uint8Array(0);
    this.#backlog = [];
    this.#backlogBytes = 0;
    for (const reader of this.#readers) reader.waitForEntry();
  }

  /** Whole packets, split where an entry point is. */
  #cut({ bytes, entryAt }: Delivery): Chunk[] {
    const chunks: Chunk[] = [];
    if (entryAt === undefined) return this.#align(bytes, false, chunks);
    if (entryAt > 0) this.#align(bytes.subarray(0, entryAt), false, chunks);
    // A packet that an entry point cuts in two was never whole.
    this.#part = new Uint8Array(0);
    return this.#align(bytes.subarray(entryAt), true, chunks);
  }

  #align(bytes: Uint8Array, entry: boolean, chunks: Chunk[]): Chunk[] {
    const all = this.#part.length === 0 ? bytes : Buffer.concat([this.#part, bytes]);
    const whole = all.length - (all.length % PACKET_BYTES);
    if (whole > 0) chunks.push({ bytes: all.subarray(0, whole), entry });
    this.#part = new Uint8Array(all.subarray(whole));
    return chunks;
  }

  #remember(chunk: Chunk): void {
    if (chunk.entry) {
      this.#backlog = [];
      this.#backlogBytes = 0;
    } else if (this.#backlog.length === 0) return;
    this.#backlog.push(chunk);
    this.#backlogBytes += chunk.bytes.length;
    if (this.#backlogBytes > BACKLOG_BYTES_MAX) {
      this.#backlog = [];
      this.#backlogBytes = 0;
    }
  }

  #weigh(): void {
    let queuedBytes = 0;
    for (const reader of this.#readers) if (reader.primary) queuedBytes = Math.max(queuedBytes, reader.queuedBytes);
    const taking = this.#taking ? queuedBytes < PRIMARY_BYTES_MAX : queuedBytes < PRIMARY_BYTES_MAX / 4;
    if (taking === this.#taking) return;
    this.#taking = taking;
    this.#onTaking(taking);
  }
}

interface Chunk {
  readonly bytes: Uint8Array;
  /** It begins at an entry point. */
  readonly entry: boolean;
}

interface ReaderHooks {
  readonly onRoom: () => void;
  readonly onGone: () => void;
}

class Reader {
  readonly #sink: Writable;
  readonly #options: ReaderOptions;
  readonly #hooks: ReaderHooks;
  #queue: Chunk[] = [];
  #queuedBytes = 0;
  #waiting = true;
  #blocked = false;
  /** Resolves `end()`; nothing new is taken when it is there. */
  #ended: (() => void) | undefined;
  #ending = false;
  #gone = false;

  constructor(sink: Writable, options: ReaderOptions, hooks: ReaderHooks) {
    this.#sink = sink;
    this.#options = options;
    this.#hooks = hooks;
    sink.on('drain', () => this.#flush());
    sink.on('error', (error) => this.#leave(error));
    sink.once('close', () => this.#leave(undefined));
  }

  get primary(): boolean {
    return this.#options.primary === true;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  waitForEntry(): void {
    this.#waiting = true;
  }

  push(chunk: Chunk): void {
    if (this.#gone || this.#ended || (this.#waiting && !chunk.entry)) return;
    this.#waiting = false;
    if (!this.#blocked) {
      this.#blocked = !this.#sink.write(chunk.bytes);
      return;
    }
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.bytes.length;
    if (this.primary || this.#queuedBytes <= READER_BYTES_MAX) return;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#waiting = true;
  }

  /** Resolves when all of it is written, or the sink is gone. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#gone) return resolve();
      this.#ended = resolve;
      this.#flush();
    });
  }

  #flush(): void {
    this.#blocked = this.#sink.writableNeedDrain;
    while (!this.#blocked && this.#queue.length > 0) {
      const chunk = this.#queue.shift() as Chunk;
      this.#queuedBytes -= chunk.bytes.length;
      this.#blocked = !this.#sink.write(chunk.bytes);
    }
    this.#hooks.onRoom();
    if (this.#queue.length > 0 || !this.#ended || this.#ending) return;
    this.#ending = true;
    // The callback of an empty write comes when everything before it is out.
    if (this.#options.keepOpen) this.#sink.write('', () => this.#leave(undefined));
    else this.#sink.end(() => this.#leave(undefined));
  }

  #leave(error: Error | undefined): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#hooks.onGone();
    if (this.#ended) this.#ended();
    else this.#options.onGone?.(error);
  }
}

/** ISO/IEC 13818-1. */
const PACKET_BYTES = 188;
/** 3 s of 20 Mbit/s. */
const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;
const READER_BYTES_MAX = 8 * 1024 * 1024;
/** A guess: enough that a pipe never runs dry, little enough that it counts as waiting soon. */
const PRIMARY_BYTES_MAX = 1024 * 1024;
