// Hashes pieces on a thread of its own. Plain JavaScript, so that it runs from the sources as it does when built.
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

/**
 * @typedef {import('./hash-pool.js').HashPart} HashPart
 * @typedef {Extract<HashPart, { path: string }>} FilePart
 * @typedef {import('./hash-pool.js').UnreadPiece} UnreadPiece
 */

const buffer = Buffer.allocUnsafeSlow(1 << 20);
const zeros = new Uint8Array(1 << 16);
/** The one open file: parts come in order, so that each is opened once a message at most. */
const open = { path: '', descriptor: -1 };

parentPort?.on('message', (pieces) => parentPort?.postMessage(answerTo(pieces), []));

/** @param {readonly (readonly HashPart[])[]} pieces */
function answerTo(pieces) {
  const digests = new Uint8Array(pieces.length * 20);
  /** @type {UnreadPiece[]} */
  const unread = [];
  for (const [piece, parts] of pieces.entries()) {
    const hash = createHash('sha1');
    try {
      for (const part of parts) update(hash, part);
      digests.set(hash.digest(), piece * 20);
    } catch (error) {
      unread.push({ piece, ...reasonOf(error) });
    }
  }
  closeFile();
  return { digests, unread };
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {HashPart} part
 */
function update(hash, part) {
  if ('memory' in part) hash.update(new Uint8Array(part.memory, 0, part.bytes));
  else if ('path' in part) updateFromFile(hash, part);
  else for (let left = part.zeros; left > 0; left -= zeros.length) hash.update(zeros.subarray(0, left));
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {FilePart} part
 */
function updateFromFile(hash, part) {
  current = part.path;
  if (open.path !== part.path) openFile(part);
  for (let read = 0; read < part.bytes; ) {
    const bytes = readSync(open.descriptor, buffer, 0, Math.min(part.bytes - read, buffer.length), part.at + read);
    if (bytes === 0) throw new Changed();
    hash.update(buffer.subarray(0, bytes));
    read += bytes;
  }
}

/** @param {FilePart} part */
function openFile({ path, follow, expected }) {
  closeFile();
  // Absent on Windows, where making a link takes more rights.
  open.descriptor = openSync(path, constants.O_RDONLY | (follow ? 0 : (constants.O_NOFOLLOW ?? 0)));
  open.path = path;
  if (!expected) return;
  const { size, mtimeMs } = fstatSync(open.descriptor);
  if (size !== expected.lengthBytes || mtimeMs !== expected.modifiedMs) throw new Changed();
}

function closeFile() {
  if (open.descriptor >= 0) closeSync(open.descriptor);
  open.path = '';
  open.descriptor = -1;
}

/** What a failure is about. */
let current = '';

class Changed extends Error {}

/** @param {unknown} error */
function reasonOf(error) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  return { path: current, isChanged: error instanceof Changed, code, message: String(error) };
}
