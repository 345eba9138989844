import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type BencodeDictionary, bencodeRawValue, decodeBencode } from './bencode-decode.js';
import {
  AUTHMETHOD,
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
  STREAM_KEY_BYTES,
  TITLE_BYTES_MAX,
} from './live-stream.js';
import type { MetainfoReason } from './metainfo-reasons.js';
import { readName } from './name.js';
import { plainText } from './text.js';
import { readTrackers } from './trackers.js';
import { readVod, type VodMetainfo } from './vod-metainfo.js';

/** What a `.tstream` file says of a live stream. */
export interface LiveMetainfo {
  readonly kind: 'live';
  /** Safe as a file's name, without suffix. */
  readonly name: string;
  /** Longest piece, bytes. */
  readonly pieceLength: number;
  /** How many piece indices there are. */
  readonly ringPieces: number;
  /** How many of the newest pieces peers keep. */
  readonly windowPieces: number;
  /** The stream's Ed25519 public key, 32 bytes. */
  readonly streamKey: Uint8Array;
  /** The `info` value exactly as it stood in the file. */
  readonly infoBytes: Uint8Array;
  /** SHA-1 of `infoBytes`, 20 bytes: names the swarm. */
  readonly infohash: Uint8Array;
  /** SHA-256 of `infoBytes`, 32 bytes: what signatures are bound to. */
  readonly infoDigest: Uint8Array;
  /** Tiers of tracker URLs; at most 32, none twice. */
  readonly trackers: readonly (readonly string[])[];
  /** One line for a person. Escape it: it may hold markup. So may all text below. */
  readonly title?: string;
  readonly bitrateBitsPerSecond?: number;
  /** Begins as a JPEG or PNG picture does; ≤ 65536 bytes. */
  readonly thumb?: Uint8Array;
  readonly createdBy?: string;
  /** Seconds since 1970. */
  readonly creationDateS?: number;
  readonly comment?: string;
}

export type Metainfo = LiveMetainfo | VodMetainfo;

export type MetainfoResult =
  | { readonly ok: true; readonly value: Metainfo }
  | { readonly ok: false; readonly reason: MetainfoReason };

/**
 * Reads a `.tstream` or `.torrent` file of at most 10,000,000 bytes.
 * @param bytes - Remote bytes; what is returned shares no memory with them.
 * @returns What they say, or the first rule of the format that they break; never throws on remote bytes. Optional fields
 *   outside `info` that break a rule are left out: nobody signed them, and nothing hangs on them.
 * @throws {TypeError} If `bytes` is not a Uint8Array.
 * @see spec/0001-tstream-metainfo.md
 */
export function decodeMetainfo(bytes: Uint8Array): MetainfoResult {
  const decoded = decodeBencode(bytes);
  if (!decoded.ok) return decoded;
  const top = decoded.value;
  if (!(top instanceof Map)) return refuse('not-dictionary');
  const info = top.get('info');
  const raw = bencodeRawValue(bytes, 'info');
  if (!(info instanceof Map) || raw === undefined) return refuse('info-missing');
  const infoBytes = new Uint8Array(raw);
  const onDemand = ['pieces', 'file tree', 'meta version'].some((key) => info.has(key));
  if (!info.has('live')) return onDemand ? result(readVod(info, infoBytes)) : refuse('kind-unknown');
  return onDemand ? refuse('live-with-pieces') : result(readLive(info, infoBytes, top));
}

function readLive(
  info: BencodeDictionary,
  infoBytes: Uint8Array,
  top: BencodeDictionary,
): LiveMetainfo | MetainfoReason {
  const live = info.get('live');
  if (!(live instanceof Map)) return 'live-malformed';
  const scheme = schemeFault(live);
  if (scheme !== undefined) return scheme;
  const name = readName(info);
  if (!name.ok) return name.reason;
  const ring = readRing(info, live);
  if (typeof ring === 'string') return ring;
  return {
    kind: 'live',
    name: name.value,
    ...ring,
    streamKey: live.get('pubkey') as Uint8Array,
    infoBytes,
    infohash: sha1(infoBytes),
    infoDigest: sha256(infoBytes),
    trackers: readTrackers(top),
    ...readDisplay(top),
  };
}

/** What is wrong with how the stream is signed and wrapped, if anything. */
function schemeFault(live: BencodeDictionary): MetainfoReason | undefined {
  const version = live.get('version');
  const key = live.get('pubkey');
  if (typeof version !== 'number') return 'live-malformed';
  // A later version may mean anything by the other keys.
  if (version !== LIVE_VERSION) return 'live-version-unknown';
  if (plainText(live.get('authmethod'), AUTHMETHOD.length) !== AUTHMETHOD) return 'authmethod-unknown';
  if (plainText(live.get('container'), CONTAINER.length) !== CONTAINER) return 'container-unknown';
  if (!(key instanceof Uint8Array) || key.length !== STREAM_KEY_BYTES) return 'stream-key-malformed';
  return undefined;
}

function readRing(
  info: BencodeDictionary,
  live: BencodeDictionary,
): Pick<LiveMetainfo, 'pieceLength' | 'ringPieces' | 'windowPieces'> | MetainfoReason {
  const pieceLength = info.get('piece length');
  const length = info.get('length');
  const windowPieces = live.get('window');
  if (typeof pieceLength !== 'number' || !isLivePieceLength(pieceLength)) return 'piece-length-out-of-range';
  if (typeof length !== 'number' || length <= 0 || length % pieceLength !== 0) return 'length-malformed';
  if (typeof windowPieces !== 'number' || !isWindow(windowPieces)) return 'window-out-of-range';
  const ringPieces = length / pieceLength;
  return isRing(ringPieces, windowPieces) ? { pieceLength, ringPieces, windowPieces } : 'ring-out-of-range';
}

function readDisplay(top: BencodeDictionary): Partial<LiveMetainfo> {
  const outer = top.get('tstream');
  const tstream: BencodeDictionary = outer instanceof Map ? outer : new Map();
  const bitrate = tstream.get('bitrate');
  const thumb = tstream.get('thumb');
  const date = top.get('creation date');
  return given({
    title: plainText(tstream.get('title'), TITLE_BYTES_MAX),
    bitrateBitsPerSecond: typeof bitrate === 'number' && isBitrate(bitrate) ? bitrate : undefined,
    thumb: thumb instanceof Uint8Array && isThumb(thumb) ? thumb : undefined,
    createdBy: plainText(top.get('created by'), CREATED_BY_BYTES_MAX),
    creationDateS: typeof date === 'number' && isTimeS(date) ? date : undefined,
    comment: plainText(top.get('comment'), COMMENT_BYTES_MAX),
  });
}

/** The fields that have a value. */
function given<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function result(read: Metainfo | MetainfoReason): MetainfoResult {
  return typeof read === 'string' ? refuse(read) : { ok: true, value: read };
}

function refuse(reason: MetainfoReason): MetainfoResult {
  return { ok: false, reason };
}
