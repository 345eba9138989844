/** SHA-1 of many pieces of files, on all cores. */
import { createHash, webcrypto } from 'node:crypto';
import type { ContentFiles } from './content-files.js';
import type { ContentLayout } from './content-layout.js';

/**
 * Reads and hashes pieces, some at a time, on the threads that Node has for files and hashes.
 * @param onHashed - For each, in any order; the digest is undefined if the piece can't be read.
 */
export async function hashPieces(
  files: ContentFiles,
  layout: ContentLayout,
  pieces: readonly number[],
  signal: AbortSignal,
  onHashed: (index: number, digest: Uint8Array | undefined, done: number) => void,
): Promise<void> {
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let index = pieces[next++]; index !== undefined; index = pieces[next++]) {
      signal.throwIfAborted();
      const digest = await hashOne(files, layout, index);
      done += 1;
      onHashed(index, digest, done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function hashOne(files: ContentFiles, layout: ContentLayout, index: number): Promise<Uint8Array | undefined> {
  const bytes = layout.pieceBytes(index);
  const read = (at: number, length: number) =>
    files.read(index * layout.pieceLength + at, length).catch(() => new Uint8Array(0));
  if (bytes <= PART_BYTES) {
    const content = await read(0, bytes);
    return content.length === bytes ? new Uint8Array(await webcrypto.subtle.digest('SHA-1', content)) : undefined;
  }
  const hash = createHash('sha1');
  for (let at = 0; at < bytes; at += PART_BYTES) {
    const length = Math.min(PART_BYTES, bytes - at);
    const part = await read(at, length);
    if (part.length < length) return undefined;
    hash.update(part);
  }
  return hash.digest();
}

/** Node has four threads for it. */
const AT_ONCE = 4;
/** What is in memory of a piece, however long it is. */
const PART_BYTES = 4 * 1024 * 1024;
