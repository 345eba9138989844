/** Reads torrents with a fixed content (BEP 3); recognises those for BEP 52 alone, so that they can be named to a person. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { BencodeDictionary, BencodeValue } from './bencode-decode.js';
import { given } from './dictionary.js';
import { type Display, innerDictionary, readBitrate, readDisplay, readThumb } from './display.js';
import { PIECES_MAX } from './live-stream.js';
import type { MetainfoReason } from './metainfo-reasons.js';
import { readName } from './name.js';
import { readTrackers } from './trackers.js';
import { readVodFiles, type VodFile } from './vod-files.js';
import { readWebSeeds } from './web-seeds.js';

/** What one file of a folder is like to watch. */
export interface VodFileDisplay {
  /** 1…8,640,000,000. */
  readonly durationMs?: number | undefined;
  /** 1…1,000,000,000. */
  readonly bitrateBitsPerSecond?: number | undefined;
  /** Begins as a JPEG or PNG picture does; ≤ 65536 bytes. */
  readonly thumb?: Uint8Array | undefined;
}

/** What a `.torrent` file says of a fixed content. */
export interface VodMetainfo extends Display {
  readonly kind: 'vod';
  /** Safe as the name of a file or folder. */
  readonly name: string;
  /** Length of a piece, bytes. */
  readonly pieceLength: number;
  /** Sum of all files, bytes. */
  readonly lengthBytes: number;
  /** 20 bytes: SHA-1 of `info`, or the first 20 of its SHA-256 if it is for BEP 52 alone. */
  readonly infohash: Uint8Array;
  /** SHA-1 of each piece, 20 bytes each; undefined for a torrent for BEP 52 alone, which then has no `files` either. */
  readonly pieceHashes: Uint8Array | undefined;
  /** In the order of the content; those of no length and those that only fill up a piece included. */
  readonly files: readonly VodFile[];
  /** Whether `name` is a folder's. */
  readonly isFolder: boolean;
  /** BEP 27: peers come from the trackers alone. */
  readonly isPrivate: boolean;
  /** The `info` value exactly as it stood in the file. */
  readonly infoBytes: Uint8Array;
  /** Tiers of tracker URLs; at most 32, none twice. */
  readonly trackers: readonly (readonly string[])[];
  /** http and https URLs (BEP 19); at most 32, none twice. */
  readonly webSeeds: readonly string[];
  /** Of all that there is to watch. */
  readonly durationMs?: number | undefined;
  /** One for each of `files`; for a single file what is said of the whole. */
  readonly perFile: readonly VodFileDisplay[];
}

/**
 * Reads an `info` that has no `live`.
 * @param top - What stands beside it.
 */
export function readVod(
  info: BencodeDictionary,
  infoBytes: Uint8Array,
  top: BencodeDictionary,
): VodMetainfo | MetainfoReason {
  const name = readName(info);
  if (!name.ok) return name.reason;
  const pieceLength = info.get('piece length');
  if (typeof pieceLength !== 'number' || pieceLength < 1 || pieceLength > PIECE_LENGTH_MAX) {
    return 'piece-length-out-of-range';
  }
  const content = info.has('pieces') ? readContent(info, name.value, pieceLength) : readTree(info, pieceLength);
  if (typeof content === 'string') return content;
  const isPrivate = info.get('private');
  return {
    kind: 'vod',
    name: name.value,
    pieceLength,
    ...content,
    infohash: content.pieceHashes === undefined ? sha256(infoBytes).slice(0, 20) : sha1(infoBytes),
    isFolder: info.has('files'),
    isPrivate: typeof isPrivate === 'number' && isPrivate !== 0,
    infoBytes,
    ...readOutside(top, content.files, info.has('files')),
  };
}

type Content = Pick<VodMetainfo, 'lengthBytes' | 'files' | 'pieceHashes'>;

/** BEP 3: `length` of the one file, or else `files`. */
function readContent(info: BencodeDictionary, name: string, pieceLength: number): Content | MetainfoReason {
  const files = readVodFiles(info, name);
  if (typeof files === 'string') return files;
  const last = files.at(-1);
  const lengthBytes = last === undefined ? 0 : last.offsetBytes + last.lengthBytes;
  const pieceHashes = info.get('pieces');
  if (lengthBytes === 0) return 'vod-malformed';
  const pieces = Math.ceil(lengthBytes / pieceLength);
  if (pieces > PIECES_MAX) return 'vod-too-many-pieces';
  if (!(pieceHashes instanceof Uint8Array) || pieceHashes.length !== pieces * 20) return 'vod-malformed';
  return { lengthBytes, files, pieceHashes };
}

/** BEP 52 alone: only how long it is. */
function readTree(info: BencodeDictionary, pieceLength: number): Content | MetainfoReason {
  const tree = info.get('file tree');
  const lengthBytes = info.get('meta version') === 2 && tree instanceof Map ? branchLength(tree) : undefined;
  if (lengthBytes === undefined || lengthBytes === 0) return 'vod-malformed';
  if (Math.ceil(lengthBytes / pieceLength) > PIECES_MAX) return 'vod-too-many-pieces';
  return { lengthBytes, files: [], pieceHashes: undefined };
}

/** The leaves of `file tree`. The depth of what was decoded bounds the recursion. */
function branchLength(branch: BencodeDictionary): number | undefined {
  let sum: number | undefined = 0;
  for (const [name, node] of branch) {
    if (sum === undefined || !(node instanceof Map)) return undefined;
    // The empty name marks a file's properties.
    sum = addLength(sum, name === '' ? node.get('length') : branchLength(node));
  }
  return sum;
}

function addLength(sum: number | undefined, length: BencodeValue | undefined): number | undefined {
  if (sum === undefined || typeof length !== 'number' || length < 0) return undefined;
  return Number.isSafeInteger(sum + length) ? sum + length : undefined;
}

type Outside = Display & Pick<VodMetainfo, 'trackers' | 'webSeeds' | 'durationMs' | 'perFile'>;

function readOutside(top: BencodeDictionary, files: readonly VodFile[], isFolder: boolean): Outside {
  const tstream = innerDictionary(top);
  const list = tstream.get('files');
  const whole = readFileDisplay(tstream);
  return {
    trackers: readTrackers(top),
    webSeeds: readWebSeeds(top),
    ...readDisplay(top),
    ...(whole.durationMs === undefined ? {} : { durationMs: whole.durationMs }),
    perFile: files.map((_, at) => (isFolder ? readFileDisplay(Array.isArray(list) ? list[at] : undefined) : whole)),
  };
}

function readFileDisplay(value: BencodeValue | undefined): VodFileDisplay {
  if (!(value instanceof Map)) return {};
  const duration = value.get('duration');
  return given<VodFileDisplay>({
    durationMs: typeof duration === 'number' && isDuration(duration) ? duration : undefined,
    bitrateBitsPerSecond: readBitrate(value.get('bitrate')),
    thumb: readThumb(value.get('thumb')),
  });
}

/** Whether `value` is a film's duration, milliseconds. */
export function isDuration(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= DURATION_MS_MAX;
}

/** A guess: above every piece length in use. */
const PIECE_LENGTH_MAX = 0x20000000;
/** A guess: 100 days. */
export const DURATION_MS_MAX = 8_640_000_000;
