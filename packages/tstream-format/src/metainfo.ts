import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type BencodeDictionary, bencodeRawValue, decodeBencode } from './bencode-decode.js';
import { type Display, readDisplay } from './display.js';
import {
  AUTHMETHOD,
  CONTAINER,
  isLivePieceLength,
  isRing,
  isWindow,
  LIVE_VERSION,
  STREAM_KEY_BYTES,
} from './live-stream.js';
import type { MetainfoReason } from './metainfo-reasons.js';
import { readName } from './name.js';
import { plainText } from './text.js';
import { readTrackers } from './trackers.js';
import { readVod, type VodMetainfo } from './vod-metainfo.js';

/** What a `.tstream` file says of a live stream. */
export interface LiveMetainfo extends Display {
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
  return readKind(info, infoBytes, top);
}

/**
 * Reads an `info` that came without the rest of the file, as by BEP 9. Whether its infohash is the one that was asked for
 * is for the caller to see.
 * @param infoBytes - Remote bytes; what is returned shares no memory with them.
 * @returns As {@link decodeMetainfo}; trackers and all else that stands beside `info` are empty.
 * @throws {TypeError} If `infoBytes` is not a Uint8Array.
 */
export function decodeInfo(infoBytes: Uint8Array): MetainfoResult {
  const decoded = decodeBencode(infoBytes);
  if (!decoded.ok) return decoded;
  const info = decoded.value;
  return info instanceof Map ? readKind(info, new Uint8Array(infoBytes), new Map()) : refuse('not-dictionary');
}

function readKind(info: BencodeDictionary, infoBytes: Uint8Array, top: BencodeDictionary): MetainfoResult {
  const onDemand = ['pieces', 'file tree', 'meta version'].some((key) => info.has(key));
  if (!info.has('live')) return onDemand ? result(readVod(info, infoBytes, top)) : refuse('kind-unknown');
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

function result(read: Metainfo | MetainfoReason): MetainfoResult {
  return typeof read === 'string' ? refuse(read) : { ok: true, value: read };
}

function refuse(reason: MetainfoReason): MetainfoResult {
  return { ok: false, reason };
}
