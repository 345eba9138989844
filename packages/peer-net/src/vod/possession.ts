/** Which pieces a torrent has, on its way to the disk or there, and which it wants; counted for each file. */
import type { ContentLayout } from './content-layout.js';

export class Possession {
  readonly #layout: ContentLayout;
  /** 1 for each piece that is verified. */
  readonly #held: Uint8Array;
  readonly #wanted: Uint8Array;
  readonly #wantedFiles: Set<number>;
  /** Files that are not the torrent's any more. */
  readonly #lostFiles = new Set<number>();
  readonly #heldBytesOf: number[];
  #heldBytes = 0;
  #waiting = new Map<number, (() => void)[]>();

  /** @param held - 1 for each piece that is there. @param files - Wanted ones; undefined: all. */
  constructor(layout: ContentLayout, held: Uint8Array, files: readonly number[] | undefined) {
    this.#layout = layout;
    this.#held = new Uint8Array(layout.pieces);
    this.#wanted = new Uint8Array(layout.pieces);
    this.#wantedFiles = new Set(files ?? layout.files.keys());
    this.#heldBytesOf = layout.files.map(() => 0);
    for (const file of this.#wantedFiles) this.#mark(file, 1);
    for (const [index, isHeld] of held.entries()) if (isHeld) this.hold(index);
  }

  isHeld(index: number): boolean {
    return this.#held[index] === 1;
  }

  isWanted(index: number): boolean {
    return this.#wanted[index] === 1;
  }

  isFileWanted(file: number): boolean {
    return this.#wantedFiles.has(file);
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Of the wanted files. */
  get wantedBytes(): number {
    let bytes = 0;
    for (const file of this.#wantedFiles) bytes += this.#layout.file(file).lengthBytes;
    return bytes;
  }

  /** Of the wanted files, verified. */
  get wantedHeldBytes(): number {
    let bytes = 0;
    for (const file of this.#wantedFiles) bytes += this.heldBytesOf(file);
    return bytes;
  }

  /** What trackers are told is left. */
  get lackedBytes(): number {
    return this.#layout.lengthBytes - this.#heldBytes;
  }

  heldBytesOf(file: number): number {
    return this.#heldBytesOf[file] as number;
  }

  /** A copy: 1 for each piece. */
  heldBytemap(): Uint8Array {
    return this.#held.slice();
  }

  wantedBytemap(): Uint8Array {
    return this.#wanted.slice();
  }

  /** A piece is verified. */
  hold(index: number): void {
    if (this.#held[index]) return;
    this.#held[index] = 1;
    this.#count(index, 1);
    for (const tell of this.#waiting.get(index) ?? []) tell();
    this.#waiting.delete(index);
  }

  /** A piece can't be read any more. */
  lose(index: number): void {
    if (!this.#held[index]) return;
    this.#held[index] = 0;
    this.#count(index, -1);
  }

  /** @returns Whether anything changed. */
  want(file: number): boolean {
    if (this.#wantedFiles.has(file) || this.#lostFiles.has(file)) return false;
    this.#wantedFiles.add(file);
    this.#mark(file, 1);
    return true;
  }

  /** A file is not the torrent's any more: none of its pieces is wanted, not even those that other files share. */
  loseFile(file: number): void {
    this.#lostFiles.add(file);
    this.#mark(file, 0);
  }

  /** Whether all pieces that are wanted are in `there`. */
  isWhole(there: Uint8Array): boolean {
    if (this.#lostFiles.size > 0) return false;
    return this.#wanted.every((isWanted, index) => !isWanted || there[index] === 1);
  }

  /** Calls back once when the piece is verified. @returns Takes that back. */
  whenHeld(index: number, tell: () => void): () => void {
    const tellers = this.#waiting.get(index) ?? [];
    tellers.push(tell);
    this.#waiting.set(index, tellers);
    return () => {
      const rest = (this.#waiting.get(index) ?? []).filter((one) => one !== tell);
      if (rest.length > 0) this.#waiting.set(index, rest);
      else this.#waiting.delete(index);
    };
  }

  #mark(file: number, wanted: 0 | 1): void {
    const { from, to } = this.#layout.piecesOf(file);
    this.#wanted.fill(wanted, from, to);
    // A piece that a lost file shares stays unwanted.
    if (wanted) for (const lost of this.#lostFiles) this.#mark(lost, 0);
  }

  #count(index: number, sign: 1 | -1): void {
    const bytes = this.#layout.pieceBytes(index);
    this.#heldBytes += sign * bytes;
    for (const { file, bytes: own } of this.#layout.spans(index * this.#layout.pieceLength, bytes)) {
      this.#heldBytesOf[file] = (this.#heldBytesOf[file] as number) + sign * own;
    }
  }
}
