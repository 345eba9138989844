import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ResumeFile } from '../../src/vod/resume-file.js';

test('saved by several at once, it is whole, and nothing else stays in the folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tstream-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const infohash = new Uint8Array(20).fill(7);
  const held = Uint8Array.from({ length: 1000 }, (_, piece) => piece % 2);
  const files = [{ lengthBytes: 5000, modifiedNs: 12n }];
  await Promise.all(
    Array.from({ length: 20 }, () => new ResumeFile(folder, 'film.mp4', infohash).save({ held, files })),
  );
  expect(await new ResumeFile(folder, 'film.mp4', infohash).load(1000, 1)).toEqual({ held, files });
  expect(readdirSync(folder)).toEqual(['.film.mp4.tstream-resume']);
});

test('of another torrent says nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tstream-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await new ResumeFile(folder, 'film.mp4', new Uint8Array(20)).save({ held: new Uint8Array(8), files: [] });
  expect(await new ResumeFile(folder, 'film.mp4', new Uint8Array(20).fill(1)).load(8, 0)).toBeUndefined();
});
