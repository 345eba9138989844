/**
 * Payloads of pieces by run and sequence number: the newest in memory, older ones in a file if there is one.
 *
 * A piece goes to the file when the memory has no room for it, not before; if there is no file, or it is full, the
 * oldest piece goes. Nothing survives the process: live video is not resumed.
 */
import type { PieceHeader } from '@tstream/live-piece-auth';
import { DiskSlots } from './disk-slots.js';

export interface StoreLimits {
  /** Piece length of the metainfo, bytes. */
  readonly pieceBytes: number;
  readonly memoryBytesMax: number;
  /** Folder and size of the file; without it pieces are kept in memory only. */
  readonly disk?: { readonly folder: string; readonly bytesMax: number } | undefined;
}

export class PayloadStore {
  readonly #limits: StoreLimits;
  readonly #disk: DiskSlots | undefined;
  readonly #onTrouble: (reason: string) => void;
  readonly #runs = new Map<number, Map<number, Entry>>();
  /** Whole pieces in memory, the oldest first. */
  readonly #inMemory = new Set<Entry>();
  /** Pieces in the file, the oldest first. */
  readonly #onDisk = new Set<Entry>();
  readonly #toWrite: Entry[] = [];
  /** What is in memory only until it is written. */
  #leavingBytes = 0;
  #isWriting = false;
  #written: Promise<void> | undefined;
  #memoryBytes = 0;
  #closed = false;

  /**
   * @param onTrouble - Told in one line when the disk cannot keep what it should.
   * @throws {StorageError} If the folder cannot be written.
   */
  static async open(limits: StoreLimits, onTrouble: (reason: string) => void): Promise<PayloadStore> {
    const { disk, pieceBytes } = limits;
    const slots =
      disk && disk.bytesMax >= pieceBytes ? await DiskSlots.create(disk.folder, pieceBytes, disk.bytesMax) : undefined;
    return new PayloadStore(limits, slots, onTrouble);
  }

  private constructor(limits: StoreLimits, disk: DiskSlots | undefined, onTrouble: (reason: string) => void) {
    this.#limits = limits;
    this.#disk = disk;
    this.#onTrouble = onTrouble;
  }

  /** How many pieces of full length are kept; shrinks when the disk is full or fails. */
  get capacityPieces(): number {
    return Math.floor(this.#limits.memoryBytesMax / this.#limits.pieceBytes) + (this.#disk?.slots ?? 0);
  }

  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Pieces that can be read, unfinished ones included. */
  get pieces(): number {
    let pieces = 0;
    for (const entries of this.#runs.values()) pieces += entries.size;
    return pieces;
  }

  /** Keeps a whole piece; its bytes are the store's from now on. */
  put(run: number, seq: number, payload: Uint8Array): void {
    const entry = this.#entry(run, seq, payload.length, payload);
    if (!entry.whole) this.#completed(entry);
  }

  /** Copies a block into its piece. */
  addBlock(header: PieceHeader, begin: number, block: Uint8Array, whole: boolean): void {
    const entry = this.#entry(header.run, header.seq, header.payloadBytes);
    if (entry.whole) return;
    entry.payload?.set(block, begin);
    if (whole) this.#completed(entry);
  }

  /**
   * Bytes of a piece: at once if they are in memory, later if they are in the file, undefined if they are gone. The
   * bytes are shared: never write to them.
   */
  read(
    run: number,
    seq: number,
    begin: number,
    bytes: number,
  ): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const entry = this.#runs.get(run)?.get(seq);
    if (!entry || begin + bytes > entry.bytes) return undefined;
    if (entry.payload) return entry.payload.subarray(begin, begin + bytes);
    return this.#readSlot(entry, begin, bytes);
  }

  /** Forgets the pieces of a run below a sequence number. */
  discard(run: number, belowSeq: number): void {
    const entries = this.#runs.get(run);
    if (!entries) return;
    for (const [seq, entry] of entries) if (seq < belowSeq) this.#forget(entry);
  }

  abandon(run: number, seq: number): void {
    const entry = this.#runs.get(run)?.get(seq);
    if (entry && !entry.whole) this.#forget(entry);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#runs.clear();
    this.#inMemory.clear();
    this.#onDisk.clear();
    this.#toWrite.length = 0;
    this.#memoryBytes = 0;
    await this.#written;
    await this.#disk?.close();
  }

  #entry(run: number, seq: number, bytes: number, payload?: Uint8Array): Entry {
    let entries = this.#runs.get(run);
    if (!entries) this.#runs.set(run, (entries = new Map()));
    let entry = entries.get(seq);
    if (!entry) {
      entry = {
        run,
        seq,
        bytes,
        whole: false,
        payload: payload ?? new Uint8Array(bytes),
        slot: undefined,
        leaving: false,
      };
      this.#memoryBytes += bytes;
      entries.set(seq, entry);
    }
    return entry;
  }

  #completed(entry: Entry): void {
    entry.whole = true;
    this.#inMemory.add(entry);
    for (const oldest of this.#inMemory) {
      if (this.#memoryBytes - this.#leavingBytes <= this.#limits.memoryBytesMax) break;
      this.#inMemory.delete(oldest);
      this.#evict(oldest);
    }
  }

  #evict(entry: Entry): void {
    if (!this.#disk || this.#disk.slots === 0) return this.#forget(entry);
    this.#toWrite.push(entry);
    entry.leaving = true;
    this.#leavingBytes += entry.bytes;
    if (this.#leavingBytes > WRITE_BYTES_MAX) this.#forget(this.#toWrite[0] as Entry);
    if (!this.#isWriting) this.#written = this.#write(this.#disk);
  }

  async #write(disk: DiskSlots): Promise<void> {
    this.#isWriting = true;
    for (let entry = this.#toWrite.shift(); entry && !this.#closed; entry = this.#toWrite.shift()) {
      const slot = this.#takeSlot(disk);
      if (slot === undefined || !entry.payload) {
        this.#forget(entry);
        continue;
      }
      const trouble = await disk.write(slot, entry.payload);
      if (this.#closed) break;
      if (trouble !== undefined) this.#onTrouble(trouble);
      if (trouble !== undefined || this.#runs.get(entry.run)?.get(entry.seq) !== entry) {
        disk.free(slot);
        this.#forget(entry);
        if (disk.slots === 0) for (const lost of this.#onDisk) this.#forget(lost);
        continue;
      }
      entry.slot = slot;
      this.#leaveMemory(entry);
      this.#onDisk.add(entry);
    }
    this.#isWriting = false;
  }

  #takeSlot(disk: DiskSlots): number | undefined {
    const slot = disk.take();
    if (slot !== undefined) return slot;
    for (const oldest of this.#onDisk) {
      this.#forget(oldest);
      return disk.take();
    }
    return undefined;
  }

  async #readSlot(entry: Entry, begin: number, bytes: number): Promise<Uint8Array | undefined> {
    const { slot } = entry;
    if (slot === undefined || !this.#disk) return undefined;
    const block = await this.#disk.read(slot, begin, bytes);
    // The slot may have got another piece in the meantime.
    return entry.slot === slot ? block : undefined;
  }

  #forget(entry: Entry): void {
    const entries = this.#runs.get(entry.run);
    if (entries?.get(entry.seq) === entry) {
      entries.delete(entry.seq);
      if (entries.size === 0) this.#runs.delete(entry.run);
    }
    this.#inMemory.delete(entry);
    this.#onDisk.delete(entry);
    const waiting = this.#toWrite.indexOf(entry);
    if (waiting >= 0) this.#toWrite.splice(waiting, 1);
    this.#leaveMemory(entry);
    if (entry.slot !== undefined) this.#disk?.free(entry.slot);
    entry.slot = undefined;
  }

  #leaveMemory(entry: Entry): void {
    if (!entry.payload) return;
    entry.payload = undefined;
    this.#memoryBytes -= entry.bytes;
    if (entry.leaving) this.#leavingBytes -= entry.bytes;
  }
}

interface Entry {
  readonly run: number;
  readonly seq: number;
  readonly bytes: number;
  whole: boolean;
  payload: Uint8Array | undefined;
  slot: number | undefined;
  /** On its way from memory to the file. */
  leaving: boolean;
}

/** A guess: what a disk may be behind. Then the oldest piece goes unwritten. */
const WRITE_BYTES_MAX = 16 * 1024 * 1024;
