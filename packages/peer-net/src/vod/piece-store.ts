/**
 * Pieces on their way between neighbours and the disk. Blocks wait in memory until their piece is whole and its SHA-1
 * holds; then it is written, and can be read meanwhile. Nothing unverified reaches a file.
 */
import { createHash } from 'node:crypto';
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import type { ContentFiles } from './content-files.js';
import type { ContentLayout } from './content-layout.js';
import { LineCache } from './line-cache.js';
import { reasonOf } from './storage-reason.js';

export interface PieceStoreHooks {
  /** The piece is on the disk. */
  readonly onWritten: (index: number) => void;
  /** A piece that was on the disk can't be read. */
  readonly onLost: (index: number, reason: string) => void;
  /** The disk takes nothing more: one line; it is tried again. undefined: it does again. */
  readonly onTrouble: (reason: string | undefined) => void;
  /** More waits for the disk than may: stop reading sockets; or not any more. */
  readonly onPressure: (isHigh: boolean) => void;
  /** How many neighbours there are. */
  readonly neighbours: () => number;
}

export class PieceStore {
  readonly #layout: ContentLayout;
  readonly #files: ContentFiles;
  readonly #hashes: Uint8Array;
  readonly #hooks: PieceStoreHooks;
  readonly #cache: LineCache;
  /** Blocks of pieces that are not verified, by their number. */
  readonly #incoming = new Map<number, (Uint8Array | undefined)[]>();
  /** Verified, and not yet written. */
  readonly #leaving = new Map<number, Uint8Array[]>();
  #leavingBytes = 0;
  readonly #queue: number[] = [];
  readonly #writers = new Set<Promise<void>>();
  #state: 'open' | 'stuck' | 'closed' = 'open';
  #isHigh = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(layout: ContentLayout, files: ContentFiles, hashes: Uint8Array, hooks: PieceStoreHooks) {
    this.#layout = layout;
    this.#files = files;
    this.#hashes = hashes;
    this.#hooks = hooks;
    this.#cache = new LineCache(layout.pieceLength, CACHE_BYTES_MAX, (index, begin, bytes) =>
      this.#readDisk(index, begin, bytes),
    );
  }

  addBlock(index: number, begin: number, block: Uint8Array): void {
    let blocks = this.#incoming.get(index);
    if (!blocks) {
      this.#incoming.set(index, (blocks = []));
      this.#press();
    }
    blocks[begin / BLOCK_BYTES] = block;
  }

  /** Checks a piece whose blocks are all there. If it holds, it can be read, and will be written; else it is forgotten. */
  verify(index: number): boolean {
    const blocks = this.#incoming.get(index) ?? [];
    this.#incoming.delete(index);
    const hash = createHash('sha1');
    let bytes = 0;
    for (const block of blocks) {
      if (!block) return false;
      hash.update(block);
      bytes += block.length;
    }
    if (bytes !== this.#layout.pieceBytes(index)) return false;
    if (hash.digest().compare(this.#hashes, 20 * index, 20 * index + 20) !== 0) return false;
    this.#leaving.set(index, blocks as Uint8Array[]);
    this.#leavingBytes += bytes;
    this.#queue.push(index);
    this.#press();
    this.#write();
    return true;
  }

  /** Forgets blocks of a piece that isn't verified. */
  abandon(index: number): void {
    this.#incoming.delete(index);
  }

  /** The piece on the disk isn't what it was. */
  forget(index: number): void {
    this.#cache.drop(index);
  }

  /**
   * A part of a verified piece: at once, or later, or undefined if it is gone. The bytes are shared: never write to them.
   */
  read(index: number, begin: number, bytes: number): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const blocks = this.#leaving.get(index);
    if (!blocks) return this.#cache.read(index, begin, bytes, this.#layout.pieceBytes(index));
    const at = begin % BLOCK_BYTES;
    const block = blocks[(begin - at) / BLOCK_BYTES];
    if (block && at + bytes <= block.length) return block.subarray(at, at + bytes);
    return new Uint8Array(Buffer.concat(blocks).subarray(begin, begin + bytes));
  }

  /** Resolves when what is verified is written, or the disk is in trouble. */
  async flushed(): Promise<void> {
    while (this.#writers.size > 0) await Promise.all(this.#writers);
  }

  async close(): Promise<void> {
    await this.flushed();
    this.#state = 'closed';
    clearTimeout(this.#retry);
    this.#incoming.clear();
    this.#leaving.clear();
    await this.#files.close();
  }

  #write(): void {
    while (this.#state === 'open' && this.#writers.size < WRITERS_MAX) {
      const index = this.#queue.shift();
      if (index === undefined) return;
      const writer: Promise<void> = this.#writeOne(index).finally(() => {
        this.#writers.delete(writer);
        this.#write();
      });
      this.#writers.add(writer);
    }
  }

  async #writeOne(index: number): Promise<void> {
    const blocks = this.#leaving.get(index);
    if (!blocks) return;
    try {
      await this.#files.write(index * this.#layout.pieceLength, blocks);
    } catch (error) {
      this.#queue.unshift(index);
      if (this.#state === 'open') this.#stick(reasonOf(error));
      return;
    }
    this.#leaving.delete(index);
    this.#leavingBytes -= this.#layout.pieceBytes(index);
    this.#press();
    this.#hooks.onWritten(index);
  }

  /** What is verified stays in memory, and is tried again. */
  #stick(reason: string): void {
    this.#state = 'stuck';
    this.#press();
    this.#hooks.onTrouble(reason);
    this.#retry = setTimeout(() => void this.#tryAgain(), RETRY_MS);
  }

  async #tryAgain(): Promise<void> {
    const index = this.#queue.shift();
    if (index === undefined || this.#state !== 'stuck') return;
    const blocks = this.#leaving.get(index) ?? [];
    const failed = await this.#files.write(index * this.#layout.pieceLength, blocks).then(
      () => false,
      () => true,
    );
    // Once more by the usual way: its bytes are there, so it costs little.
    this.#queue.unshift(index);
    // A write waits for nothing here: `close` may have come meanwhile.
    if ((this.#state as string) === 'closed') return;
    if (failed) this.#retry = setTimeout(() => void this.#tryAgain(), RETRY_MS);
    else {
      this.#state = 'open';
      this.#hooks.onTrouble(undefined);
      this.#write();
    }
  }

  async #readDisk(index: number, begin: number, bytes: number): Promise<Uint8Array | undefined> {
    try {
      const found = await this.#files.read(index * this.#layout.pieceLength + begin, bytes);
      if (found.length === bytes) return found;
      this.#hooks.onLost(index, 'it is shorter than it was');
    } catch (error) {
      if (this.#state !== 'closed') this.#hooks.onLost(index, reasonOf(error));
    }
    return undefined;
  }

  /**
   * What is in memory only is lost when the process is killed: two pieces a neighbour at most, one that comes and one that
   * leaves. A disk that takes nothing at all is no reason not to hear neighbours out: nothing is asked for then.
   */
  #press(): void {
    const pieces = this.#leaving.size + this.#incoming.size;
    // One less than may be, as what was read at once is taken in to its end.
    const isMany = pieces >= Math.max(2, PIECES_OF_NEIGHBOUR_MAX * this.#hooks.neighbours() - 1);
    const isHigh =
      this.#state === 'open' && this.#leaving.size > 0 && (isMany || this.#leavingBytes > LEAVING_BYTES_MAX);
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#hooks.onPressure(isHigh);
  }
}

const PIECES_OF_NEIGHBOUR_MAX = 2;
/** Guesses: what a disk may be behind, and what is kept of what was read. */
const LEAVING_BYTES_MAX = 32 * 1024 * 1024;
const CACHE_BYTES_MAX = 32 * 1024 * 1024;
/** As many threads as Node has for files. */
const WRITERS_MAX = 4;
const RETRY_MS = 5000;
