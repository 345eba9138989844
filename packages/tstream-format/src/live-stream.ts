/** What a live stream's metainfo may say: the rules that its writer and its reader share. */

/** Whether `value` is a power of two 16 KiB … 128 KiB. */
export function isLivePieceLength(value: number): boolean {
  return PIECE_LENGTHS.includes(value);
}

/** Whether `value` is a count of pieces that a window can have. */
export function isWindow(value: number): boolean {
  return Number.isSafeInteger(value) && value >= WINDOW_PIECES_MIN;
}

/** Whether a ring of `ringPieces` holds the window often enough to tell each index's sequence number. */
export function isRing(ringPieces: number, windowPieces: number): boolean {
  return Number.isSafeInteger(ringPieces) && ringPieces >= 4 * windowPieces && ringPieces <= PIECES_MAX;
}

/** Whether `value` is a bitrate, bits per second. */
export function isBitrate(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= BITRATE_BITS_PER_SECOND_MAX;
}

/** Whether `value` is a time since 1970, seconds. */
export function isTimeS(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Whether `bytes` begin as a JPEG or PNG picture does, and are at most 64 KiB. Nothing more of them is looked at. */
export function isThumb(bytes: Uint8Array): boolean {
  return bytes.length <= THUMB_BYTES_MAX && SIGNATURES.some((signature) => signature.every((b, at) => bytes[at] === b));
}

export const AUTHMETHOD = 'Ed25519';
export const CONTAINER = 'mpegts';
export const LIVE_VERSION = 1;
export const STREAM_KEY_BYTES = 32;
/** As libtorrent's `load_torrent_limits::max_pieces`. */
export const PIECES_MAX = 0x200000;
export const WINDOW_PIECES_MIN = 16;
export const PIECE_LENGTHS: readonly number[] = [0x4000, 0x8000, 0x10000, 0x20000];
export const BITRATE_BITS_PER_SECOND_MAX = 1_000_000_000;
export const THUMB_BYTES_MAX = 0x10000;
export const TITLE_BYTES_MAX = 512;
export const CREATED_BY_BYTES_MAX = 512;
export const COMMENT_BYTES_MAX = 4096;
/** How a JPEG file (start of image, then a marker) and a PNG file (its eight bytes) begin. */
const SIGNATURES = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
];
