import { BLOCK_BYTES, type PieceHeader } from '@tstream/live-piece-auth';

/** Length of a block of a piece, bytes: 16 KiB, and for the last one what is left. */
export function blockBytes(header: PieceHeader, block: number): number {
  return Math.min(BLOCK_BYTES, header.payloadBytes - block * BLOCK_BYTES);
}
