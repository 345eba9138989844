/** Recognises ordinary torrents (BEP 3, BEP 52), so that one can be told from a live stream and named to a person. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { BencodeDictionary, BencodeValue } from './bencode-decode.js';
import { PIECES_MAX } from './live-stream.js';
import type { MetainfoReason } from './metainfo-reasons.js';
import { readName } from './name.js';

/** What identifies a torrent with a fixed content. Its files and hashes are not read. */
export interface VodMetainfo {
  readonly kind: 'vod';
  /** Safe as the name of a file or folder. */
  readonly name: string;
  /** Length of a piece, bytes. */
  readonly pieceLength: number;
  /** Sum of all files, bytes. */
  readonly lengthBytes: number;
  /** 20 bytes: SHA-1 of `info`, or the first 20 of its SHA-256 if it is for BEP 52 alone. */
  readonly infohash: Uint8Array;
}

/** Reads an `info` that has no `live`. */
export function readVod(info: BencodeDictionary, infoBytes: Uint8Array): VodMetainfo | MetainfoReason {
  const name = readName(info);
  if (!name.ok) return name.reason;
  const pieceLength = info.get('piece length');
  if (typeof pieceLength !== 'number' || pieceLength < 1 || pieceLength > PIECE_LENGTH_MAX) {
    return 'piece-length-out-of-range';
  }
  const pieces = info.get('pieces');
  const lengthBytes = pieces === undefined ? treeLength(info) : listLength(info);
  if (lengthBytes === undefined || lengthBytes === 0) return 'vod-malformed';
  const count = Math.ceil(lengthBytes / pieceLength);
  if (count > PIECES_MAX) return 'vod-too-many-pieces';
  if (pieces !== undefined && !(pieces instanceof Uint8Array && pieces.length === count * 20)) return 'vod-malformed';
  const infohash = pieces === undefined ? sha256(infoBytes).slice(0, 20) : sha1(infoBytes);
  return { kind: 'vod', name: name.value, pieceLength, lengthBytes, infohash };
}

/** BEP 3: `length` of the one file, or else `files`. Undefined if they are not as they should be. */
function listLength(info: BencodeDictionary): number | undefined {
  const files = info.get('files');
  if (files === undefined) return addLength(0, info.get('length'));
  if (!Array.isArray(files) || info.has('length')) return undefined;
  let sum: number | undefined = 0;
  for (const file of files) sum = addLength(sum, file instanceof Map ? file.get('length') : undefined);
  return sum;
}

/** BEP 52: the leaves of `file tree`. The depth of what was decoded bounds the recursion. */
function treeLength(info: BencodeDictionary): number | undefined {
  const tree = info.get('file tree');
  return info.get('meta version') === 2 && tree instanceof Map ? branchLength(tree) : undefined;
}

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

/** A guess: above every piece length in use. */
const PIECE_LENGTH_MAX = 0x20000000;
