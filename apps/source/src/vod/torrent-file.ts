/** The `.torrent`: hashed, described, and written where nothing else is lost. */
import { access, constants, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, formatSize, systemReason, UsageError } from '@tstream/command-line';
import { HashError, hashFiles } from '@tstream/peer-net';
import { createVodMetainfo, decodeMetainfo, type VodMetainfo } from '@tstream/tstream-format';
import { writeWhole } from '../pair.js';
import { CLIENT } from '../version.js';
import type { Description } from './describe.js';
import type { VodOptions } from './options.js';
import type { Found } from './scan.js';

export interface TorrentFile {
  readonly metainfo: VodMetainfo;
  readonly bytes: Uint8Array;
}

/**
 * The length of a piece: what a person asked for, or a power of two that makes at most 1500 pieces.
 * @throws {UsageError} If it is none that a torrent of this length can have.
 */
export function pieceLengthFor(lengthBytes: number, asked: number | undefined): number {
  if (asked === undefined) {
    let length = PIECE_BYTES_MIN;
    while (length < PIECE_BYTES_USUAL_MAX && lengthBytes / length > PIECES_USUAL_MAX) length *= 2;
    return length;
  }
  if (!Number.isInteger(Math.log2(asked)) || asked < PIECE_BYTES_MIN || asked > PIECE_BYTES_MAX) {
    throw new UsageError(`--piece-length ${formatSize(asked)}: expected a power of two from 16k to 128M`);
  }
  if (Math.ceil(lengthBytes / asked) <= PIECES_MAX) return asked;
  throw new UsageError(
    `--piece-length ${formatSize(asked)} is too short for ${formatSize(lengthBytes)}: give a longer one`,
  );
}

/**
 * @param trackers - Tiers of one each.
 * @throws {Failure} If a file can't be read or changes meanwhile.
 */
export async function makeTorrent(
  found: Found,
  description: Description,
  options: VodOptions,
  trackers: readonly string[],
  hashing: { readonly signal: AbortSignal; readonly onProgress: (hashedBytes: number) => void },
): Promise<TorrentFile> {
  const pieceLength = pieceLengthFor(found.lengthBytes, options.pieceLength);
  const pieceHashes = await hashFiles({ files: found.files, pieceLength, ...hashing }).catch((error: unknown) => {
    throw error instanceof HashError ? new Failure(error.message, { cause: error }) : error;
  });
  const { durationMs, bitrateBitsPerSecond, thumb, perFile } = description;
  const bytes = createVodMetainfo({
    name: found.name,
    pieceLength,
    pieceHashes,
    content: found.isFolder
      ? { files: found.files.map(({ path, lengthBytes }) => ({ path, lengthBytes })) }
      : { lengthBytes: found.lengthBytes },
    isPrivate: options.isPrivate,
    announce: trackers.map((url) => [url]),
    webSeeds: options.webSeeds,
    title: options.title,
    durationMs,
    bitrateBitsPerSecond,
    thumb: options.thumb ?? thumb,
    perFile,
    createdBy: CLIENT,
    creationDateS: Math.floor(Date.now() / 1000),
  });
  return { metainfo: vodMetainfo(bytes), bytes };
}

/**
 * Whether a torrent can be written there, as far as that can be said before an hour of hashing.
 * @throws {Failure} If it can't.
 */
export async function checkPlace(path: string, { name, lengthBytes }: Found): Promise<void> {
  const old = await torrentAt(path);
  if (old && (old.name !== name || old.lengthBytes !== lengthBytes)) throw anotherFile(path);
  await access(dirname(path), constants.W_OK).catch((cause) => {
    throw new Failure(`cannot write ${path}: ${systemReason(cause)}; give another folder with --out`, { cause });
  });
}

/** @throws {Failure} If something else is there: another torrent is somebody's. */
export async function writeTorrent(path: string, { metainfo, bytes }: TorrentFile): Promise<void> {
  const old = await torrentAt(path);
  if (old && Buffer.compare(old.infohash, metainfo.infohash) !== 0) throw anotherFile(path);
  await writeWhole(path, bytes);
}

/** @returns undefined if nothing is there. @throws {Failure} If it is no torrent. */
async function torrentAt(path: string): Promise<VodMetainfo | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Failure(`cannot read ${path}: ${systemReason(error)}; give another file with --out`, { cause: error });
  });
  if (bytes === undefined) return undefined;
  const decoded = decodeMetainfo(bytes);
  if (!decoded.ok || decoded.value.kind !== 'vod') throw anotherFile(path);
  return decoded.value;
}

function anotherFile(path: string): Failure {
  return new Failure(`${path} is there and is another file: move it away, or give one with --out`);
}

function vodMetainfo(bytes: Uint8Array): VodMetainfo {
  const decoded = decodeMetainfo(bytes);
  if (!decoded.ok || decoded.value.kind !== 'vod') throw new Error('expected to read what was just made');
  return decoded.value;
}

const PIECE_BYTES_MIN = 0x4000;
/** A guess: a longer piece is long to wait for. */
const PIECE_BYTES_USUAL_MAX = 16 * 1024 * 1024;
const PIECE_BYTES_MAX = 128 * 1024 * 1024;
/** A guess: 30 KB of hashes, which a magnet link's reader fetches at once. */
const PIECES_USUAL_MAX = 1500;
/** spec/0004 §2. */
const PIECES_MAX = 0x200000;
