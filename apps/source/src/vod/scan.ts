/** What is to become a torrent: a file, or the files of a folder in the order in which other programs take them. */
import type { Dirent, Stats } from 'node:fs';
import { access, constants, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure, systemReason } from '@tstream/command-line';
import type { SourceFile } from '@tstream/peer-net';
import { isSafeName } from '@tstream/tstream-format';

export interface FoundFile extends SourceFile {
  /** Components below the torrent's name; of a single file just its name. */
  readonly path: readonly string[];
}

export interface Found {
  /** Of the file or folder, and of the torrent. */
  readonly name: string;
  /** What the file or folder lies in. */
  readonly folder: string;
  readonly isFolder: boolean;
  readonly files: readonly FoundFile[];
  readonly lengthBytes: number;
  /** Paths of what was left out: links, and what begins with a dot. */
  readonly leftOut: readonly string[];
}

/**
 * @param source - As a person typed it.
 * @param except - A file that is not to be part of it: the torrent itself.
 * @throws {Failure} If it is no file or folder, has a name that no torrent can have, or holds nothing.
 */
export async function scan(source: string, except: string): Promise<Found> {
  const path = resolve(source);
  const name = basename(path);
  if (!isSafeName(name)) throw new Failure(`'${name}' cannot be the name of a torrent on every system: rename it`);
  const stats = await statOf(path);
  if (!stats.isFile() && !stats.isDirectory()) throw new Failure(`${source} is neither a file nor a folder`);
  const walk: Walk = { except: resolve(except), files: [], leftOut: [] };
  if (stats.isFile()) await addFile(walk, path, [name], stats);
  else await addFolder(walk, path, []);
  const lengthBytes = walk.files.reduce((sum, file) => sum + file.lengthBytes, 0);
  if (lengthBytes === 0) throw new Failure(`${source} has nothing in it: a torrent needs at least one byte`);
  if (walk.files.length > FILES_MAX) {
    throw new Failure(`${source} has ${walk.files.length} files, more than the ${FILES_MAX} of a torrent: pack them`);
  }
  const files = walk.files.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.path.join('/')), Buffer.from(b.path.join('/'))),
  );
  return { name, folder: dirname(path), isFolder: stats.isDirectory(), files, lengthBytes, leftOut: walk.leftOut };
}

interface Walk {
  readonly except: string;
  readonly files: FoundFile[];
  readonly leftOut: string[];
}

async function addFolder(walk: Walk, folder: string, path: readonly string[]): Promise<void> {
  if (path.length > DEPTH_MAX) throw new Failure(`${folder} is deeper than the ${DEPTH_MAX} folders of a torrent`);
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw new Failure(`cannot read ${folder}: ${systemReason(cause)}`, { cause });
  });
  for (const entry of entries) await addEntry(walk, folder, path, entry);
}

async function addEntry(walk: Walk, folder: string, path: readonly string[], entry: Dirent): Promise<void> {
  const source = join(folder, entry.name);
  if (source === walk.except) return;
  // As other programs do: what begins with a dot is a system's own, and a link may lead anywhere.
  if (entry.name.startsWith('.') || (!entry.isFile() && !entry.isDirectory())) return void walk.leftOut.push(source);
  if (!isSafeName(entry.name)) throw new Failure(`${source} cannot have this name on every system: rename it`);
  const below = [...path, entry.name];
  if (entry.isDirectory()) return addFolder(walk, source, below);
  return addFile(walk, source, below, await statOf(source));
}

/** What can't be read is told before anything is asked of it, or hashed. */
async function addFile(walk: Walk, source: string, path: readonly string[], stats: Stats): Promise<void> {
  await access(source, constants.R_OK).catch((cause) => {
    throw new Failure(`cannot read ${source}: ${systemReason(cause)}`, { cause });
  });
  walk.files.push({ source, path, lengthBytes: stats.size, modifiedMs: stats.mtimeMs });
}

async function statOf(path: string): Promise<Stats> {
  return stat(path).catch((cause) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
}

/** spec/0004 §2. */
const FILES_MAX = 0x8000;
const DEPTH_MAX = 31;
