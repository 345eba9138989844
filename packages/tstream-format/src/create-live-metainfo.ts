import { type BencodeInput, encodeBencode } from './bencode-encode.js';
import { expectHolds } from './create-checks.js';
import { dictionary, text } from './dictionary.js';
import { checkDisplay, type Display, displayKeys } from './display.js';
import {
  AUTHMETHOD,
  CONTAINER,
  isLivePieceLength,
  isRing,
  isWindow,
  LIVE_VERSION,
  PIECE_LENGTHS,
  PIECES_MAX,
  STREAM_KEY_BYTES,
  WINDOW_PIECES_MIN,
} from './live-stream.js';
import { isSafeName, NAME_BYTES_MAX } from './name.js';
import { checkTrackers, trackerKeys } from './trackers.js';

/** What a broadcaster says about a live stream. Only the fields without `?` are part of the infohash. */
export interface LiveStream extends Display {
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
}

/**
 * Writes a live stream's metainfo, the content of a `.tstream` file.
 * @returns The same bytes for the same stream.
 * @throws {TypeError | RangeError} If a field is not as {@link LiveStream} says.
 * @see spec/0001-tstream-metainfo.md §3
 */
export function createLiveMetainfo(stream: LiveStream): Uint8Array {
  checkStream(stream);
  return encodeBencode(
    dictionary({ ...trackerKeys(stream.announce ?? []), ...displayKeys(stream), info: liveInfo(stream) }),
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

function checkStream(stream: LiveStream): void {
  const { name, pieceLength, ringPieces, windowPieces, streamKey } = stream;
  if (!(streamKey instanceof Uint8Array)) throw new TypeError(`expected streamKey as bytes, got ${typeof streamKey}`);
  expectHolds(isSafeName(name), `name as a safe file name of 1..${NAME_BYTES_MAX} bytes`, name);
  expectHolds(isLivePieceLength(pieceLength), `pieceLength as one of ${PIECE_LENGTHS.join(', ')}`, pieceLength);
  expectHolds(isWindow(windowPieces), `windowPieces as a whole number from ${WINDOW_PIECES_MIN}`, windowPieces);
  expectHolds(isRing(ringPieces, windowPieces), `ringPieces in ${4 * windowPieces}..${PIECES_MAX}`, ringPieces);
  expectHolds(streamKey.length === STREAM_KEY_BYTES, `streamKey of ${STREAM_KEY_BYTES} bytes`, streamKey.length);
  checkDisplay(stream);
  checkTrackers(stream.announce ?? []);
}
