/** Where the bytes of a torrent lie: pieces across files. */
import type { VodFile, VodMetainfo } from '@tstream/tstream-format';

/** A part of one file. */
export interface Span {
  /** Index of the file. */
  readonly file: number;
  /** Offset in the file, bytes. */
  readonly at: number;
  readonly bytes: number;
}

export class ContentLayout {
  readonly files: readonly VodFile[];
  readonly pieces: number;
  readonly pieceLength: number;
  readonly lengthBytes: number;
  /** Indices of the files that have bytes. */
  readonly #filled: readonly number[];

  constructor({ files, pieceLength, lengthBytes }: Pick<VodMetainfo, 'files' | 'pieceLength' | 'lengthBytes'>) {
    this.files = files;
    this.pieceLength = pieceLength;
    this.lengthBytes = lengthBytes;
    this.pieces = Math.ceil(lengthBytes / pieceLength);
    this.#filled = [...files.keys()].filter((file) => this.file(file).lengthBytes > 0);
  }

  /** @throws {RangeError} If there is no such file. */
  file(index: number): VodFile {
    const file = this.files[index];
    if (!file) throw new RangeError(`expected a file 0..${this.files.length - 1}, got ${index}`);
    return file;
  }

  /** Length of a piece: the last one may be shorter. */
  pieceBytes(index: number): number {
    return Math.min(this.pieceLength, this.lengthBytes - index * this.pieceLength);
  }

  /** The parts of files that this range of the content consists of. */
  spans(offsetBytes: number, bytes: number): Span[] {
    const spans: Span[] = [];
    const endBytes = offsetBytes + bytes;
    for (let place = this.#placeOf(offsetBytes); place < this.#filled.length; place += 1) {
      const file = this.#filled[place] as number;
      const { offsetBytes: from, lengthBytes } = this.file(file);
      if (from >= endBytes) break;
      const begin = Math.max(offsetBytes, from);
      spans.push({ file, at: begin - from, bytes: Math.min(endBytes, from + lengthBytes) - begin });
    }
    return spans;
  }

  /** The first piece with bytes of this file, and the one behind its last; equal if it has none. */
  piecesOf(file: number): { readonly from: number; readonly to: number } {
    const { offsetBytes, lengthBytes } = this.file(file);
    const from = Math.floor(offsetBytes / this.pieceLength);
    return { from, to: lengthBytes === 0 ? from : Math.ceil((offsetBytes + lengthBytes) / this.pieceLength) };
  }

  /** How many bytes of a file are in this piece. */
  bytesIn(file: number, piece: number): number {
    const { offsetBytes, lengthBytes } = this.file(file);
    const from = Math.max(offsetBytes, piece * this.pieceLength);
    const to = Math.min(offsetBytes + lengthBytes, piece * this.pieceLength + this.pieceBytes(piece));
    return Math.max(0, to - from);
  }

  /** Place in `#filled` of the last file that begins at or before this offset. */
  #placeOf(offsetBytes: number): number {
    let [low, high] = [0, this.#filled.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.file(this.#filled[middle] as number).offsetBytes <= offsetBytes) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
