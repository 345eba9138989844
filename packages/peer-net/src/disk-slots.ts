/** A sparse file of equal slots, one piece each; it has no name any more while it is in use, so a crash leaves nothing. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

export class DiskSlots {
  readonly #file: FileHandle;
  readonly #folder: string;
  readonly #slotBytes: number;
  readonly #free: number[] = [];
  #slots: number;
  /** Slots that were ever written: what the file has room for, whatever happens to the disk. */
  #used = 0;

  /** @throws {StorageError} If the folder cannot be written. */
  static async create(folder: string, slotBytes: number, bytesMax: number): Promise<DiskSlots> {
    try {
      const own = await mkdtemp(join(folder, 'tstream-'));
      const path = join(own, 'pieces');
      const file = await open(path, 'wx+', 0o600);
      // Windows keeps the name of an open file: there it goes at close.
      if (process.platform !== 'win32') await rm(own, { recursive: true, force: true });
      return new DiskSlots(file, own, slotBytes, Math.floor(bytesMax / slotBytes));
    } catch (cause) {
      throw new StorageError(
        `cannot store video in ${folder} (${REASONS[codeOf(cause)] ?? codeOf(cause)}): choose a folder that can be written`,
        {
          cause,
        },
      );
    }
  }

  private constructor(file: FileHandle, folder: string, slotBytes: number, slots: number) {
    this.#file = file;
    this.#folder = folder;
    this.#slotBytes = slotBytes;
    this.#slots = slots;
  }

  /** How many pieces fit; shrinks when the disk is full or fails. */
  get slots(): number {
    return this.#slots;
  }

  /** @returns A slot for one piece, or undefined when all are taken. */
  take(): number | undefined {
    const slot = this.#free.pop();
    if (slot !== undefined) return slot;
    if (this.#used >= this.#slots) return undefined;
    this.#used += 1;
    return this.#used - 1;
  }

  free(slot: number): void {
    if (slot < this.#slots) this.#free.push(slot);
  }

  /** @returns undefined, or what a person should know: from now on there are fewer slots, this one is not written. */
  async write(slot: number, payload: Uint8Array): Promise<string | undefined> {
    try {
      for (let at = 0; at < payload.length; ) {
        const { bytesWritten } = await this.#file.write(payload, at, payload.length - at, slot * this.#slotBytes + at);
        if (bytesWritten === 0) throw Object.assign(new Error('no byte was written'), { code: 'ENOSPC' });
        at += bytesWritten;
      }
      return undefined;
    } catch (error) {
      return this.#shrink(slot, codeOf(error));
    }
  }

  /** @returns undefined if the disk does not give all of it. */
  async read(slot: number, begin: number, bytes: number): Promise<Uint8Array | undefined> {
    try {
      const block = new Uint8Array(bytes);
      const { bytesRead } = await this.#file.read(block, 0, bytes, slot * this.#slotBytes + begin);
      return bytesRead === bytes ? block : undefined;
    } catch {
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true }).catch(() => undefined);
  }

  /** A full disk keeps what is there; a slot that was written before and cannot be written again is a broken disk. */
  #shrink(slot: number, code: string): string {
    const full = (code === 'ENOSPC' || code === 'EDQUOT') && slot === this.#used - 1;
    this.#slots = full ? slot : 0;
    this.#used = Math.min(this.#used, this.#slots);
    this.#free.splice(0, this.#free.length, ...this.#free.filter((one) => one < this.#slots));
    return full
      ? `the disk is full: pieces are kept in the ${slot} places written so far and in memory`
      : `the disk failed (${code}): pieces are kept in memory only`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
};

/** Where video should be kept cannot be written. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}
