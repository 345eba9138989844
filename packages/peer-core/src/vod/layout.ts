/** Where pieces and blocks begin and end in a torrent: the last ones are as short as what is left. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';

export interface Layout {
  /** Of all files, one after another. */
  readonly lengthBytes: number;
  readonly pieceBytes: number;
  readonly pieces: number;
}

/** @throws {RangeError} If there isn't a byte, or a number isn't whole: the caller's mistake. */
export function createLayout(lengthBytes: number, pieceBytes: number): Layout {
  if (!Number.isSafeInteger(lengthBytes) || lengthBytes < 1) {
    throw new RangeError(`expected a length of at least one byte, got ${lengthBytes}`);
  }
  if (!Number.isSafeInteger(pieceBytes) || pieceBytes < 1) {
    throw new RangeError(`expected pieces of at least one byte, got ${pieceBytes}`);
  }
  return { lengthBytes, pieceBytes, pieces: Math.ceil(lengthBytes / pieceBytes) };
}

export function pieceLength({ lengthBytes, pieceBytes, pieces }: Layout, index: number): number {
  return index < pieces - 1 ? pieceBytes : lengthBytes - index * pieceBytes;
}

export function blocksOf(layout: Layout, index: number): number {
  return Math.ceil(pieceLength(layout, index) / BLOCK_BYTES);
}

export function blockLength(layout: Layout, index: number, block: number): number {
  return Math.min(BLOCK_BYTES, pieceLength(layout, index) - block * BLOCK_BYTES);
}

/** Its place among all blocks. */
export function blockNumber({ pieceBytes }: Layout, index: number, block: number): number {
  return index * Math.ceil(pieceBytes / BLOCK_BYTES) + block;
}

/** Whether it is one of the blocks that this peer asks for: 16 KiB each but for a piece's last one. */
export function isBlock(layout: Layout, index: number, begin: number, bytes: number): boolean {
  if (!isPiece(layout, index) || begin % BLOCK_BYTES !== 0 || begin >= pieceLength(layout, index)) return false;
  return bytes === blockLength(layout, index, begin / BLOCK_BYTES);
}

/** Whether it lies within a piece: what a neighbour may ask for. */
export function isRange(layout: Layout, index: number, begin: number, bytes: number): boolean {
  return isPiece(layout, index) && begin >= 0 && bytes > 0 && begin + bytes <= pieceLength(layout, index);
}

export function isPiece({ pieces }: Layout, index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < pieces;
}
