// Hashes runs of pieces on a thread of its own. Plain JavaScript, so that it runs from the sources as it does when built.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * @typedef {{ readonly source: string, readonly lengthBytes: number, readonly modifiedMs: number }} SourceFile
 * @typedef {{ readonly files: readonly SourceFile[], readonly pieceLength: number }} Content
 */

const { files, pieceLength } = /** @type {Content} */ (workerData);
/** Where each file begins in the content, and after them where the last one ends. */
const offsets = [0];
for (const file of files) offsets.push(/** @type {number} */ (offsets.at(-1)) + file.lengthBytes);
const contentBytes = /** @type {number} */ (offsets.at(-1));
const buffer = Buffer.allocUnsafeSlow(1 << 20);
/** The one open file: pieces come in order, so that a file is opened once a run at most. */
const open = { index: -1, descriptor: -1 };

parentPort?.on('message', ({ firstPiece, pieces }) => parentPort?.postMessage(answerOf(firstPiece, pieces), []));

/**
 * @param {number} firstPiece
 * @param {number} pieces
 */
function answerOf(firstPiece, pieces) {
  try {
    return { hashes: hashRun(firstPiece, pieces) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

/**
 * @param {number} firstPiece
 * @param {number} pieces
 */
function hashRun(firstPiece, pieces) {
  const hashes = new Uint8Array(pieces * 20);
  for (let piece = 0; piece < pieces; piece += 1) {
    const from = (firstPiece + piece) * pieceLength;
    hashes.set(hashRange(from, Math.min(from + pieceLength, contentBytes)), piece * 20);
  }
  return hashes;
}

/**
 * @param {number} from
 * @param {number} to
 */
function hashRange(from, to) {
  const hash = createHash('sha1');
  let index = fileAt(from);
  for (let at = from; at < to; ) {
    const endsAt = /** @type {number} */ (offsets[index + 1]);
    if (at === endsAt) {
      index += 1;
      continue;
    }
    const bytes = readFrom(index, at, Math.min(to, endsAt) - at);
    hash.update(buffer.subarray(0, bytes));
    at += bytes;
  }
  return hash.digest();
}

/**
 * The last file that begins at or before a byte of the content.
 * @param {number} at
 */
function fileAt(at) {
  let [low, high] = [0, files.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (/** @type {number} */ (offsets[middle]) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Fills the buffer, or as much of it as was asked for.
 * @param {number} index
 * @param {number} at - Of the content.
 * @param {number} wanted
 * @returns {number} At least 1.
 */
function readFrom(index, at, wanted) {
  if (open.index !== index) openFile(index);
  const offset = at - /** @type {number} */ (offsets[index]);
  const bytes = readSync(open.descriptor, buffer, 0, Math.min(wanted, buffer.length), offset);
  if (bytes === 0) throw new Changed();
  return bytes;
}

/** @param {number} index */
function openFile(index) {
  if (open.index >= 0) closeSync(open.descriptor);
  open.index = -1;
  const file = /** @type {SourceFile} */ (files[index]);
  current = file.source;
  open.descriptor = openSync(file.source, 'r');
  open.index = index;
  const { size, mtimeMs } = fstatSync(open.descriptor);
  if (size !== file.lengthBytes || mtimeMs !== file.modifiedMs) throw new Changed();
}

/** What a failure is about. */
let current = '';

class Changed extends Error {}

/** @param {unknown} error */
function failureOf(error) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  return { source: current, changed: error instanceof Changed, code, message: String(error) };
}
