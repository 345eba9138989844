import { readU16, readU32, readU64 } from './bytes.js';
import type { HeaderReason, PieceHeader } from './header.js';
import * as H from './header.js';
import { DIGEST_BYTES, SIGNATURE_BYTES } from './suite.js';

/**
 * Reads a header without checking its signature.
 * @param bytes - Exactly one header, 100–484 bytes, as it came with an offer. The digests returned are views on it.
 * @returns The fields, or why the header is refused; never throws on remote bytes.
 * @see spec/0002-live-piece-auth.md §4
 */
export function decodeHeader(
  bytes: Uint8Array,
): { readonly ok: true; readonly value: PieceHeader } | { readonly ok: false; readonly reason: HeaderReason } {
  const reason = refusalOf(bytes);
  if (reason !== undefined) return { ok: false, reason };
  const flags = bytes[H.AT_FLAGS] as number;
  const payloadBytes = readU32(bytes, H.AT_PAYLOAD_BYTES);
  const entryOffset = readU32(bytes, H.AT_ENTRY_OFFSET);
  const entryDistance = readU16(bytes, H.AT_ENTRY_DISTANCE);
  const value: PieceHeader = {
    entry: (flags & H.FLAG_ENTRY) !== 0,
    discontinuity: (flags & H.FLAG_DISCONTINUITY) !== 0,
    heartbeat: (flags & H.FLAG_HEARTBEAT) !== 0,
    end: (flags & H.FLAG_END) !== 0,
    run: readU32(bytes, H.AT_RUN),
    seq: readU64(bytes, H.AT_SEQ),
    sourceTimeMs: readU64(bytes, H.AT_SOURCE_TIME),
    payloadBytes,
    entryOffset: entryOffset === H.NO_ENTRY_OFFSET ? undefined : entryOffset,
    entryDistance: entryDistance === H.NO_ENTRY_DISTANCE ? undefined : entryDistance,
    digests: digestViews(bytes, H.blocksOf(payloadBytes)),
  };
  return { ok: true, value };
}

function digestViews(bytes: Uint8Array, blocks: number): Uint8Array[] {
  const digests: Uint8Array[] = [];
  for (let i = 0, at = H.AT_DIGESTS; i < blocks; i++, at += DIGEST_BYTES) {
    digests.push(bytes.subarray(at, at + DIGEST_BYTES));
  }
  return digests;
}

function refusalOf(bytes: Uint8Array): HeaderReason | undefined {
  // A later version may have another length, and should be told from a damaged header.
  if (bytes.length < H.AT_FLAGS) return 'length';
  if (bytes[H.AT_VERSION] !== H.VERSION) return 'version';
  if (bytes[H.AT_SCHEME] !== H.SCHEME) return 'scheme';
  if (bytes.length < H.HEADER_BYTES_MIN || bytes.length > H.HEADER_BYTES_MAX) return 'length';
  return refusalOfPlace(bytes) ?? refusalOfPayload(bytes) ?? refusalOfExtensions(bytes);
}

function refusalOfPlace(bytes: Uint8Array): HeaderReason | undefined {
  const flags = bytes[H.AT_FLAGS] as number;
  // A heartbeat and an end carry no other flag: neither is a piece.
  if (flags > H.FLAG_HEARTBEAT && flags !== H.FLAG_END) return 'flags';
  if (bytes[H.AT_TRACK] !== H.TRACK) return 'track';
  if (readU32(bytes, H.AT_RUN) === 0) return 'run';
  if (!Number.isSafeInteger(readU64(bytes, H.AT_SEQ))) return 'seq';
  if (!Number.isSafeInteger(readU64(bytes, H.AT_SOURCE_TIME))) return 'source-time';
  return undefined;
}

function refusalOfPayload(bytes: Uint8Array): HeaderReason | undefined {
  const flags = bytes[H.AT_FLAGS] as number;
  const payloadBytes = readU32(bytes, H.AT_PAYLOAD_BYTES);
  if (payloadBytes > H.PIECE_BYTES_MAX) return 'payload-length';
  if ((payloadBytes === 0) !== flags >= H.FLAG_HEARTBEAT) return 'payload-length';

  const entry = (flags & H.FLAG_ENTRY) !== 0;
  const offset = readU32(bytes, H.AT_ENTRY_OFFSET);
  if (entry ? offset >= payloadBytes : offset !== H.NO_ENTRY_OFFSET) return 'entry-offset';

  const distance = readU16(bytes, H.AT_ENTRY_DISTANCE);
  if (entry !== (distance === 0)) return 'entry-distance';
  // The piece it points at would come before the run's first.
  if (distance !== H.NO_ENTRY_DISTANCE && distance > readU64(bytes, H.AT_SEQ)) return 'entry-distance';
  return undefined;
}

function refusalOfExtensions(bytes: Uint8Array): HeaderReason | undefined {
  const extensionBytes = readU16(bytes, H.AT_EXTENSION_BYTES);
  if (extensionBytes > H.EXTENSION_BYTES_MAX) return 'extension';
  const start = H.AT_DIGESTS + H.blocksOf(readU32(bytes, H.AT_PAYLOAD_BYTES)) * DIGEST_BYTES;
  const end = start + extensionBytes;
  if (bytes.length !== end + SIGNATURE_BYTES) return 'length';

  let at = start;
  let critical = false;
  while (at < end) {
    critical ||= ((bytes[at] as number) & CRITICAL) !== 0;
    at += 2 + (bytes[at + 1] as number);
  }
  if (at !== end) return 'extension';
  // Version 1 defines no extension, so each critical one is unknown.
  return critical ? 'critical-extension' : undefined;
}

const CRITICAL = 0x80;
