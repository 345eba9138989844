/**
 * The files of a torrent below one folder: read and written at their places, opened as they are needed.
 *
 * Nothing outside the folder is ever touched: names are safe (spec/0004), and a link on the way is refused. Files grow as
 * pieces come, with holes where the file system knows them.
 */
import { close, constants, open, read, writev } from 'node:fs';
import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { VodMetainfo } from '@tstream/tstream-format';
import { StorageError } from '../disk-slots.js';
import type { ContentLayout } from './content-layout.js';
import type { HashPart } from './hash-pool.js';
import { codeOf, reasonOf } from './storage-reason.js';

/** What a file is like on the disk. */
export interface FileState {
  readonly lengthBytes: number;
  /** Nanoseconds since 1970: another time, another content. */
  readonly modifiedNs: bigint;
  readonly inode: bigint;
}

export class ContentFiles {
  readonly #layout: ContentLayout;
  readonly #root: string;
  readonly #prefix: readonly string[];
  readonly #access: 'read' | 'write';
  /** Open files, the one used longest ago first. */
  readonly #open = new Map<number, OpenFile>();
  /** Folders that were made or looked at. */
  readonly #folders = new Set<string>();

  /**
   * @param access - `write` makes the folder, and refuses links on the way; `read` takes a person's own files as they lie.
   * @throws {StorageError} If the folder cannot be had.
   */
  static async at(
    folder: string,
    { name, isFolder }: Pick<VodMetainfo, 'name' | 'isFolder'>,
    layout: ContentLayout,
    access: 'read' | 'write',
  ): Promise<ContentFiles> {
    try {
      if (access === 'write') await mkdir(folder, { recursive: true });
      return new ContentFiles(await realpath(folder), isFolder ? [name] : [], layout, access);
    } catch (cause) {
      throw new StorageError(`cannot use the folder ${folder} (${reasonOf(cause)}): choose another one`, { cause });
    }
  }

  private constructor(root: string, prefix: readonly string[], layout: ContentLayout, access: 'read' | 'write') {
    this.#root = root;
    this.#prefix = prefix;
    this.#layout = layout;
    this.#access = access;
  }

  /** The folder that holds the content, without links. */
  get root(): string {
    return this.#root;
  }

  pathOf(file: number): string {
    return join(this.#root, ...this.#prefix, ...this.#layout.file(file).path);
  }

  /** @returns undefined if nothing is there. @throws {StorageError} If what is there is no plain file. */
  async stateOf(file: number): Promise<FileState | undefined> {
    const path = this.pathOf(file);
    try {
      if (this.#access === 'write') await this.#checkFolders(file);
      const found = await (this.#access === 'write' ? lstat : stat)(path, { bigint: true });
      if (!found.isFile())
        throw Object.assign(new Error('no file'), { code: found.isDirectory() ? 'EISDIR' : 'ELOOP' });
      return { lengthBytes: Number(found.size), modifiedNs: found.mtimeNs, inode: found.ino };
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw new StorageError(`${path} is no plain file (${reasonOf(cause)}): move it away or choose another folder`, {
        cause,
      });
    }
  }

  /** Makes a file that has no bytes, if it isn't there. */
  async create(file: number): Promise<void> {
    await this.#use(file, () => Promise.resolve());
  }

  /** Fills an array. @returns How many bytes there were; fewer if the disk doesn't have them. @throws What the file system says. */
  async read(offsetBytes: number, into: Uint8Array): Promise<number> {
    let filled = 0;
    for (const { file, at, bytes: length } of this.#layout.spans(offsetBytes, into.length)) {
      if (this.#layout.file(file).isPadding) into.fill(0, filled, filled + length);
      else {
        const bytesRead = await this.#use(file, ({ fd }) => readAt(fd, into, filled, length, at));
        if (bytesRead < length) return filled + bytesRead;
      }
      filled += length;
    }
    return filled;
  }

  /** A piece, for who reads it to hash it. */
  partsOf(index: number): HashPart[] {
    const spans = this.#layout.spans(index * this.#layout.pieceLength, this.#layout.pieceBytes(index));
    return spans.map(({ file, at, bytes }) => {
      if (this.#layout.file(file).isPadding) return { zeros: bytes };
      return { path: this.pathOf(file), at, bytes, follow: this.#access === 'read' };
    });
  }

  /** Writes bytes that follow each other. @throws What the file system says; part of them may be written. */
  async write(offsetBytes: number, parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const spans = this.#layout.spans(offsetBytes, bytes);
    let from = 0;
    for (const { file, at, bytes: length } of spans) {
      if (!this.#layout.file(file).isPadding) {
        const own = spans.length === 1 ? parts : cut(parts, from, length);
        await this.#use(file, ({ fd, refused }) => (refused ? Promise.reject(refused) : writeAll(fd, own, at)));
      }
      from += length;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((file) => this.#forget(file)));
  }

  /** Closes a file, so that it is opened anew: somebody put another one in its place. */
  async #forget(file: number): Promise<void> {
    const entry = this.#open.get(file);
    this.#open.delete(file);
    if (!entry) return;
    await Promise.allSettled(entry.users);
    await entry.opened.then(({ fd }) => closeFile(fd)).catch(() => undefined);
  }

  async #use<T>(file: number, work: (opened: Opened) => Promise<T>): Promise<T> {
    const entry = this.#open.get(file) ?? { opened: this.#openFile(file), users: new Set() };
    this.#open.delete(file);
    this.#open.set(file, entry);
    const user = entry.opened.then(work);
    entry.users.add(user);
    if (this.#open.size > OPEN_FILES_MAX) this.#closeOne();
    try {
      return await user;
    } catch (error) {
      // What could not be opened may be there the next time.
      if (this.#open.get(file) === entry) void this.#forget(file);
      throw error;
    } finally {
      entry.users.delete(user);
    }
  }

  #closeOne(): void {
    for (const [file, { users }] of this.#open) {
      if (users.size === 0) return void this.#forget(file);
    }
  }

  async #openFile(file: number): Promise<Opened> {
    const path = this.pathOf(file);
    if (this.#access === 'read') return { fd: await openAt(path, constants.O_RDONLY) };
    await this.#makeFolders(file);
    // Absent on Windows, where making a link takes more rights.
    const noFollow = constants.O_NOFOLLOW ?? 0;
    try {
      return { fd: await openAt(path, constants.O_RDWR | constants.O_CREAT | noFollow, 0o644) };
    } catch (refused) {
      if (!READ_ONLY.has(codeOf(refused))) throw refused;
      // What is whole is served from a disk or a file that nobody may write to, too.
      const fd = await openAt(path, constants.O_RDONLY | noFollow).catch(() => Promise.reject(refused));
      return { fd, refused };
    }
  }

  /** Each folder on the way has to be one, not a link to one. */
  async #makeFolders(file: number): Promise<void> {
    for (const folder of this.#foldersOf(file)) {
      if (this.#folders.has(folder)) continue;
      await mkdir(folder).catch((error) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
      await checkFolder(folder);
      this.#folders.add(folder);
    }
  }

  async #checkFolders(file: number): Promise<void> {
    for (const folder of this.#foldersOf(file)) await checkFolder(folder);
  }

  #foldersOf(file: number): string[] {
    const names = [...this.#prefix, ...this.#layout.file(file).path.slice(0, -1)];
    return names.map((_, at) => join(this.#root, ...names.slice(0, at + 1)));
  }
}

interface Opened {
  readonly fd: number;
  /** Why it can't be written to; undefined: it can. */
  readonly refused?: unknown;
}

interface OpenFile {
  readonly opened: Promise<Opened>;
  /** What is under way. */
  readonly users: Set<Promise<unknown>>;
}

async function checkFolder(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (found.isSymbolicLink()) throw Object.assign(new Error('a link'), { code: 'ELOOP' });
  if (!found.isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
}

async function readAt(fd: number, into: Uint8Array, offset: number, bytes: number, position: number): Promise<number> {
  let bytesRead = 0;
  while (bytesRead < bytes) {
    const got = (await readFile(fd, into, offset + bytesRead, bytes - bytesRead, position + bytesRead)).bytesRead;
    if (got === 0) break;
    bytesRead += got;
  }
  return bytesRead;
}

async function writeAll(fd: number, parts: readonly Uint8Array[], position: number): Promise<void> {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  for (let written = 0; written < bytes; ) {
    const rest = written === 0 ? parts : cut(parts, written, bytes - written);
    const { bytesWritten } = await writeFile(fd, rest, position + written);
    if (bytesWritten === 0) throw Object.assign(new Error('no byte was written'), { code: 'ENOSPC' });
    written += bytesWritten;
  }
}

/** The bytes from `from` on, as parts that share memory. */
function cut(parts: readonly Uint8Array[], from: number, bytes: number): Uint8Array[] {
  const own: Uint8Array[] = [];
  let at = 0;
  for (const part of parts) {
    const begin = Math.max(0, from - at);
    const end = Math.min(part.length, from + bytes - at);
    if (begin < end) own.push(part.subarray(begin, end));
    at += part.length;
  }
  return own;
}

// The callback forms cost half of what file handles do.
const openAt = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);
const writeFile = promisify(writev) as (
  fd: number,
  parts: readonly Uint8Array[],
  position: number,
) => Promise<{ readonly bytesWritten: number }>;

const READ_ONLY: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);
/** File descriptors are often limited to 1024, and sockets need most of them. */
const OPEN_FILES_MAX = 64;
