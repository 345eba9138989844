/**
 * What was read from the disk lately, in lines of up to 512 KiB of one piece: neighbours ask for block after block of
 * 16 KiB, and each would be a system call of its own.
 */

export class LineCache {
  readonly #lineBytes: number;
  readonly #bytesMax: number;
  readonly #fetch: (index: number, begin: number, bytes: number) => Promise<Uint8Array | undefined>;
  /** By piece and place; the one used longest ago first. */
  readonly #lines = new Map<number, Line>();
  readonly #linesOfPiece: number;
  #bytes = 0;

  /** @param fetch - Reads a part of a piece; as many bytes as it is asked for, or undefined. */
  constructor(
    pieceBytes: number,
    bytesMax: number,
    fetch: (index: number, begin: number, bytes: number) => Promise<Uint8Array | undefined>,
  ) {
    this.#lineBytes = Math.min(pieceBytes, LINE_BYTES_MAX);
    this.#linesOfPiece = Math.ceil(pieceBytes / this.#lineBytes);
    this.#bytesMax = bytesMax;
    this.#fetch = fetch;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * At once if it is here, else later; undefined if the disk doesn't give it. The bytes are shared: never write to them.
   * @param pieceBytes - Length of this piece.
   */
  read(
    index: number,
    begin: number,
    bytes: number,
    pieceBytes: number,
  ): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const place = Math.floor(begin / this.#lineBytes);
    const from = place * this.#lineBytes;
    // A range over two lines is asked by readers with odd places only.
    if (begin + bytes > from + this.#lineBytes) return this.#fetch(index, begin, bytes);
    const line = this.#line(index, place, Math.min(this.#lineBytes, pieceBytes - from));
    const cut = (whole: Uint8Array | undefined) => whole?.subarray(begin - from, begin - from + bytes);
    return line.content instanceof Promise ? line.content.then(cut) : cut(line.content);
  }

  /** Forgets a piece. */
  drop(index: number): void {
    for (let place = 0; place < this.#linesOfPiece; place += 1) this.#remove(index * this.#linesOfPiece + place);
  }

  #line(index: number, place: number, bytes: number): Line {
    const key = index * this.#linesOfPiece + place;
    const known = this.#lines.get(key);
    if (known) {
      this.#lines.delete(key);
      this.#lines.set(key, known);
      return known;
    }
    const line: Line = { content: undefined, bytes };
    line.content = this.#fetch(index, place * this.#lineBytes, bytes).then((content) => {
      line.content = content;
      if (!content && this.#lines.get(key) === line) this.#remove(key);
      return content;
    });
    this.#lines.set(key, line);
    this.#bytes += bytes;
    for (const oldest of this.#lines.keys()) {
      if (this.#bytes <= this.#bytesMax || oldest === key) break;
      this.#remove(oldest);
    }
    return line;
  }

  #remove(key: number): void {
    const line = this.#lines.get(key);
    if (!line) return;
    this.#lines.delete(key);
    this.#bytes -= line.bytes;
  }
}

interface Line {
  content: Uint8Array | undefined | Promise<Uint8Array | undefined>;
  readonly bytes: number;
}

/** A guess: what a disk reads at once without being slower for it. */
const LINE_BYTES_MAX = 512 * 1024;
