import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLiveMetainfo } from '@tstream/tstream-format';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPair, type PairPaths, pairPaths, publicKeyOf, writeRun } from '../src/pair.js';

let folder = '';
let paths: PairPaths;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tstream-pair-'));
  paths = pairPaths(folder, 'tv', undefined);
});
afterEach(() => rmSync(folder, { recursive: true }));

function metainfoFor(secretKey: Uint8Array): Uint8Array {
  const streamKey = publicKeyOf(secretKey);
  return createLiveMetainfo({ name: 'tv', pieceLength: 32_768, windowPieces: 100, ringPieces: 400, streamKey });
}

test('a new pair has a key that its owner alone can read', async () => {
  const pair = await openPair(paths, undefined);
  expect(pair.metainfo).toBeUndefined();
  expect(statSync(paths.key).mode & 0o777).toBe(0o600);
  expect((await openPair(paths, undefined)).secretKey).toEqual(pair.secretKey);
});

test('a matching pair is resumed, with the number of its last run', async () => {
  const { secretKey } = await openPair(paths, undefined);
  writeFileSync(paths.metainfo, metainfoFor(secretKey));
  await writeRun(paths, 17);
  const pair = await openPair(paths, undefined);
  expect(pair).toMatchObject({ secretKey, lastRun: 17, metainfo: { name: 'tv', windowPieces: 100 } });
});

test('a key that is not the one of the file is refused, and nothing is overwritten', async () => {
  await openPair(paths, undefined);
  writeFileSync(paths.metainfo, metainfoFor(new Uint8Array(32).fill(9)));
  const before = [readFileSync(paths.key), readFileSync(paths.metainfo)];
  await expect(openPair(paths, undefined)).rejects.toThrow(/is not the key of/);
  expect([readFileSync(paths.key), readFileSync(paths.metainfo)]).toEqual(before);
});

test('a file without its key is refused', async () => {
  writeFileSync(paths.metainfo, metainfoFor(new Uint8Array(32).fill(9)));
  await expect(openPair(paths, undefined)).rejects.toThrow(/but not its key/);
});

test('a sealed key opens with its passphrase only', async () => {
  const { secretKey } = await openPair(paths, 'correct horse');
  expect((await openPair(paths, 'correct horse')).secretKey).toEqual(secretKey);
  await expect(openPair(paths, 'battery staple')).rejects.toThrow(/does not open this key/);
  await expect(openPair(paths, undefined)).rejects.toThrow(/is sealed/);
});
