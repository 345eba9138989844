/**
 * Looks at the files now and then: one that vanished, was replaced, cut short, or changed after it was whole, is not the
 * torrent's any more. A few are looked at at a time, so that thousands cost no more than one.
 */
import type { ContentFiles, FileState } from './content-files.js';
import type { ContentLayout } from './content-layout.js';

export class ContentWatch {
  readonly #files: ContentFiles;
  readonly #layout: ContentLayout;
  readonly #written: Uint8Array;
  /** How many pieces of a file are not on the disk. */
  readonly #missing: number[];
  /** How each file looked last; only of those that were looked at. */
  readonly #seen = new Map<number, FileState>();
  /** Written to since it was looked at last. */
  readonly #touched = new Set<number>();
  /** Whole, and not written to, when they were looked at last. */
  readonly #still = new Set<number>();
  #next = 0;
  #nextMs = 0;
  #isLooking = false;

  /** @param written - 1 for each piece that is on the disk; kept up by its owner. */
  constructor(files: ContentFiles, layout: ContentLayout, written: Uint8Array) {
    this.#files = files;
    this.#layout = layout;
    this.#written = written;
    this.#missing = layout.files.map((_, file) => this.#countMissing(file));
  }

  /** A piece came to the disk, or isn't there any more. */
  changed(index: number, missing: -1 | 1): void {
    const { pieceLength } = this.#layout;
    for (const { file } of this.#layout.spans(index * pieceLength, this.#layout.pieceBytes(index))) {
      this.#missing[file] = (this.#missing[file] as number) + missing;
      this.#touched.add(file);
    }
  }

  /** @returns A file that isn't what it was, if one is seen. */
  async look(nowMs: number): Promise<{ readonly file: number; readonly reason: string } | undefined> {
    if (this.#isLooking || nowMs < this.#nextMs) return undefined;
    this.#isLooking = true;
    this.#nextMs = nowMs + LOOK_MS;
    try {
      for (let looked = 0; looked < Math.min(FILES_AT_ONCE, this.#layout.files.length); looked += 1) {
        const file = this.#next;
        this.#next = (this.#next + 1) % this.#layout.files.length;
        const reason = await this.#lookAt(file);
        if (reason !== undefined) return { file, reason };
      }
      return undefined;
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAt(file: number): Promise<string | undefined> {
    const { lengthBytes, isPadding } = this.#layout.file(file);
    const { from, to } = this.#layout.piecesOf(file);
    if (isPadding || lengthBytes === 0 || !this.#written.subarray(from, to).includes(1)) return undefined;
    this.#touched.delete(file);
    const state = await this.#files.stateOf(file).catch(() => undefined);
    if (!state) return 'it is not there any more';
    const before = this.#seen.get(file);
    const isWhole = this.#missing[file] === 0;
    if (before && before.inode !== state.inode) return 'another file is in its place';
    if (isWhole && state.lengthBytes !== lengthBytes) return 'its length changed';
    if (before && state.lengthBytes < before.lengthBytes) return 'it was cut short';
    // While pieces come, the time of the last change says nothing; nor if one came while we looked.
    const isStill = isWhole && !this.#touched.has(file);
    if (isStill && this.#still.has(file) && before && before.modifiedNs !== state.modifiedNs) {
      return 'its content changed';
    }
    if (isStill) this.#still.add(file);
    this.#seen.set(file, state);
    return undefined;
  }

  #countMissing(file: number): number {
    const { from, to } = this.#layout.piecesOf(file);
    let missing = 0;
    for (let index = from; index < to; index += 1) if (!this.#written[index]) missing += 1;
    return missing;
  }
}

const LOOK_MS = 1000;
const FILES_AT_ONCE = 8;
