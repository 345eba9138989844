/** Hashes what is to become a torrent, with all cores: threads that take runs of pieces in turn and read them themselves. */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

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
  const { files, pieceLength, signal, onProgress = () => undefined, threads = availableParallelism() } = options;
  const lengthBytes = files.reduce((sum, file) => sum + file.lengthBytes, 0);
  const pieces = Math.ceil(lengthBytes / pieceLength);
  const hashes = new Uint8Array(pieces * 20);
  const runPieces = Math.max(1, Math.floor(RUN_BYTES / pieceLength));
  const runs = runsOf(pieces, runPieces);
  const workers = Array.from(
    { length: Math.min(threads, Math.ceil(pieces / runPieces)) },
    () => new Worker(WORKER, { workerData: { files, pieceLength } }),
  );
  let hashedBytes = 0;
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const run of runs) {
          signal?.throwIfAborted();
          hashes.set(await hashOn(worker, run, signal), run.firstPiece * 20);
          const endBytes = Math.min((run.firstPiece + run.pieces) * pieceLength, lengthBytes);
          hashedBytes += endBytes - run.firstPiece * pieceLength;
          onProgress(hashedBytes);
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  await expectUnchanged(files);
  return hashes;
}

interface Run {
  readonly firstPiece: number;
  readonly pieces: number;
}

function* runsOf(pieces: number, runPieces: number): Generator<Run> {
  for (let firstPiece = 0; firstPiece < pieces; firstPiece += runPieces) {
    yield { firstPiece, pieces: Math.min(runPieces, pieces - firstPiece) };
  }
}

type Answer =
  | { readonly hashes: Uint8Array }
  | { readonly failure: { source: string; changed: boolean; code: string | undefined; message: string } };

function hashOn(worker: Worker, run: Run, signal: AbortSignal | undefined): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const onError = (cause: unknown): void => settle(() => reject(cause));
    const onMessage = (answer: Answer): void =>
      settle(() => ('hashes' in answer ? resolve(answer.hashes) : reject(hashError(answer.failure))));
    const settle = (then: () => void): void => {
      worker.off('message', onMessage).off('error', onError);
      signal?.removeEventListener('abort', onAbort);
      then();
    };
    worker.on('message', onMessage).on('error', onError);
    signal?.addEventListener('abort', onAbort);
    worker.postMessage(run, []);
  });
}

/** Once more at the end: what was written to behind the place that was read. */
async function expectUnchanged(files: readonly SourceFile[]): Promise<void> {
  for (const { source, lengthBytes, modifiedMs } of files) {
    const now = await stat(source).catch((cause) => {
      throw hashError({ source, changed: false, code: cause.code, message: String(cause) });
    });
    if (now.size !== lengthBytes || now.mtimeMs !== modifiedMs) throw changedError(source);
  }
}

function hashError({ source, changed, code, message }: Extract<Answer, { failure: unknown }>['failure']): HashError {
  if (changed) return changedError(source);
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'it is gone', EACCES: 'no right to read it' };
  return new HashError(`cannot read ${source}: ${reasons[code ?? ''] ?? message}`);
}

function changedError(source: string): HashError {
  return new HashError(`${source} was changed while it was being hashed: wait until it is complete, then try again`);
}

/** What a thread takes at a time: long enough to read at a stretch, short enough for a bar to move. */
const RUN_BYTES = 16 * 1024 * 1024;
const WORKER = new URL('./hash-worker.js', import.meta.url);

/** A file that can't be hashed. The message says in one line which, why, and what to do. */
export class HashError extends Error {
  override readonly name = 'HashError';
}
