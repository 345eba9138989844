import { DIGEST_BYTES, SIGNATURE_BYTES } from './suite.js';

/** The proof of one live piece, or of the live edge. Bytes: spec/0002-live-piece-auth.md §4. */
export interface PieceHeader {
  /** The payload holds an entry point: a place where a decoder can begin. */
  readonly entry: boolean;
  /** The stream's clock or parameters jump before this piece. */
  readonly discontinuity: boolean;
  /** No piece: the source lives, and `seq` is the number of the next piece. */
  readonly heartbeat: boolean;
  /** No piece: the run ended, and `seq` is the number that its next piece would have had. */
  readonly end: boolean;
  /** 1 … 2^32−1 */
  readonly run: number;
  /** 0 … 2^53−1 */
  readonly seq: number;
  /** Unix time when the piece's first byte entered the source, 0 … 2^53−1. Never decreasing within a run. */
  readonly sourceTimeMs: number;
  /** 1 … 131072; 0 of a heartbeat or an end. */
  readonly payloadBytes: number;
  /** Offset in the payload of its first entry point; there exactly when `entry`. */
  readonly entryOffset?: number | undefined;
  /** Pieces back from `seq` to the newest one with an entry point, itself included; absent: none known, or ≥ 65535. */
  readonly entryDistance?: number | undefined;
  /** SHA-256 of each 16 KiB block of the payload, the last one short. */
  readonly digests: readonly Uint8Array[];
}

/** Why a header is refused. */
export type HeaderReason =
  | 'length'
  | 'version'
  | 'scheme'
  | 'flags'
  | 'track'
  | 'run'
  | 'seq'
  | 'source-time'
  | 'payload-length'
  | 'entry-offset'
  | 'entry-distance'
  | 'extension'
  | 'critical-extension';

/** Bytes of a block, the unit of request and digest (BEP 3's usual request). */
export const BLOCK_BYTES = 16384;
/** Most bytes in a piece's payload. */
export const PIECE_BYTES_MAX = 131072;
export const EXTENSION_BYTES_MAX = 128;

export const VERSION = 1;
export const SCHEME = 1;
export const TRACK = 0;

export const FLAG_ENTRY = 0x01;
export const FLAG_DISCONTINUITY = 0x02;
export const FLAG_HEARTBEAT = 0x04;
export const FLAG_END = 0x08;

export const AT_VERSION = 0;
export const AT_SCHEME = 1;
export const AT_FLAGS = 2;
export const AT_TRACK = 3;
export const AT_RUN = 4;
export const AT_SEQ = 8;
export const AT_SOURCE_TIME = 16;
export const AT_PAYLOAD_BYTES = 24;
export const AT_ENTRY_OFFSET = 28;
export const AT_ENTRY_DISTANCE = 32;
export const AT_EXTENSION_BYTES = 34;
export const AT_DIGESTS = 36;

export const NO_ENTRY_OFFSET = 0xffffffff;
export const NO_ENTRY_DISTANCE = 0xffff;

/** Fewest bytes of a header, signature included: a heartbeat. */
export const HEADER_BYTES_MIN = AT_DIGESTS + SIGNATURE_BYTES;
/** Most bytes of a header, signature included. */
export const HEADER_BYTES_MAX =
  AT_DIGESTS + (PIECE_BYTES_MAX / BLOCK_BYTES) * DIGEST_BYTES + EXTENSION_BYTES_MAX + SIGNATURE_BYTES;

/** Blocks of a payload of so many bytes. */
export function blocksOf(payloadBytes: number): number {
  return Math.ceil(payloadBytes / BLOCK_BYTES);
}
