import { BENCODE_LIMITS } from './bencode-decode.js';
import { type BencodeInput, encodeBencode } from './bencode-encode.js';
import { expectHolds } from './create-checks.js';
import { dictionary, text } from './dictionary.js';
import { checkBitrate, checkDisplay, checkThumb, type Display, displayKeys } from './display.js';
import { PIECES_MAX } from './live-stream.js';
import { isSafeName, NAME_BYTES_MAX } from './name.js';
import { utf8Bytes } from './text.js';
import { checkTrackers, trackerKeys } from './trackers.js';
import { addToTree, FILES_MAX, type Folder, pathFault } from './vod-files.js';
import { DURATION_MS_MAX, isDuration, type VodFileDisplay } from './vod-metainfo.js';
import { checkWebSeeds, webSeedValue } from './web-seeds.js';

/**
 * What is written of a fixed content. The infohash hangs on `name`, `pieceLength`, `pieceHashes`, `content` and
 * `isPrivate` alone: it is what any other program makes of the same files.
 */
export interface VodTorrent extends Display {
  /** Of the file or the folder; ≤ 240 bytes. */
  readonly name: string;
  /** Bytes: a power of two, 16 KiB … 128 MiB. */
  readonly pieceLength: number;
  /** SHA-1 of each piece, 20 bytes each; at most 2097152 pieces. */
  readonly pieceHashes: Uint8Array;
  /** The length of the one file, or what the folder holds, in the order of the content: at most 32768 files. */
  readonly content:
    | { readonly lengthBytes: number }
    | { readonly files: readonly { readonly path: readonly string[]; readonly lengthBytes: number }[] };
  /** BEP 27: peers come from the trackers alone. */
  readonly isPrivate?: boolean | undefined;
  /** Tiers of tracker URLs (BEP 12), at most 32, each once. */
  readonly announce?: readonly (readonly string[])[] | undefined;
  /** http and https URLs (BEP 19), at most 32, each once. */
  readonly webSeeds?: readonly string[] | undefined;
  /** 1…8,640,000,000. */
  readonly durationMs?: number | undefined;
  /** For a folder: one for each file. */
  readonly perFile?: readonly VodFileDisplay[] | undefined;
}

/**
 * Writes the metainfo of a fixed content, as it stands in a `.torrent` file.
 * @returns The same bytes for the same torrent, at most 10,000,000.
 * @throws {TypeError | RangeError} If a field is not as {@link VodTorrent} says.
 * @see spec/0004-on-demand.md §3
 */
export function createVodMetainfo(torrent: VodTorrent): Uint8Array {
  checkTorrent(torrent);
  const bytes = encodeBencode(
    dictionary({
      ...trackerKeys(torrent.announce ?? []),
      ...displayKeys(torrent, { duration: torrent.durationMs, files: filesDisplay(torrent.perFile) }),
      info: vodInfo(torrent),
      'url-list': webSeedValue(torrent.webSeeds ?? []),
    }),
  );
  expectHolds(bytes.length <= BENCODE_LIMITS.bytesMax, `at most ${BENCODE_LIMITS.bytesMax} bytes`, bytes.length);
  return bytes;
}

function vodInfo({ name, pieceLength, pieceHashes, content, isPrivate }: VodTorrent): BencodeInput {
  return dictionary({
    ...('files' in content ? { files: content.files.map(fileValue) } : { length: content.lengthBytes }),
    name: text(name),
    'piece length': pieceLength,
    pieces: pieceHashes,
    private: isPrivate === true ? 1 : undefined,
  });
}

function fileValue({ path, lengthBytes }: { path: readonly string[]; lengthBytes: number }): BencodeInput {
  return dictionary({ length: lengthBytes, path: path.map(utf8Bytes) });
}

function filesDisplay(perFile: readonly VodFileDisplay[] = []): BencodeInput | undefined {
  const values = perFile.map(({ durationMs, bitrateBitsPerSecond, thumb }) =>
    dictionary({ bitrate: bitrateBitsPerSecond, duration: durationMs, thumb }),
  );
  return values.some((value) => value.size > 0) ? values : undefined;
}

function checkTorrent(torrent: VodTorrent): void {
  const { name, pieceLength, pieceHashes, content, durationMs, perFile } = torrent;
  if (!(pieceHashes instanceof Uint8Array)) {
    throw new TypeError(`expected pieceHashes as bytes, got ${typeof pieceHashes}`);
  }
  expectHolds(isSafeName(name), `name as a safe file name of 1..${NAME_BYTES_MAX} bytes`, name);
  expectHolds(
    PIECE_LENGTHS.includes(pieceLength),
    `pieceLength as a power of two in ${PIECE_LENGTHS[0]}..${PIECE_LENGTHS.at(-1)}`,
    pieceLength,
  );
  const lengthBytes = 'files' in content ? checkFiles(content.files) : content.lengthBytes;
  expectHolds(Number.isSafeInteger(lengthBytes) && lengthBytes > 0, 'a content of at least one byte', lengthBytes);
  const pieces = Math.ceil(lengthBytes / pieceLength);
  expectHolds(pieces <= PIECES_MAX, `at most ${PIECES_MAX} pieces`, pieces);
  expectHolds(pieceHashes.length === pieces * 20, `pieceHashes of ${pieces * 20} bytes`, pieceHashes.length);
  checkDisplay(torrent);
  checkDuration(durationMs);
  if (perFile !== undefined) checkPerFile(perFile, 'files' in content ? content.files.length : 0);
  checkTrackers(torrent.announce ?? []);
  checkWebSeeds(torrent.webSeeds ?? []);
}

/** @returns How long all of them are. */
function checkFiles(files: readonly { readonly path: readonly string[]; readonly lengthBytes: number }[]): number {
  expectHolds(files.length <= FILES_MAX, `at most ${FILES_MAX} files`, files.length);
  const tree: Folder = new Map();
  let sum = 0;
  for (const { path, lengthBytes } of files) {
    const shown = path.join('/');
    expectHolds(pathFault(path) === undefined, 'paths of names that are safe on any system', shown);
    expectHolds(addToTree(tree, path), 'paths that no system takes for the same', shown);
    expectHolds(Number.isSafeInteger(lengthBytes) && lengthBytes >= 0, 'lengthBytes as whole bytes', lengthBytes);
    sum += lengthBytes;
  }
  return sum;
}

function checkPerFile(perFile: readonly VodFileDisplay[], files: number): void {
  expectHolds(perFile.length === files, `perFile for ${files} files`, perFile.length);
  for (const { durationMs, bitrateBitsPerSecond, thumb } of perFile) {
    checkDuration(durationMs);
    checkBitrate(bitrateBitsPerSecond);
    checkThumb(thumb);
  }
}

function checkDuration(durationMs: number | undefined): void {
  if (durationMs === undefined) return;
  expectHolds(isDuration(durationMs), `durationMs in 1..${DURATION_MS_MAX}`, durationMs);
}

/** From a block, the least that a piece is here, to the longest that other clients make. */
const PIECE_LENGTHS: readonly number[] = Array.from({ length: 14 }, (_, at) => 0x4000 * 2 ** at);
