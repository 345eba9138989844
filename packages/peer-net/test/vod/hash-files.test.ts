import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashFiles, type SourceFile } from '../../src/vod/hash-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tstream-hash-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, bytes: Uint8Array): Promise<SourceFile> {
  const source = join(folder, name);
  await writeFile(source, bytes);
  const { size, mtimeMs } = await stat(source);
  return { source, lengthBytes: size, modifiedMs: mtimeMs };
}

function expected(content: Buffer, pieceLength: number): Buffer {
  const pieces = Array.from({ length: Math.ceil(content.length / pieceLength) }, (_, at) =>
    createHash('sha1')
      .update(content.subarray(at * pieceLength, (at + 1) * pieceLength))
      .digest(),
  );
  return Buffer.concat(pieces);
}

describe('hashFiles', () => {
  test.each([1, 2, 5])('hashes over the borders of files, empty ones among them, with %i threads', async (threads) => {
    const parts = [0, 1, 16_384, 0, 40_000_000, 3, 99_999, 0].map((length) => randomBytes(length));
    const files = await Promise.all(parts.map((bytes, at) => put(`${at}`, bytes)));
    const content = Buffer.concat(parts);
    for (const pieceLength of [16_384, 0x100000]) {
      const seen: number[] = [];
      const hashes = await hashFiles({ files, pieceLength, threads, onProgress: (bytes) => seen.push(bytes) });
      expect(Buffer.compare(hashes, expected(content, pieceLength))).toBe(0);
      expect(seen.at(-1)).toBe(content.length);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    }
  });

  test('a piece longer than a run is hashed whole', async () => {
    const content = randomBytes(33 * 1024 * 1024);
    const pieceLength = 32 * 1024 * 1024;
    const hashes = await hashFiles({ files: [await put('film', content)], pieceLength });
    expect(Buffer.compare(hashes, expected(content, pieceLength))).toBe(0);
  });

  test('a file that was changed since it was found is named', async () => {
    const [grown, shrunk, touched] = [
      await put('a', randomBytes(99)),
      await put('b', randomBytes(99)),
      await put('c', randomBytes(99)),
    ];
    await appendFile(grown.source, 'x');
    await truncate(shrunk.source, 98);
    await utimes(touched.source, 1, 1);
    for (const file of [grown, shrunk, touched]) {
      const hashing = hashFiles({ files: [file], pieceLength: 16_384 });
      await expect(hashing).rejects.toThrow(`${file.source} was changed while it was being hashed`);
    }
  });

  test('a file that changes behind the place that is read is named', async () => {
    const film = await put('film', randomBytes(48 * 1024 * 1024));
    let changed: Promise<void> | undefined;
    const onProgress = () => {
      changed ??= utimes(film.source, 1, 1);
    };
    const hashing = hashFiles({ files: [film], pieceLength: 16_384, threads: 1, onProgress });
    await expect(hashing).rejects.toThrow('was changed while it was being hashed');
    await changed;
  });

  test('a file that is gone is named', async () => {
    const film = await put('film', randomBytes(99));
    await rm(film.source);
    await expect(hashFiles({ files: [film], pieceLength: 16_384 })).rejects.toThrow(
      `cannot read ${film.source}: it is gone`,
    );
  });

  test('it ends when it is told to', async () => {
    const film = await put('film', randomBytes(48 * 1024 * 1024));
    const stop = new AbortController();
    const hashing = hashFiles({
      files: [film],
      pieceLength: 16_384,
      threads: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(hashing).rejects.toThrow('aborted');
    await expect(hashFiles({ files: [film], pieceLength: 16_384, signal: stop.signal })).rejects.toThrow('aborted');
  });
});
