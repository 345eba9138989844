/**
 * Strict, bounded bencode (BEP 3): exactly one byte string stands for each value, and no input makes the decoder throw,
 * recurse deeply or allocate more than in proportion to the input.
 * A dictionary's keys are byte strings: they are JavaScript strings here with one character (U+0000–U+00FF) a byte, so
 * that comparing two keys compares their bytes and any key survives a round trip.
 */
export type BencodeValue = number | Uint8Array | BencodeValue[] | BencodeDictionary;
export type BencodeDictionary = Map<string, BencodeValue>;

/** Why bytes are not the bencoding of a value, or are beyond the limits. */
export type BencodeReason =
  | 'too-large'
  | 'too-deep'
  | 'too-many-values'
  | 'truncated'
  | 'trailing-bytes'
  | 'unexpected-byte'
  | 'integer-malformed'
  | 'integer-out-of-range'
  | 'string-length-malformed'
  | 'key-not-string'
  | 'keys-unsorted'
  | 'key-duplicate';

export type BencodeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: BencodeReason };

export interface BencodeLimits {
  /** Longest input, bytes. */
  readonly bytesMax: number;
  /** How many lists and dictionaries may stand inside each other, 0–256. */
  readonly depthMax: number;
  /** How many values there may be, keys not counted. */
  readonly valuesMax: number;
}

/**
 * Decodes the bencoding of one value that takes up all of `bytes`.
 * @param bytes - Remote bytes. The value shares no memory with them.
 * @throws {TypeError} If `bytes` is not a Uint8Array.
 * @throws {RangeError} If a limit is not a whole number in its range.
 * @see spec/0001-tstream-metainfo.md §2
 */
export function decodeBencode(bytes: Uint8Array, limits: BencodeLimits = BENCODE_LIMITS): BencodeResult<BencodeValue> {
  const cursor = openCursor(bytes, limits);
  const value = cursor.reason === undefined ? readValue(cursor, 0) : undefined;
  if (value !== undefined && cursor.at < bytes.length) fail(cursor, 'trailing-bytes');
  return close(cursor, value);
}

/**
 * Decodes the bencoding of a value that other bytes may follow, as in BEP 9's `data` message.
 * @returns The value and how many bytes it took up.
 * @throws As {@link decodeBencode}.
 */
export function decodeBencodePrefix(
  bytes: Uint8Array,
  limits: BencodeLimits = BENCODE_LIMITS,
): BencodeResult<{ readonly value: BencodeValue; readonly bytesRead: number }> {
  const cursor = openCursor(bytes, limits);
  const value = cursor.reason === undefined ? readValue(cursor, 0) : undefined;
  return close(cursor, value === undefined ? undefined : { value, bytesRead: cursor.at });
}

/**
 * The exact bytes of a value in the outermost dictionary: what an infohash is taken of.
 * @param key - One character a byte.
 * @returns A view into `bytes`; undefined if they are not a bencoded dictionary or have no such key.
 * @throws As {@link decodeBencode}.
 */
export function bencodeRawValue(
  bytes: Uint8Array,
  key: string,
  limits: BencodeLimits = BENCODE_LIMITS,
): Uint8Array | undefined {
  const cursor = openCursor(bytes, limits);
  if (cursor.reason !== undefined) return undefined;
  cursor.wantedKey = key;
  const value = readValue(cursor, 0);
  return value === undefined || cursor.at < bytes.length ? undefined : cursor.wantedBytes;
}

interface Cursor {
  readonly bytes: Uint8Array;
  readonly depthMax: number;
  at: number;
  valuesLeft: number;
  reason: BencodeReason | undefined;
  wantedKey: string | undefined;
  wantedBytes: Uint8Array | undefined;
}

function openCursor(bytes: Uint8Array, limits: BencodeLimits): Cursor {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`expected bytes as a Uint8Array, got ${typeof bytes}`);
  checkLimit('bytesMax', limits.bytesMax, Number.MAX_SAFE_INTEGER);
  checkLimit('depthMax', limits.depthMax, DEPTH_MAX);
  checkLimit('valuesMax', limits.valuesMax, Number.MAX_SAFE_INTEGER);
  return {
    bytes,
    depthMax: limits.depthMax,
    at: 0,
    valuesLeft: limits.valuesMax,
    reason: bytes.length > limits.bytesMax ? 'too-large' : undefined,
    wantedKey: undefined,
    wantedBytes: undefined,
  };
}

function close<T>(cursor: Cursor, value: T | undefined): BencodeResult<T> {
  if (cursor.reason !== undefined) return { ok: false, reason: cursor.reason };
  return { ok: true, value: value as T };
}

function fail(cursor: Cursor, reason: BencodeReason): undefined {
  cursor.reason = reason;
  return undefined;
}

/** Each reader leaves the cursor behind what it read, or returns undefined with the cursor's reason set. */
function readValue(cursor: Cursor, depth: number): BencodeValue | undefined {
  if (cursor.valuesLeft === 0) return fail(cursor, 'too-many-values');
  cursor.valuesLeft -= 1;
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) return fail(cursor, 'truncated');
  if (isDigit(byte)) return readString(cursor);
  if (byte === INTEGER) return readInteger(cursor);
  if (byte !== LIST && byte !== DICTIONARY) return fail(cursor, 'unexpected-byte');
  if (depth >= cursor.depthMax) return fail(cursor, 'too-deep');
  return byte === LIST ? readList(cursor, depth + 1) : readDictionary(cursor, depth + 1);
}

function readInteger(cursor: Cursor): number | undefined {
  const { bytes } = cursor;
  let at = cursor.at + 1;
  const negative = bytes[at] === MINUS;
  if (negative) at += 1;
  const first = at;
  let magnitude = 0;
  for (; isDigit(bytes[at]); at += 1) {
    magnitude = magnitude * 10 + ((bytes[at] as number) - ZERO);
    if (magnitude > Number.MAX_SAFE_INTEGER) return fail(cursor, 'integer-out-of-range');
    // No leading zeros, and zero has no sign.
    if (bytes[first] === ZERO && (at > first || negative)) return fail(cursor, 'integer-malformed');
  }
  if (at === bytes.length) return fail(cursor, 'truncated');
  if (at === first || bytes[at] !== END) return fail(cursor, 'integer-malformed');
  cursor.at = at + 1;
  return negative ? -magnitude : magnitude;
}

function readString(cursor: Cursor): Uint8Array | undefined {
  const { bytes } = cursor;
  const first = cursor.at;
  let at = first;
  let length = 0;
  for (; isDigit(bytes[at]); at += 1) {
    if (at > first && bytes[first] === ZERO) return fail(cursor, 'string-length-malformed');
    length = length * 10 + ((bytes[at] as number) - ZERO);
    // Checked at each digit, so that a length of a million digits costs nothing.
    if (length > bytes.length) return fail(cursor, 'truncated');
  }
  if (at === bytes.length) return fail(cursor, 'truncated');
  if (bytes[at] !== COLON) return fail(cursor, 'string-length-malformed');
  const start = at + 1;
  if (start + length > bytes.length) return fail(cursor, 'truncated');
  cursor.at = start + length;
  // Not `slice`: Node's Buffer returns a view for it.
  return new Uint8Array(bytes.subarray(start, start + length));
}

function readList(cursor: Cursor, depth: number): BencodeValue[] | undefined {
  const list: BencodeValue[] = [];
  cursor.at += 1;
  while (cursor.bytes[cursor.at] !== END) {
    const value = readValue(cursor, depth);
    if (value === undefined) return undefined;
    list.push(value);
  }
  cursor.at += 1;
  return list;
}

function readDictionary(cursor: Cursor, depth: number): BencodeDictionary | undefined {
  const dictionary: BencodeDictionary = new Map();
  let previous: string | undefined;
  cursor.at += 1;
  while (cursor.bytes[cursor.at] !== END) {
    const key = readKey(cursor, previous);
    if (key === undefined) return undefined;
    const start = cursor.at;
    const value = readValue(cursor, depth);
    if (value === undefined) return undefined;
    if (depth === 1 && key === cursor.wantedKey) cursor.wantedBytes = cursor.bytes.subarray(start, cursor.at);
    dictionary.set(key, value);
    previous = key;
  }
  cursor.at += 1;
  return dictionary;
}

function readKey(cursor: Cursor, previous: string | undefined): string | undefined {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) return fail(cursor, 'truncated');
  if (!isDigit(byte)) return fail(cursor, 'key-not-string');
  const bytes = readString(cursor);
  if (bytes === undefined) return undefined;
  if (bytes.length > KEY_BYTES_MAX) return fail(cursor, 'too-large');
  const key = String.fromCharCode(...bytes);
  if (previous !== undefined && key === previous) return fail(cursor, 'key-duplicate');
  if (previous !== undefined && key < previous) return fail(cursor, 'keys-unsorted');
  return key;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function checkLimit(name: string, limit: number, limitMax: number): void {
  if (!Number.isSafeInteger(limit) || limit < 0 || limit > limitMax) {
    throw new RangeError(`expected ${name} as a whole number 0..${limitMax}, got ${limit}`);
  }
}

/**
 * Limits for a metainfo file. 10,000,000 bytes is libtorrent's `load_torrent_limits::max_buffer_size`. Depth and count of
 * values are guesses, under its 100 and 3,000,000: a value costs about 200 bytes of memory here, and no stream comes near.
 */
export const BENCODE_LIMITS: BencodeLimits = { bytesMax: 10_000_000, depthMax: 32, valuesMax: 250_000 };

/** A file name is at most 255 bytes in the file systems of the day: no format has longer keys. */
const KEY_BYTES_MAX = 1024;
/** Deeper recursion than this is not known to fit into every engine's stack. */
const DEPTH_MAX = 256;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const MINUS = 0x2d;
const INTEGER = 0x69;
const LIST = 0x6c;
const DICTIONARY = 0x64;
const END = 0x65;
