import { expectInteger, expectLength, writeU16, writeU32, writeU64 } from './bytes.js';
import type { PieceHeader } from './header.js';
import * as H from './header.js';
import { HEADER_TAG, signedMessage } from './signed-message.js';
import { type CryptoSuite, DIGEST_BYTES, SIGNATURE_BYTES } from './suite.js';

/**
 * Writes and signs a header, without extensions.
 * @param infoDigest - SHA-256 of the exact `info` bytes: the swarm that this header is for.
 * @param runSecretKey - The 32-byte secret key that the run's certificate names.
 * @returns 100–356 bytes.
 * @throws {RangeError} If a field is out of its range or contradicts another.
 * @see spec/0002-live-piece-auth.md §4
 */
export function encodeHeader(
  header: PieceHeader,
  infoDigest: Uint8Array,
  runSecretKey: Uint8Array,
  suite: CryptoSuite,
): Uint8Array {
  expectHeader(header);
  const bytes = new Uint8Array(H.HEADER_BYTES_MIN + header.digests.length * DIGEST_BYTES);
  bytes[H.AT_VERSION] = H.VERSION;
  bytes[H.AT_SCHEME] = H.SCHEME;
  bytes[H.AT_FLAGS] = flagsOf(header);
  bytes[H.AT_TRACK] = H.TRACK;
  writeU32(bytes, H.AT_RUN, header.run);
  writeU64(bytes, H.AT_SEQ, header.seq);
  writeU64(bytes, H.AT_SOURCE_TIME, header.sourceTimeMs);
  writeU32(bytes, H.AT_PAYLOAD_BYTES, header.payloadBytes);
  writeU32(bytes, H.AT_ENTRY_OFFSET, header.entryOffset ?? H.NO_ENTRY_OFFSET);
  writeU16(bytes, H.AT_ENTRY_DISTANCE, header.entryDistance ?? H.NO_ENTRY_DISTANCE);
  writeU16(bytes, H.AT_EXTENSION_BYTES, 0);
  header.digests.forEach((digest, i) => bytes.set(digest, H.AT_DIGESTS + i * DIGEST_BYTES));

  const signedBytes = bytes.length - SIGNATURE_BYTES;
  const message = signedMessage(HEADER_TAG, infoDigest, bytes.subarray(0, signedBytes));
  bytes.set(suite.sign(message, runSecretKey), signedBytes);
  return bytes;
}

/**
 * Whether a header that `decodeHeader` accepts was signed by the run's key, for this swarm.
 * @param bytes - The same bytes that `decodeHeader` read.
 * @param runPublicKey - From a certificate that `verifyCertificate` accepted.
 * @returns False on any other bytes; never throws on them.
 * @throws {RangeError} If `infoDigest` isn't 32 bytes.
 * @see spec/0002-live-piece-auth.md §3
 */
export function verifyHeader(
  bytes: Uint8Array,
  infoDigest: Uint8Array,
  runPublicKey: Uint8Array,
  suite: CryptoSuite,
): boolean {
  if (bytes.length < H.HEADER_BYTES_MIN || bytes.length > H.HEADER_BYTES_MAX) return false;
  const signedBytes = bytes.length - SIGNATURE_BYTES;
  const message = signedMessage(HEADER_TAG, infoDigest, bytes.subarray(0, signedBytes));
  return suite.verify(bytes.subarray(signedBytes), message, runPublicKey);
}

function flagsOf(header: PieceHeader): number {
  return (
    (header.entry ? H.FLAG_ENTRY : 0) |
    (header.discontinuity ? H.FLAG_DISCONTINUITY : 0) |
    (header.heartbeat ? H.FLAG_HEARTBEAT : 0) |
    (header.end ? H.FLAG_END : 0)
  );
}

function expectHeader(header: PieceHeader): void {
  expectInteger('run', header.run, 1, 0xffffffff);
  expectInteger('seq', header.seq, 0, Number.MAX_SAFE_INTEGER);
  expectInteger('sourceTimeMs', header.sourceTimeMs, 0, Number.MAX_SAFE_INTEGER);
  expectPayload(header);
  expectEntry(header);
}

function expectPayload(header: PieceHeader): void {
  const isPiece = !header.heartbeat && !header.end;
  if (!isPiece && (header.entry || header.discontinuity || (header.heartbeat && header.end))) {
    throw new RangeError(
      `flags: expected a heartbeat or an end to carry no other flag, got 0x0${flagsOf(header).toString(16)}`,
    );
  }
  expectInteger('payloadBytes', header.payloadBytes, isPiece ? 1 : 0, isPiece ? H.PIECE_BYTES_MAX : 0);
  const blocks = H.blocksOf(header.payloadBytes);
  if (header.digests.length !== blocks) {
    throw new RangeError(`digests: expected ${blocks} for ${header.payloadBytes} bytes, got ${header.digests.length}`);
  }
  header.digests.forEach((digest, i) => expectLength(`digests[${i}]`, digest, DIGEST_BYTES));
}

function expectEntry(header: PieceHeader): void {
  const { entry, entryOffset, entryDistance } = header;
  if (entry) {
    expectInteger('entryOffset', entryOffset, 0, header.payloadBytes - 1);
    expectInteger('entryDistance', entryDistance, 0, 0);
    return;
  }
  if (entryOffset !== undefined)
    throw new RangeError(`entryOffset: expected none without an entry point, got ${entryOffset}`);
  if (entryDistance === undefined) return;
  expectInteger('entryDistance', entryDistance, 1, Math.min(header.seq, H.NO_ENTRY_DISTANCE - 1));
}
