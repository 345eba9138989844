/**
 * Pieces on their way between neighbours and the disk. Blocks wait in memory until their piece is whole and its SHA-1
 * holds; then it is written, and can be read meanwhile. Nothing unverified reaches a file.
 */
import type { ContentFiles } from './content-files.js';
import type { ContentLayout } from './content-layout.js';
import type { HashPool } from './hash-pool.js';
import { LineCache } from './line-cache.js';
import { type Lent, type Memory, MemoryPool } from './memory-pool.js';
import { reasonOf } from './storage-reason.js';

export interface PieceStoreHooks {
  /** The piece is on the disk. */
  readonly onWritten: (index: number) => void;
  /** A piece that was on the disk can't be read. */
  readonly onLost: (index: number, reason: string) => void;
  /** The disk takes nothing more: one line; it is tried again. undefined: it does again. */
  readonly onTrouble: (reason: string | undefined) => void;
  /** A piece can't be checked: one line; it is tried again. */
  readonly onUnchecked: (reason: string) => void;
  /** More is in memory alone than may: stop reading sockets; or not any more. */
  readonly onPressure: (isHigh: boolean) => void;
  /** How many neighbours there are. */
  readonly neighbours: () => number;
}

export class PieceStore {
  readonly #layout: ContentLayout;
  readonly #files: ContentFiles;
  readonly #hashes: Uint8Array;
  readonly #pool: Pick<HashPool, 'hash'>;
  readonly #hooks: PieceStoreHooks;
  readonly #cache: LineCache;
  readonly #memory: MemoryPool;
  /** Pieces that are not whole. */
  readonly #incoming = new Map<number, Incoming>();
  /** Verified, and not yet written. */
  readonly #leaving = new Map<number, Memory>();
  #leavingBytes = 0;
  /** Of all pieces that are not written. */
  #unwrittenBytes = 0;
  #checks = 0;
  readonly #queue: number[] = [];
  /** Checks and writes that are under way. */
  readonly #working = new Set<Promise<void>>();
  #writers = 0;
  #state: 'open' | 'stuck' | 'closed' = 'open';
  #isHigh = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(
    layout: ContentLayout,
    files: ContentFiles,
    hashes: Uint8Array,
    pool: Pick<HashPool, 'hash'>,
    hooks: PieceStoreHooks,
  ) {
    this.#layout = layout;
    this.#files = files;
    this.#hashes = hashes;
    this.#pool = pool;
    this.#hooks = hooks;
    this.#cache = new LineCache(layout.pieceLength, CACHE_BYTES_MAX, (...part) => this.#readDisk(...part));
    const { pieceLength } = layout;
    // Shared, so that a thread can hash it where it is.
    const allocate = () => new Uint8Array(new SharedArrayBuffer(pieceLength));
    this.#memory = new MemoryPool(pieceLength, FREE_BYTES_MAX, allocate);
  }

  /** Copies a block into its piece. Each one comes once. */
  addBlock(index: number, begin: number, block: Uint8Array): void {
    let piece = this.#incoming.get(index);
    if (!piece) this.#incoming.set(index, (piece = { memory: this.#memory.take(), filledBytes: 0 }));
    piece.memory.bytes.set(block, begin);
    piece.filledBytes += block.length;
    this.#unwrittenBytes += block.length;
    this.#press();
  }

  /**
   * Checks a piece whose blocks are all there. If it holds, it can be read, and will be written; else it is forgotten.
   * Never rejected: what can't be checked now is checked later, or never if the store is closed before.
   */
  verify(index: number): Promise<boolean> {
    const piece = this.#incoming.get(index);
    if (piece?.filledBytes !== this.#layout.pieceBytes(index)) {
      this.abandon(index);
      return Promise.resolve(false);
    }
    this.#incoming.delete(index);
    this.#checks += 1;
    return new Promise((resolve) => this.#check(index, piece, resolve));
  }

  /** Forgets blocks of a piece that isn't verified. */
  abandon(index: number): void {
    const piece = this.#incoming.get(index);
    if (!piece) return;
    this.#incoming.delete(index);
    this.#forgetPiece(piece);
  }

  /** The piece on the disk isn't what it was. */
  forget(index: number): void {
    this.#cache.drop(index);
  }

  /** A part of a verified piece: at once, or later, or undefined if it is gone. The bytes are the caller's own. */
  read(index: number, begin: number, bytes: number): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const lent = this.lend(index, begin, bytes);
    return lent instanceof Promise ? lent.then(copyOf) : copyOf(lent);
  }

  /** As {@link read}, without a copy: for who gives it back. */
  lend(index: number, begin: number, bytes: number): Lent | undefined | Promise<Lent | undefined> {
    const memory = this.#leaving.get(index);
    if (memory) return this.#memory.lend(memory, begin, bytes);
    return this.#cache.lend(index, begin, bytes, this.#layout.pieceBytes(index));
  }

  /** Resolves when what is whole is checked and written, or the disk is in trouble. */
  async flushed(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  async close(): Promise<void> {
    await this.flushed();
    this.#state = 'closed';
    clearTimeout(this.#retry);
    this.#incoming.clear();
    this.#leaving.clear();
    await this.#files.close();
  }

  #check(index: number, piece: Incoming, tell: (ok: boolean) => void): void {
    const { memory, filledBytes } = piece;
    const part = { memory: memory.bytes.buffer as SharedArrayBuffer, bytes: filledBytes };
    this.#work(
      this.#pool.hash([[part]]).then(
        ({ digests }) => {
          this.#checks -= 1;
          const ok = Buffer.compare(digests, this.#hashes.subarray(20 * index, 20 * index + 20)) === 0;
          if (ok) this.#keep(index, memory);
          else this.#forgetPiece(piece);
          tell(ok);
        },
        (error) => {
          if (this.#state === 'closed') return;
          this.#hooks.onUnchecked(error instanceof Error ? error.message : String(error));
          setTimeout(() => this.#state !== 'closed' && this.#check(index, piece, tell), RETRY_MS).unref();
        },
      ),
    );
  }

  #keep(index: number, memory: Memory): void {
    this.#leaving.set(index, memory);
    this.#leavingBytes += this.#layout.pieceBytes(index);
    this.#queue.push(index);
    this.#press();
    this.#write();
  }

  #forgetPiece({ memory, filledBytes }: Incoming): void {
    this.#memory.release(memory);
    this.#unwrittenBytes -= filledBytes;
    this.#press();
  }

  #work(work: Promise<void>): void {
    const working: Promise<void> = work.finally(() => this.#working.delete(working));
    this.#working.add(working);
  }

  #write(): void {
    while (this.#state === 'open' && this.#writers < WRITERS_MAX) {
      const index = this.#queue.shift();
      if (index === undefined) return;
      this.#writers += 1;
      this.#work(
        this.#writeOne(index).finally(() => {
          this.#writers -= 1;
          this.#write();
        }),
      );
    }
  }

  async #writeOne(index: number): Promise<void> {
    const memory = this.#leaving.get(index);
    if (!memory) return;
    try {
      await this.#files.write(index * this.#layout.pieceLength, this.#partsOf(index));
    } catch (error) {
      this.#queue.unshift(index);
      if (this.#state === 'open') this.#stick(reasonOf(error));
      return;
    }
    this.#leaving.delete(index);
    this.#leavingBytes -= this.#layout.pieceBytes(index);
    this.#forgetPiece({ memory, filledBytes: this.#layout.pieceBytes(index) });
    this.#hooks.onWritten(index);
  }

  #partsOf(index: number): Uint8Array[] {
    const memory = this.#leaving.get(index);
    return memory ? [memory.bytes.subarray(0, this.#layout.pieceBytes(index))] : [];
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
    const failed = await this.#files.write(index * this.#layout.pieceLength, this.#partsOf(index)).then(
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

  async #readDisk(index: number, begin: number, into: Uint8Array): Promise<boolean> {
    try {
      const bytesRead = await this.#files.read(index * this.#layout.pieceLength + begin, into);
      if (bytesRead === into.length) return true;
      this.#hooks.onLost(index, 'it is shorter than it was');
    } catch (error) {
      if (this.#state !== 'closed') this.#hooks.onLost(index, reasonOf(error));
    }
    return false;
  }

  /**
   * What is in memory alone is lost when the process is killed: the bytes of two pieces a neighbour at most. A disk that takes
   * nothing at all is no reason not to hear neighbours out: nothing is asked for then.
   */
  #press(): void {
    const { pieceLength } = this.#layout;
    const bytesMax = PIECES_OF_NEIGHBOUR_MAX * this.#hooks.neighbours() * pieceLength - TAKEN_IN_BYTES_MAX;
    const isMuch = this.#unwrittenBytes > Math.max(pieceLength, bytesMax) || this.#leavingBytes > LEAVING_BYTES_MAX;
    const isHigh = this.#state === 'open' && this.#checks + this.#leaving.size > 0 && isMuch;
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#hooks.onPressure(isHigh);
  }
}

interface Incoming {
  readonly memory: Memory;
  filledBytes: number;
}

function copyOf(lent: Lent | undefined): Uint8Array | undefined {
  const copy = lent && new Uint8Array(lent.bytes);
  lent?.giveBack();
  return copy;
}

const PIECES_OF_NEIGHBOUR_MAX = 2;
/** What was read at once is taken in to its end: eight blocks, and a socket's 64 KiB. */
const TAKEN_IN_BYTES_MAX = 256 * 1024;
/** Guesses: what a disk may be behind, what is kept of what was read, and of memory that nobody uses. */
const LEAVING_BYTES_MAX = 32 * 1024 * 1024;
const CACHE_BYTES_MAX = 32 * 1024 * 1024;
const FREE_BYTES_MAX = 16 * 1024 * 1024;
/** As many threads as Node has for files. */
const WRITERS_MAX = 4;
const RETRY_MS = 5000;
