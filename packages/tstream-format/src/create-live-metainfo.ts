import { type BencodeInput, encodeBencode } from './bencode-encode.js';
import {
  AUTHMETHOD,
  BITRATE_BITS_PER_SECOND_MAX,
  COMMENT_BYTES_MAX,
  CONTAINER,
  CREATED_BY_BYTES_MAX,
  isBitrate,
  isLivePieceLength,
  isRing,
  isThumb,
  isTimeS,
  isWindow,
  LIVE_VERSION,
  PIECE_LENGTHS,
  PIECES_MAX,
  STREAM_KEY_BYTES,
  THUMB_BYTES_MAX,
  TITLE_BYTES_MAX,
  WINDOW_PIECES_MIN,
} from './live-stream.js';
import { isSafeName, NAME_BYTES_MAX } from './name.js';
import { isPlainText, utf8Bytes } from './text.js';
import { isTrackerUrl, TRACKERS_MAX } from './trackers.js';

/** What a broadcaster says about a live stream. Only the fields without `?` are part of the infohash. */
export interface LiveStream {
  /** A file's name, without suffix; ≤ 240 bytes. */
  readonly name: string;
  /** Longest piece, bytes: 16384, 32768, 65536 or 131072. */
  readonly pieceLength: number;
  /** How many piece indices there are; ≥ 4 × the window, ≤ 2097152. */
  readonly ringPieces: number;
  /** How many of the newest pieces peers keep; ≥ 16. */
  readonly windowPieces: number;
  /** The stream's Ed25519 public key, 32 bytes. */
  readonly streamKey: Uint8Array;
  /** Tiers of tracker URLs (BEP 12), at most 32, each once. */
  readonly announce?: readonly (readonly string[])[] | undefined;
  /** One line for a person; ≤ 512 bytes. */
  readonly title?: string | undefined;
  /** 1…1,000,000,000. */
  readonly bitrateBitsPerSecond?: number | undefined;
  /** A JPEG or PNG picture, ≤ 65536 bytes. */
  readonly thumb?: Uint8Array | undefined;
  /** The program that wrote this; ≤ 512 bytes. */
  readonly createdBy?: string | undefined;
  /** Seconds since 1970. */
  readonly creationDateS?: number | undefined;
  /** One line for a person; ≤ 4096 bytes. */
  readonly comment?: string | undefined;
}

/**
 * Writes a live stream's metainfo, the content of a `.tstream` file.
 * @returns The same bytes for the same stream.
 * @throws {TypeError | RangeError} If a field is not as {@link LiveStream} says.
 * @see spec/0001-tstream-metainfo.md §3
 */
export function createLiveMetainfo(stream: LiveStream): Uint8Array {
  checkStream(stream);
  const { announce = [], comment, createdBy, creationDateS } = stream;
  const several = announce.length > 1 || (announce[0]?.length ?? 0) > 1;
  return encodeBencode(
    dictionary({
      announce: text(announce[0]?.[0]),
      'announce-list': several ? announce.map((tier) => tier.map(utf8Bytes)) : undefined,
      comment: text(comment),
      'created by': text(createdBy),
      'creation date': creationDateS,
      info: liveInfo(stream),
      tstream: display(stream),
    }),
  );
}

function liveInfo({ name, pieceLength, ringPieces, windowPieces, streamKey }: LiveStream): BencodeInput {
  const live = dictionary({
    authmethod: text(AUTHMETHOD),
    container: text(CONTAINER),
    pubkey: streamKey,
    version: LIVE_VERSION,
    window: windowPieces,
  });
  return dictionary({ length: ringPieces * pieceLength, live, name: text(name), 'piece length': pieceLength });
}

function display({ title, bitrateBitsPerSecond, thumb }: LiveStream): BencodeInput | undefined {
  const fields = dictionary({ bitrate: bitrateBitsPerSecond, thumb, title: text(title) });
  return fields.size > 0 ? fields : undefined;
}

function dictionary(fields: Record<string, BencodeInput | undefined>): Map<string, BencodeInput> {
  const given = Object.entries(fields).filter((field): field is [string, BencodeInput] => field[1] !== undefined);
  return new Map(given);
}

function text(value: string | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : utf8Bytes(value);
}

function checkStream(stream: LiveStream): void {
  const { name, pieceLength, ringPieces, windowPieces, streamKey, thumb } = stream;
  if (!(streamKey instanceof Uint8Array)) throw new TypeError(`expected streamKey as bytes, got ${typeof streamKey}`);
  if (thumb !== undefined && !(thumb instanceof Uint8Array)) {
    throw new TypeError(`expected thumb as bytes, got ${typeof thumb}`);
  }
  expect(isSafeName(name), `name as a safe file name of 1..${NAME_BYTES_MAX} bytes`, name);
  expect(isLivePieceLength(pieceLength), `pieceLength as one of ${PIECE_LENGTHS.join(', ')}`, pieceLength);
  expect(isWindow(windowPieces), `windowPieces as a whole number from ${WINDOW_PIECES_MIN}`, windowPieces);
  expect(isRing(ringPieces, windowPieces), `ringPieces in ${4 * windowPieces}..${PIECES_MAX}`, ringPieces);
  expect(streamKey.length === STREAM_KEY_BYTES, `streamKey of ${STREAM_KEY_BYTES} bytes`, streamKey.length);
  checkOptional(stream);
  checkTrackers(stream.announce ?? []);
}

function checkOptional({ title, bitrateBitsPerSecond, thumb, createdBy, creationDateS, comment }: LiveStream): void {
  expectLine('title', title, TITLE_BYTES_MAX);
  expectLine('createdBy', createdBy, CREATED_BY_BYTES_MAX);
  expectLine('comment', comment, COMMENT_BYTES_MAX);
  if (bitrateBitsPerSecond !== undefined) {
    const range = `bitrateBitsPerSecond in 1..${BITRATE_BITS_PER_SECOND_MAX}`;
    expect(isBitrate(bitrateBitsPerSecond), range, bitrateBitsPerSecond);
  }
  if (creationDateS !== undefined) expect(isTimeS(creationDateS), 'creationDateS as whole seconds', creationDateS);
  if (thumb !== undefined) {
    expect(isThumb(thumb), `thumb as a JPEG or PNG of at most ${THUMB_BYTES_MAX} bytes`, `${thumb.length} bytes`);
  }
}

function checkTrackers(tiers: readonly (readonly string[])[]): void {
  const urls = tiers.flat();
  for (const url of urls) expect(isTrackerUrl(url), 'a http, https, udp, ws or wss URL of a tracker', url);
  expect(urls.length <= TRACKERS_MAX, `at most ${TRACKERS_MAX} trackers`, urls.length);
  expect(new Set(urls).size === urls.length, 'each tracker once', urls.join(' '));
  expect(!tiers.some((tier) => tier.length === 0), 'tiers of at least one tracker', 'an empty one');
}

function expectLine(field: string, value: string | undefined, bytesMax: number): void {
  if (value !== undefined) expect(isPlainText(value, bytesMax), `${field} as one line of 1..${bytesMax} bytes`, value);
}

function expect(holds: boolean, expected: string, got: string | number): void {
  if (!holds) throw new RangeError(`expected ${expected}, got ${typeof got === 'string' ? JSON.stringify(got) : got}`);
}
