import { equalBytes } from './bytes.js';
import { BLOCK_BYTES, PIECE_BYTES_MAX, type PieceHeader } from './header.js';
import type { CryptoSuite } from './suite.js';

/**
 * The digests that a header carries for a payload.
 * @param payload - 0–131072 bytes.
 * @returns SHA-256 of each 16 KiB block, the last one short; none for an empty payload.
 * @throws {RangeError} If the payload is longer than a piece may be.
 */
export function blockDigests(payload: Uint8Array, suite: CryptoSuite): Uint8Array[] {
  if (payload.length > PIECE_BYTES_MAX) {
    throw new RangeError(`payload: expected 0..${PIECE_BYTES_MAX} bytes, got ${payload.length}`);
  }
  const digests: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += BLOCK_BYTES) {
    digests.push(suite.sha256(payload.subarray(at, at + BLOCK_BYTES)));
  }
  return digests;
}

/**
 * Whether `block` is the one that the header promises at `index`: its length and its digest.
 * @returns False, too, when the piece has no such block.
 */
export function verifyBlock(block: Uint8Array, index: number, header: PieceHeader, suite: CryptoSuite): boolean {
  const digest = header.digests[index];
  if (digest === undefined) return false;
  if (block.length !== Math.min(BLOCK_BYTES, header.payloadBytes - index * BLOCK_BYTES)) return false;
  return equalBytes(suite.sha256(block), digest);
}
