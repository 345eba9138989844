/** Hashes what is to become a torrent, with all cores. */
import { stat } from 'node:fs/promises';
import { ContentLayout } from './content-layout.js';
import { HashError, type HashPart, HashPool, type UnreadPiece } from './hash-pool.js';

/** A file as it was found, before anything of it was read. */
export interface SourceFile {
  /** Path on this machine. */
  readonly source: string;
  readonly lengthBytes: number;
  /** When it was last written to, ms since 1970: a file that changes meanwhile has no hashes. */
  readonly modifiedMs: number;
}

export interface HashFilesOptions {
  /** In the order of the content. */
  readonly files: readonly SourceFile[];
  readonly pieceLength: number;
  readonly signal?: AbortSignal | undefined;
  /** How many bytes are hashed so far. */
  readonly onProgress?: ((hashedBytes: number) => void) | undefined;
  /** Default: one for each core. */
  readonly threads?: number | undefined;
}

/**
 * Takes a MiB of memory for each thread, besides the hashes.
 * @returns SHA-1 of each piece, 20 bytes each.
 * @throws {HashError} If a file can't be read or was written to meanwhile.
 */
export async function hashFiles(options: HashFilesOptions): Promise<Uint8Array> {
  const { files, pieceLength, signal, onProgress = () => undefined, threads } = options;
  const layout = layoutOf(files, pieceLength);
  const hashes = new Uint8Array(layout.pieces * 20);
  const runs = runsOf(layout);
  const pool = new HashPool(threads);
  let hashedBytes = 0;
  const work = async () => {
    for (const { firstPiece, pieces } of runs) {
      signal?.throwIfAborted();
      const indices = Array.from({ length: pieces }, (_, at) => firstPiece + at);
      const { digests, unread } = await pool.hash(indices.map((index) => partsOf(files, layout, index)));
      if (unread[0]) throw hashError(unread[0]);
      hashes.set(digests, firstPiece * 20);
      for (const index of indices) hashedBytes += layout.pieceBytes(index);
      onProgress(hashedBytes);
    }
  };
  try {
    await Promise.all(Array.from({ length: pool.threads }, work));
  } finally {
    await pool.close();
  }
  await expectUnchanged(files);
  return hashes;
}

function layoutOf(files: readonly SourceFile[], pieceLength: number): ContentLayout {
  let lengthBytes = 0;
  const placed = files.map((file) => {
    const offsetBytes = lengthBytes;
    lengthBytes += file.lengthBytes;
    return { path: [file.source], lengthBytes: file.lengthBytes, offsetBytes, isPadding: false };
  });
  return new ContentLayout({ files: placed, pieceLength, lengthBytes });
}

function partsOf(files: readonly SourceFile[], layout: ContentLayout, index: number): HashPart[] {
  return layout.spans(index * layout.pieceLength, layout.pieceBytes(index)).map(({ file, at, bytes }) => {
    const { source, ...expected } = files[file] as SourceFile;
    return { path: source, at, bytes, follow: true, expected };
  });
}

interface Run {
  readonly firstPiece: number;
  readonly pieces: number;
}

function* runsOf({ pieces, pieceLength }: ContentLayout): Generator<Run> {
  const runPieces = Math.max(1, Math.floor(RUN_BYTES / pieceLength));
  for (let firstPiece = 0; firstPiece < pieces; firstPiece += runPieces) {
    yield { firstPiece, pieces: Math.min(runPieces, pieces - firstPiece) };
  }
}

/** Once more at the end: what was written to behind the place that was read. */
async function expectUnchanged(files: readonly SourceFile[]): Promise<void> {
  for (const { source, lengthBytes, modifiedMs } of files) {
    const now = await stat(source).catch((cause) => {
      throw hashError({ path: source, isChanged: false, code: cause.code, message: String(cause) });
    });
    if (now.size !== lengthBytes || now.mtimeMs !== modifiedMs) throw changedError(source);
  }
}

function hashError({ path, isChanged, code, message }: Omit<UnreadPiece, 'piece'>): HashError {
  if (isChanged) return changedError(path);
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'it is gone', EACCES: 'no right to read it' };
  return new HashError(`cannot read ${path}: ${reasons[code ?? ''] ?? message}`);
}

function changedError(source: string): HashError {
  return new HashError(`${source} was changed while it was being hashed: wait until it is complete, then try again`);
}

/** What a thread takes at a time: long enough to read at a stretch, short enough for a bar to move. */
const RUN_BYTES = 16 * 1024 * 1024;
