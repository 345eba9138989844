/** SHA-1 of many pieces of files, on all cores. */
import { webcrypto } from 'node:crypto';
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
  const content = await files.read(index * layout.pieceLength, bytes).catch(() => undefined);
  if (content?.length !== bytes) return undefined;
  return new Uint8Array(await webcrypto.subtle.digest('SHA-1', content));
}

const AT_ONCE = 4;
