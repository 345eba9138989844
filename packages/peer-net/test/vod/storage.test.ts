import { mkdir, readdir, readFile, rename, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../stream.js';
import { Bench, type MadeContent, makeContent } from './torrents.js';

const bench = new Bench();
afterEach(() => bench.clear());

const FOLDER = { 'a.bin': 100_000, 'b.bin': 100_000, 'c.bin': 100_000 };

async function reasonOf(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => new Error('it opened'),
    (reason) => reason as Error,
  );
  return error.message;
}

/** Opened, looked at, closed. */
async function heldBytes(made: MadeContent, folder: string, existing: 'verify' | 'trust-resume'): Promise<number> {
  const { torrent, events, node } = await bench.torrent(made, { folder, existing });
  const { bytesHeld } = torrent.figures();
  await node.close();
  expect(events.filter(({ type }) => type === 'storageTrouble')).toEqual([]);
  return bytesHeld;
}

describe("somebody's own file at the place", () => {
  it.each([
    ['of another content', (path: string) => writeFile(path, 'my diary'), /nothing of this torrent: move it away/],
    ['that is longer', (path: string) => writeFile(path, Buffer.alloc(200_001)), /another file .*200001 bytes.*200000/],
    ['that is a folder', (path: string) => mkdir(path), /no plain file \(it is a folder\): move it away/],
    ['that is a link', (path: string) => symlink('/etc/hostname', path), /no plain file \(it is a link to somewhere/],
  ])('%s is refused, and left as it is', async (_name, make, reason) => {
    const made = makeContent({ lengths: 200_000 });
    const folder = await bench.folder();
    await make(join(folder, 'film.bin'));
    const before = await stat(join(folder, 'film.bin'));
    expect(await reasonOf(bench.torrent(made, { folder }))).toMatch(reason);
    expect((await stat(join(folder, 'film.bin'))).mtimeMs).toBe(before.mtimeMs);
    expect(await readdir(folder)).toEqual(['film.bin']);
  });

  it('is not reached through a link in the place of a folder', async () => {
    const made = makeContent({ name: 'folder', lengths: { 'sub/a.bin': 1000 } });
    const [folder, elsewhere] = [await bench.folder(), await bench.folder()];
    await mkdir(join(folder, 'folder'));
    await symlink(elsewhere, join(folder, 'folder', 'sub'));
    expect(await reasonOf(bench.torrent(made, { folder }))).toMatch(/a link to somewhere else/);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it.each([
    [
      'a file',
      async (folder: string, elsewhere: string) => symlink(join(elsewhere, 'x'), join(folder, 'folder', 'a.bin')),
    ],
    ['a folder', async (folder: string, elsewhere: string) => symlink(elsewhere, join(folder, 'folder', 'sub'))],
  ])('is not written to through a link put in the place of %s later', async (_name, link) => {
    const made = makeContent({ name: 'folder', lengths: { 'a.bin': 100_000, 'sub/b.bin': 100_000 } });
    const [folder, elsewhere] = [await bench.folder(), await bench.folder()];
    const { node, torrent, events } = await bench.torrent(made, { folder });
    await mkdir(join(folder, 'folder'));
    await link(folder, elsewhere);
    await bench.seeder(made, { peers: [{ host: '127.0.0.1', port: node.port }] });
    await until(() => events.some(({ type }) => type === 'storageTrouble'));
    expect(events.find((event) => event.type === 'storageTrouble')?.reason).toMatch(/takes nothing more .*a link to/);
    expect(await readdir(elsewhere)).toEqual([]);
    expect(events.filter(({ type }) => type === 'complete')).toEqual([]);
    expect(torrent.figures().peers).toBe(1);
  });
});

describe('what is there already', () => {
  it('is found by hashing, whoever wrote it', async () => {
    const made = makeContent({ lengths: 200_000 });
    const folder = await bench.folder();
    await writeFile(join(folder, 'film.bin'), made.bytes.subarray(0, 150_000));
    expect(await heldBytes(made, folder, 'verify')).toBe(4 * 32_768);
  });

  it('is believed without hashing while it looks as it did, and hashed when it does not', async () => {
    const made = makeContent({ name: 'folder', lengths: FOLDER, pieceLength: 16_384 });
    const folder = await bench.folder();
    await made.writeTo(folder);
    expect(await heldBytes(made, folder, 'verify')).toBe(300_000);
    const again = await bench.torrent(made, { folder });
    expect(again.events.filter(({ type }) => type === 'checking')).toEqual([]);
    expect(again.torrent.figures().bytesHeld).toBe(300_000);
    await again.node.close();
    // Of the same length: only the time tells.
    const path = join(folder, 'folder', 'b.bin');
    const changed = Buffer.from(await readFile(path));
    changed[50_000] = (changed[50_000] as number) ^ 1;
    await writeFile(path, changed);
    const third = await bench.torrent(made, { folder });
    const checked = third.events.filter(({ type }) => type === 'checking');
    expect(checked.at(-1)).toMatchObject({ pieces: 7 });
    expect(third.torrent.figures().bytesHeld).toBe(300_000 - 16_384);
  });

  it('that is whole is served though nothing can be written down beside it', async () => {
    const made = makeContent({ lengths: 300_000 });
    const folder = await bench.folder();
    await made.writeTo(folder);
    // A folder cannot be replaced by a file.
    await mkdir(join(folder, '.film.bin.tstream-resume'));
    expect(await heldBytes(made, folder, 'verify')).toBe(300_000);
  });

  it('that is not whole is refused where nothing can be written down', async () => {
    const made = makeContent({ lengths: 300_000 });
    const folder = await bench.folder();
    await mkdir(join(folder, '.film.bin.tstream-resume'));
    expect(await reasonOf(bench.torrent(made, { folder }))).toMatch(/cannot write film\.bin .*choose another folder/);
  });

  it('is hashed where files were touched only, and found whole', async () => {
    const made = makeContent({ lengths: 200_000 });
    const folder = await bench.folder();
    await made.writeTo(folder);
    await heldBytes(made, folder, 'verify');
    await utimes(join(folder, 'film.bin'), 1, 1);
    expect(await heldBytes(made, folder, 'trust-resume')).toBe(200_000);
  });

  it('is not believed of another torrent with the same name', async () => {
    const [one, other] = [makeContent({ lengths: 200_000 }), makeContent({ lengths: 200_000 })];
    const folder = await bench.folder();
    await one.writeTo(folder);
    await heldBytes(one, folder, 'verify');
    expect(await reasonOf(bench.torrent(other, { folder }))).toMatch(/nothing of this torrent/);
    expect(await one.isIn(folder)).toBe(true);
  });

  it('goes on after a damaged note of what is there', async () => {
    const made = makeContent({ lengths: 200_000 });
    const folder = await bench.folder();
    await made.writeTo(folder);
    await writeFile(join(folder, '.film.bin.tstream-resume'), 'l-3:e');
    expect(await heldBytes(made, folder, 'trust-resume')).toBe(200_000);
  });
});

describe("a seeder's own files", () => {
  it('have to be whole', async () => {
    const made = makeContent({ name: 'folder', lengths: FOLDER });
    const folder = await bench.folder();
    const seed = () => reasonOf(bench.torrent(made, { folder, existing: 'must-be-whole', keepResume: false }));
    expect(await seed()).toMatch(/a\.bin is not there: give the folder that the content is in/);
    await made.writeTo(folder);
    await truncate(join(folder, 'folder', 'b.bin'), 99_999);
    expect(await seed()).toMatch(/b\.bin is another file .*99999 bytes/);
    const wrong = Buffer.from(made.files[1]?.bytes as Buffer);
    wrong.fill(0, 0, 10);
    await writeFile(join(folder, 'folder', 'b.bin'), wrong);
    expect(await seed()).toMatch(/a\.bin|b\.bin/);
    expect(await readdir(folder)).toEqual(['folder']);
  });

  it('are believed if they were hashed just now', async () => {
    const made = makeContent({ lengths: 200_000 });
    const held = new Uint8Array(7).fill(1);
    const { torrent, events } = await bench.seeder(made, { held });
    expect(torrent.figures().bytesHeld).toBe(200_000);
    expect(events.map(({ type }) => type)).toEqual(['complete']);
  });
});

describe('a file that vanishes or changes', () => {
  it.each([
    ['was cut short', (path: string) => truncate(path, 50_000), /its length changed/],
    ['was replaced', (path: string) => rename(`${path}.other`, path), /another file is in its place/],
    ['was changed', async (path: string) => utimes(path, 1, 1), /its content changed/],
    ['is gone', (path: string) => rename(path, `${path}.away`), /it is not there any more/],
  ])('because it %s is served no more, and left alone', async (_name, change, reason) => {
    const made = makeContent({ name: 'folder', lengths: FOLDER, pieceLength: 16_384 });
    const { node, torrent, folder, events } = await bench.seeder(made);
    const path = join(folder, 'folder', 'b.bin');
    await writeFile(`${path}.other`, Buffer.alloc(100_000));
    // Looked at once as it is.
    await new Promise((resolve) => setTimeout(resolve, 1600));
    await change(path);
    await until(() => events.some(({ type }) => type === 'storageTrouble'));
    const trouble = events.find((event) => event.type === 'storageTrouble');
    expect(trouble?.reason).toMatch(reason);
    expect(trouble?.reason).toMatch(/: nothing of it is served any more; start again for a torrent of what it is now$/);
    const { files } = torrent.figures();
    expect(files[1]?.heldBytes).toBe(0);
    expect(files[0]?.heldBytes).toBeGreaterThan(80_000);
    const after = await readdir(join(folder, 'folder'));
    const { torrent: other } = await bench.leecher(made, node);
    await until(() => other.figures().bytesHeld >= 180_000);
    expect(await readdir(join(folder, 'folder'))).toEqual(after);
  });
});
