/** Where a film lies that somebody only watches: in their cache, until they are done with it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure, makeFolder, systemReason } from '@tstream/command-line';

export interface CacheFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes an empty folder, and removes those of viewers that were killed before they could. */
export async function openCacheFolder(): Promise<CacheFolder> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tstream');
  try {
    await makeFolder(cache);
    await removeAbandoned(cache);
    const path = await mkdtemp(join(cache, `watch-${process.pid}-`));
    return { path, remove: () => rm(path, { recursive: true, force: true }) };
  } catch (error) {
    throw new Failure(`cannot write in ${cache}: ${systemReason(error)}; say where with --out`, { cause: error });
  }
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /^watch-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(cache, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's is running, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
