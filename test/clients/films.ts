/** What tests put into torrents, and whether two copies of it are the same. */
import { createCipheriv } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../e2e/apps.js';

/** Of no use to a compressor, no block of it twice, and the same in every run. */
function noise(lengthBytes: number, seed: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(seed);
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), iv).update(Buffer.alloc(lengthBytes));
}

/** Of {@link writeFilm}'s. */
export const LENGTH_BYTES = 64 * 2 ** 20 + 12_345;

/** A file of 64 MiB, with a last piece that isn't full. */
export function writeFilm(parent: string, name = 'film.mp4', lengthBytes = LENGTH_BYTES): string {
  const path = join(parent, name);
  writeFileSync(path, noise(lengthBytes, 1));
  return path;
}

/** A folder of five files: an empty one, one of a byte, one below another folder; none ends where a piece does. */
export function writeSeries(parent: string, name = 'series'): string {
  const folder = join(parent, name);
  for (const [i, [path, lengthBytes]] of SERIES.entries()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), noise(lengthBytes, 2 + i));
  }
  return folder;
}

const SERIES: readonly (readonly [string, number])[] = [
  ['episode 1.mp4', 9_000_001],
  ['episode 2.mp4', 5 * 2 ** 20],
  ['extras/making of.webm', 1_234_567],
  ['extras/notes.txt', 1],
  ['übersicht.txt', 0],
];

/** What is shared: a file or a folder, and where it lies. */
export interface Original {
  readonly path: string;
  readonly parent: string;
  readonly name: string;
}

/** Puts a film or a series into a folder that goes with the test. */
export function placed(write: (parent: string) => string): Original {
  const parent = temporaryFolder();
  const path = write(parent);
  return { path, parent, name: basename(path) };
}

/** The same names with the same bytes below both, a file or a folder each. */
export function expectSame(copy: string, original: string): void {
  const names = filesBelow(original);
  expect(filesBelow(copy)).toEqual(names);
  for (const name of names) {
    // A difference of megabytes is not for a person to read.
    const same = readFileSync(join(copy, name)).equals(readFileSync(join(original, name)));
    expect(same, `${join(copy, name)} has the bytes of the original`).toBe(true);
  }
}

/** Paths below a folder, in order; of a file, the empty one. */
function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [''];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}
