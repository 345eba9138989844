import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMetainfo, encodeBencode, utf8Bytes, type VodMetainfo } from '@tstream/tstream-format';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describe as describeFiles } from '../src/vod/describe.js';
import { durationOf } from '../src/vod/duration.js';
import { readVodOptions, type VodOptions } from '../src/vod/options.js';
import { scan } from '../src/vod/scan.js';
import { makeTorrent, pieceLengthFor, writeTorrent } from '../src/vod/torrent-file.js';
import { vod } from '../src/vod/vod.js';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tstream-vod-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = (given: Record<string, unknown> = {}): Promise<VodOptions> =>
  readVodOptions({ port: '0', maxPeers: '50', ...given });
const never = { signal: new AbortController().signal, onProgress: () => undefined };

async function tree(files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

async function torrentOf(path: string): Promise<VodMetainfo> {
  const decoded = decodeMetainfo(await readFile(path));
  if (!decoded.ok || decoded.value.kind !== 'vod') throw new Error('no torrent');
  return decoded.value;
}

describe('scan', () => {
  test('takes the files of a folder in the order of their paths, and says what it left out', async () => {
    await tree({
      'films/b/a.mp4': '1',
      'films/b.mp4': '22',
      'films/A.mp4': '333',
      'films/.hidden': 'x',
      'films/e': '',
    });
    await symlink('/etc/passwd', join(folder, 'films/link'));
    const found = await scan(join(folder, 'films'), join(folder, 'films.torrent'));
    expect(found.files.map(({ path }) => path.join('/'))).toEqual(['A.mp4', 'b.mp4', 'b/a.mp4', 'e']);
    expect(found).toMatchObject({ name: 'films', folder, isFolder: true, lengthBytes: 6 });
    expect(found.leftOut.toSorted()).toEqual([join(folder, 'films/.hidden'), join(folder, 'films/link')]);
  });

  test('the torrent that is made is no part of it', async () => {
    await tree({ 'films/a': '1', 'films/films.torrent': 'old' });
    const found = await scan(join(folder, 'films'), join(folder, 'films/films.torrent'));
    expect(found.files.map(({ path }) => path)).toEqual([['a']]);
  });

  test.each([
    ['nothing in it', { 'x/empty': '' }, 'x', 'has nothing in it'],
    ['a name that no other system takes', { 'x/a:b': '1' }, 'x', 'cannot have this name on every system'],
    ['a folder of that name', { 'con/a': '1' }, 'con', "'con' cannot be the name of a torrent"],
    ['no such file', {}, 'film.mp4', 'no such file or folder'],
  ])('refuses %s', async (_, files, name, message) => {
    await tree(files);
    await expect(scan(join(folder, name), join(folder, 't'))).rejects.toThrow(message);
  });
});

describe('what is said beside info', () => {
  test('a picture of the same name belongs to the film', async () => {
    await tree({ 'films/one.mp4': 'x', 'films/one.jpg': JPEG, 'films/two.txt': 'x', 'films/two.jpg': 'no picture' });
    const { perFile, notes } = await describeFiles(await scan(join(folder, 'films'), ''), undefined);
    expect(perFile).toEqual([{}, { thumb: JPEG }, {}, {}]);
    expect(notes).toEqual(['cannot tell how long one.mp4 lasts: viewers see no duration']);
  });

  test('a film whose duration nothing says is refused until a person says it', async () => {
    await tree({ 'film.mp4': randomBytes(1000) });
    const found = await scan(join(folder, 'film.mp4'), '');
    await expect(describeFiles(found, undefined)).rejects.toThrow('--duration 4:15');
    expect(await describeFiles(found, 4000)).toMatchObject({ durationMs: 4000, bitrateBitsPerSecond: 2000 });
  });

  test('without ffprobe the parser says it', async () => {
    const wav = Buffer.alloc(44 + 16_000);
    wav.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
    wav.writeUInt32LE(36 + 16_000, 4);
    for (const [value, at] of [
      [16, 16],
      [8000, 24],
      [16_000, 28],
      [16_000, 40],
    ] as const)
      wav.writeUInt32LE(value, at);
    for (const [value, at] of [
      [1, 20],
      [1, 22],
      [2, 32],
      [16, 34],
    ] as const)
      wav.writeUInt16LE(value, at);
    wav.write('data', 36, 'latin1');
    await tree({ 'tone.wav': wav, 'other.wav': 'nothing' });
    expect(await durationOf(join(folder, 'tone.wav'), join(folder, 'no-ffprobe'))).toBe(1000);
    expect(await durationOf(join(folder, 'other.wav'), join(folder, 'no-ffprobe'))).toBeUndefined();
  });
});

describe('the torrent', () => {
  test('has the infohash that every program makes of the file', async () => {
    const film = randomBytes(100_000);
    await tree({ 'film.bin': film });
    const found = await scan(join(folder, 'film.bin'), '');
    const given = await options({ pieceLength: '64k', title: 'A film', webseed: ['http://a.example/'] });
    const { metainfo } = await makeTorrent(
      found,
      await describeFiles(found, 5000),
      given,
      ['http://t.example/'],
      never,
    );
    const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();
    const info = new Map<string, number | Uint8Array>([
      ['length', film.length],
      ['name', utf8Bytes('film.bin')],
      ['piece length', 65_536],
      ['pieces', Buffer.concat([sha1(film.subarray(0, 65_536)), sha1(film.subarray(65_536))])],
    ]);
    expect(Buffer.from(metainfo.infohash)).toEqual(sha1(encodeBencode(info)));
    expect(metainfo).toMatchObject({ durationMs: 5000, title: 'A film', trackers: [['http://t.example/']] });
  });

  test('is renewed, but never written over another file', async () => {
    await tree({ 'film.bin': randomBytes(1000), other: 'mine' });
    const found = await scan(join(folder, 'film.bin'), '');
    const file = await makeTorrent(found, { perFile: undefined, notes: [] }, await options(), [], never);
    const path = join(folder, 'film.torrent');
    await writeTorrent(path, file);
    await writeTorrent(path, file);
    expect((await torrentOf(path)).infohash).toEqual(file.metainfo.infohash);
    await expect(writeTorrent(join(folder, 'other'), file)).rejects.toThrow('is another file');
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('mine');
  });

  test('is made without seeding', async () => {
    await tree({ 'films/a.bin': randomBytes(1000), 'films/b.bin': randomBytes(1000) });
    const out = join(folder, 'out.torrent');
    const given = await options({ seed: false, json: true, out, private: true });
    await vod(join(folder, 'films'), given, new AbortController().signal);
    expect(await torrentOf(out)).toMatchObject({ name: 'films', isPrivate: true, isFolder: true, trackers: [] });
  });
});

describe('the length of a piece', () => {
  test('makes at most 1500 pieces of what is not too long', () => {
    expect([1, 2 ** 24, 2 ** 26, 2 ** 30, 2 ** 50].map((length) => pieceLengthFor(length, undefined))).toEqual([
      2 ** 14,
      2 ** 14,
      2 ** 16,
      2 ** 20,
      2 ** 24,
    ]);
  });

  test.each([
    [1, 16_385],
    [1, 2 ** 13],
    [1, 2 ** 28],
    [2 ** 50, 2 ** 14],
  ])('of %i bytes is not %i', (length, asked) => {
    expect(() => pieceLengthFor(length, asked)).toThrow('--piece-length');
  });
});

test.each([
  [{ webseed: ['ftp://a.example/'] }, "--webseed 'ftp://a.example/' is not"],
  [{ duration: 'long' }, '--duration'],
  [{ tracker: ['nowhere'] }, "--tracker 'nowhere' is not"],
  [{ host: 'localhost' }, "--host 'localhost' is not an IP address"],
])('%o is refused in one line', async (given, message) => {
  await expect(options(given)).rejects.toThrow(message);
});
