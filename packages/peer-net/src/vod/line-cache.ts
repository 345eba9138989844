/**
 * What was read from the disk lately, in lines of up to 512 KiB of one piece: neighbours ask for block after block of
 * 16 KiB, and each would be a system call of its own. The line behind the one that is asked for is read ahead.
 */
import { type Lent, type Memory, MemoryPool } from './memory-pool.js';

/** Fills an array with a part of a piece. @returns Whether all of it is there. */
export type ReadPart = (index: number, begin: number, into: Uint8Array) => Promise<boolean>;

export class LineCache {
  readonly #lineBytes: number;
  readonly #linesMax: number;
  readonly #fetch: ReadPart;
  readonly #pool: MemoryPool;
  /** By piece and place; the one used longest ago first. */
  readonly #lines = new Map<number, Line>();
  readonly #linesOfPiece: number;

  constructor(pieceBytes: number, bytesMax: number, fetch: ReadPart) {
    this.#lineBytes = Math.min(pieceBytes, LINE_BYTES_MAX);
    this.#linesOfPiece = Math.ceil(pieceBytes / this.#lineBytes);
    this.#linesMax = Math.floor(bytesMax / this.#lineBytes);
    this.#pool = new MemoryPool(this.#lineBytes, FREE_BYTES_MAX);
    this.#fetch = fetch;
  }

  /**
   * At once if it is here, else later; undefined if the disk doesn't give it.
   * @param pieceBytes - Length of this piece.
   */
  lend(index: number, begin: number, bytes: number, pieceBytes: number): Lent | undefined | Promise<Lent | undefined> {
    const place = Math.floor(begin / this.#lineBytes);
    const from = place * this.#lineBytes;
    // A range over two lines is asked by readers with odd places only.
    if (begin + bytes > from + this.#lineBytes) return this.#readOwn(index, begin, bytes);
    const line = this.#line(index, place, pieceBytes);
    if ((place + 1) * this.#lineBytes < pieceBytes) this.#line(index, place + 1, pieceBytes);
    const lent = this.#pool.lend(line.memory, begin - from, bytes);
    if (line.state === 'whole') return lent;
    return line.read.then((isWhole) => {
      if (isWhole) return lent;
      lent.giveBack();
      return undefined;
    });
  }

  /** Forgets a piece. */
  drop(index: number): void {
    for (let place = 0; place < this.#linesOfPiece; place += 1) this.#remove(index * this.#linesOfPiece + place);
  }

  async #readOwn(index: number, begin: number, bytes: number): Promise<Lent | undefined> {
    const own = new Uint8Array(bytes);
    return (await this.#fetch(index, begin, own)) ? { bytes: own, giveBack: () => undefined } : undefined;
  }

  #line(index: number, place: number, pieceBytes: number): Line {
    const key = index * this.#linesOfPiece + place;
    const known = this.#lines.get(key);
    if (known) {
      this.#lines.delete(key);
      this.#lines.set(key, known);
      return known;
    }
    const line = this.#readLine(key, index, place, pieceBytes);
    this.#lines.set(key, line);
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size <= this.#linesMax || oldest === key) break;
      this.#remove(oldest);
    }
    return line;
  }

  /** The disk uses the memory until it has filled it, whatever becomes of the line. */
  #readLine(key: number, index: number, place: number, pieceBytes: number): Line {
    const memory = this.#pool.take();
    const begin = place * this.#lineBytes;
    const into = this.#pool.lend(memory, 0, Math.min(this.#lineBytes, pieceBytes - begin));
    const read = this.#fetch(index, begin, into.bytes).then((isWhole) => {
      into.giveBack();
      if (isWhole) line.state = 'whole';
      else if (this.#lines.get(key) === line) this.#remove(key);
      return isWhole;
    });
    const line: Line = { memory, read, state: 'reading' };
    return line;
  }

  #remove(key: number): void {
    const line = this.#lines.get(key);
    if (!line) return;
    this.#lines.delete(key);
    this.#pool.release(line.memory);
  }
}

interface Line {
  readonly memory: Memory;
  readonly read: Promise<boolean>;
  state: 'reading' | 'whole';
}

/** A guess: what a disk reads at once without being slower for it. */
const LINE_BYTES_MAX = 512 * 1024;
const FREE_BYTES_MAX = 4 * 1024 * 1024;
