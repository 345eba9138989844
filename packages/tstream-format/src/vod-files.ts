/** The files of an on-demand torrent (BEP 3 `length` or `files`), with paths that stay in the folder the person chose. */
import type { BencodeDictionary, BencodeValue } from './bencode-decode.js';
import { isSafeSpelling } from './name.js';
import { isPlainText, utf8Bytes, utf8Text } from './text.js';

export interface VodFile {
  /** Safe components: below `name` if the torrent is a folder; a single file has the path `[name]`. */
  readonly path: readonly string[];
  readonly lengthBytes: number;
  /** Where it begins in the content, all files one after another, bytes. */
  readonly offsetBytes: number;
  /** It only fills up a piece (BEP 47): its bytes are zero, count for the pieces' hashes and are never written. */
  readonly isPadding: boolean;
}

export type VodFilesReason =
  | 'vod-malformed'
  | 'vod-too-many-files'
  | 'path-malformed'
  | 'path-unsafe'
  | 'path-repeated'
  | 'file-is-link';

/**
 * Reads the files of an `info`; the first that breaks a rule refuses them all, since the content would not be whole.
 * @see spec/0004-on-demand.md §2
 */
export function readVodFiles(info: BencodeDictionary, name: string): readonly VodFile[] | VodFilesReason {
  const list = info.get('files');
  if (list === undefined) {
    const lengthBytes = readLength(info.get('length'));
    return lengthBytes === undefined
      ? 'vod-malformed'
      : [{ path: [name], lengthBytes, offsetBytes: 0, isPadding: false }];
  }
  if (!Array.isArray(list) || info.has('length')) return 'vod-malformed';
  if (list.length > FILES_MAX) return 'vod-too-many-files';
  const files: VodFile[] = [];
  const tree: Folder = new Map();
  let offsetBytes = 0;
  for (const value of list) {
    const file = readFile(value, offsetBytes);
    if (typeof file === 'string') return file;
    if (!file.isPadding && !addToTree(tree, file.path)) return 'path-repeated';
    offsetBytes += file.lengthBytes;
    if (!Number.isSafeInteger(offsetBytes)) return 'vod-malformed';
    files.push(file);
  }
  return files;
}

/** The first rule that a path breaks, if any. */
export function pathFault(path: readonly string[]): 'path-malformed' | 'path-unsafe' | undefined {
  if (path.length === 0 || path.length > PATH_COMPONENTS_MAX) return 'path-malformed';
  if (!path.every((component) => isPlainText(component, COMPONENT_BYTES_MAX))) return 'path-malformed';
  if (utf8Bytes(path.join('/')).length > PATH_BYTES_MAX) return 'path-malformed';
  return path.every(isSafeSpelling) ? undefined : 'path-unsafe';
}

/** A folder's content, by names that a file system may take for the same. */
export type Folder = Map<string, Folder | 'file'>;

/** @returns Whether there was room: no file of that path, none where a folder has to be, no folder where it has to be. */
export function addToTree(tree: Folder, path: readonly string[]): boolean {
  let folder = tree;
  for (const component of path.slice(0, -1)) {
    const key = folded(component);
    const next = folder.get(key) ?? new Map();
    if (next === 'file') return false;
    folder.set(key, next);
    folder = next;
  }
  const key = folded(path.at(-1) as string);
  if (folder.has(key)) return false;
  folder.set(key, 'file');
  return true;
}

function readFile(value: BencodeValue, offsetBytes: number): VodFile | VodFilesReason {
  if (!(value instanceof Map)) return 'vod-malformed';
  const attributes = value.get('attr');
  const has = (letter: string): boolean =>
    attributes instanceof Uint8Array && attributes.includes(letter.charCodeAt(0));
  if (has('l')) return 'file-is-link';
  const lengthBytes = readLength(value.get('length'));
  if (lengthBytes === undefined) return 'vod-malformed';
  const path = readPath(value.get('path'));
  return typeof path === 'string' ? path : { path, lengthBytes, offsetBytes, isPadding: has('p') };
}

function readPath(value: BencodeValue | undefined): readonly string[] | VodFilesReason {
  if (!Array.isArray(value) || value.length > PATH_COMPONENTS_MAX) return 'path-malformed';
  const path = value.map((component) => (component instanceof Uint8Array ? utf8Text(component) : undefined));
  if (path.includes(undefined)) return 'path-malformed';
  return pathFault(path as string[]) ?? (path as string[]);
}

function readLength(value: BencodeValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

/** File systems that ignore case, and those that compose letters, take names for the same that differ in no more. */
function folded(component: string): string {
  return component.normalize('NFC').toLowerCase();
}

/** A guess: above every torrent in use, and within the values that are decoded. */
export const FILES_MAX = 0x8000;
/** What file systems take. */
const COMPONENT_BYTES_MAX = 255;
/** A guess: a quarter of what Linux takes, so that the person's folder finds room before it. */
const PATH_BYTES_MAX = 1024;
/** A guess. */
const PATH_COMPONENTS_MAX = 32;
