/** What of a torrent is on the disk already, and whether what is there may be written to. */
import { StorageError } from '../disk-slots.js';
import type { ContentFiles, FileState } from './content-files.js';
import type { ContentLayout } from './content-layout.js';
import type { HashPool } from './hash-pool.js';
import type { ResumeState } from './resume-file.js';
import { reasonOf } from './storage-reason.js';

export interface ExistingOptions {
  readonly files: ContentFiles;
  readonly layout: ContentLayout;
  /** SHA-1 of each piece. */
  readonly hashes: Uint8Array;
  readonly pool: HashPool;
  readonly resume: ResumeState | undefined;
  /** Believe `resume` where the files look as they did. */
  readonly trust: boolean;
  /** 1 for each piece that this process has verified just now. */
  readonly held?: Uint8Array | undefined;
  /** All has to be there. */
  readonly mustBeWhole: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (checkedPieces: number, pieces: number) => void;
}

/**
 * @returns 1 for each piece that is on the disk and holds.
 * @throws {StorageError} If a file in the way is something else, or content that must be whole isn't.
 */
export async function findExisting(options: ExistingOptions): Promise<Uint8Array> {
  const { layout, held, mustBeWhole } = options;
  const states = await fileStates(options);
  const known = held?.length === layout.pieces ? held : trusted(options, states);
  const found = await verifyOthers(options, states, known);
  if (mustBeWhole) checkWhole(options, found);
  else await checkOwn(options, states, found);
  return found;
}

async function fileStates({ files, layout, mustBeWhole }: ExistingOptions): Promise<(FileState | undefined)[]> {
  const states: (FileState | undefined)[] = [];
  for (const [file, { lengthBytes, isPadding }] of layout.files.entries()) {
    const state = isPadding ? undefined : await files.stateOf(file);
    states.push(state);
    if (isPadding || !(mustBeWhole ? state?.lengthBytes !== lengthBytes : state && state.lengthBytes > lengthBytes)) {
      continue;
    }
    const path = files.pathOf(file);
    if (!state) throw new StorageError(`${path} is not there: give the folder that the content is in`);
    throw new StorageError(
      `${path} is another file than the torrent's (${state.lengthBytes} bytes in place of ${lengthBytes}): ` +
        (mustBeWhole ? 'give the folder that the content is in' : MOVE_AWAY),
    );
  }
  return states;
}

/** Pieces that are believed to be there, all of whose files look as they did when that was written down. */
function trusted({ layout, resume, trust }: ExistingOptions, states: readonly (FileState | undefined)[]): Uint8Array {
  if (!resume || !trust) return new Uint8Array(layout.pieces);
  const held = resume.held.slice();
  for (const [file, state] of states.entries()) {
    const before = resume.files[file];
    if (layout.files[file]?.isPadding) continue;
    if (before?.lengthBytes === state?.lengthBytes && before?.modifiedNs === state?.modifiedNs) continue;
    const { from, to } = layout.piecesOf(file);
    held.fill(0, from, to);
  }
  return held;
}

/** A piece can be there only if every file of it has something. What was told of, and isn't trusted any more, is checked too. */
async function verifyOthers(
  options: ExistingOptions,
  states: readonly (FileState | undefined)[],
  known: Uint8Array,
): Promise<Uint8Array> {
  const { layout, resume, trust, held } = options;
  const found = known.slice();
  const toCheck: number[] = [];
  const unchanged = (file: number) =>
    held !== undefined ||
    (trust && resume !== undefined && resume.files[file]?.modifiedNs === states[file]?.modifiedNs);
  for (let index = 0; index < layout.pieces; index += 1) {
    if (known[index]) continue;
    const spans = layout.spans(index * layout.pieceLength, layout.pieceBytes(index));
    const own = spans.filter(({ file }) => !layout.file(file).isPadding);
    const isThere = own.every(({ file, at, bytes }) => (states[file]?.lengthBytes ?? 0) >= at + bytes);
    if (isThere && !own.every(({ file }) => unchanged(file))) toCheck.push(index);
  }
  await checkPieces(options, toCheck, found);
  return found;
}

/** Marks those that hold. What can't be read doesn't. */
async function checkPieces(options: ExistingOptions, toCheck: readonly number[], found: Uint8Array): Promise<void> {
  const { layout, files, hashes, pool, signal, onProgress } = options;
  const runPieces = Math.max(1, Math.floor(RUN_BYTES / layout.pieceLength));
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < toCheck.length) {
      signal.throwIfAborted();
      const run = toCheck.slice(next, next + runPieces);
      next += run.length;
      const { digests } = await pool.hash(run.map((index) => files.partsOf(index)));
      for (const [at, index] of run.entries()) {
        const digest = digests.subarray(20 * at, 20 * at + 20);
        if (Buffer.compare(digest, hashes.subarray(20 * index, 20 * index + 20)) === 0) found[index] = 1;
      }
      done += run.length;
      onProgress(done, toCheck.length);
    }
  };
  // Two for each thread, so that none waits for what comes next.
  await Promise.all(Array.from({ length: 2 * pool.threads }, work));
}

function checkWhole({ files, layout }: ExistingOptions, found: Uint8Array): void {
  const missing = found.indexOf(0);
  if (missing < 0) return;
  const [span] = layout.spans(missing * layout.pieceLength, 1);
  throw new StorageError(
    `${files.pathOf(span?.file ?? 0)} is not what the torrent says (piece ${missing} is another one): give the folder that the content is in`,
  );
}

/** A file of which nothing is the torrent's is somebody's own. */
async function checkOwn(
  { files, layout, resume }: ExistingOptions,
  states: readonly (FileState | undefined)[],
  found: Uint8Array,
): Promise<void> {
  for (const [file, state] of states.entries()) {
    if (!state || state.lengthBytes === 0) continue;
    const { from, to } = layout.piecesOf(file);
    if (found.subarray(from, to).includes(1)) continue;
    // A piece that was being written when the process was killed is none, and ours.
    if (resume && !resume.held.subarray(from, to).includes(1)) continue;
    const path = files.pathOf(file);
    await files.read(layout.file(file).offsetBytes, new Uint8Array(1)).catch((cause) => {
      throw new StorageError(`cannot read ${path} (${reasonOf(cause)}): ${MOVE_AWAY}`, { cause });
    });
    throw new StorageError(`${path} is there and has nothing of this torrent: ${MOVE_AWAY}`);
  }
}

/** What a thread takes at a time: little enough for what others want hashed to come soon. */
const RUN_BYTES = 4 * 1024 * 1024;
const MOVE_AWAY = 'move it away, or choose another folder';
