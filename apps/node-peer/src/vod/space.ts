/** Whether a disk has room for what is wanted, told before the first byte rather than after the last that fits. */
import { stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure, formatSize } from '@tstream/command-line';
import type { VodMetainfo } from '@tstream/tstream-format';

/**
 * @param files - Indices of what is wanted; undefined: all.
 * @throws {Failure} If it doesn't fit beside what else is there.
 */
export async function checkSpace(
  folder: string,
  metainfo: VodMetainfo,
  files: readonly number[] | undefined,
): Promise<void> {
  const wanted = (files ?? [...metainfo.files.keys()]).map((index) => metainfo.files[index]);
  const missing = await Promise.all(
    wanted.map(async (file) => {
      if (file === undefined || file.isPadding) return 0;
      const path = join(folder, ...(metainfo.isFolder ? [metainfo.name] : []), ...file.path);
      return Math.max(0, file.lengthBytes - (await allocatedBytes(path)));
    }),
  );
  const neededBytes = missing.reduce((sum, bytes) => sum + bytes, 0);
  const freeBytes = await freeBytesOf(resolve(folder));
  if (freeBytes === undefined || neededBytes <= freeBytes) return;
  throw new Failure(
    `not enough space in ${folder}: ${formatSize(neededBytes)} more are needed, ${formatSize(freeBytes)} are free`,
  );
}

/** What it takes of the disk: a file that grows piece by piece has holes. */
function allocatedBytes(path: string): Promise<number> {
  return stat(path).then(
    ({ blocks }) => blocks * 512,
    () => 0,
  );
}

/** Of the first folder above that is there; undefined if nobody can say. */
async function freeBytesOf(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) return undefined;
    return freeBytesOf(dirname(folder));
  }
}
