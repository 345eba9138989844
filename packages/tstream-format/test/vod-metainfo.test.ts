import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  createVodMetainfo,
  decodeBencode,
  decodeInfo,
  decodeMetainfo,
  encodeBencode,
  isSafeName,
  isWebSeedUrl,
  utf8Bytes,
  type VodFileDisplay,
  type VodMetainfo,
  type VodTorrent,
} from '../src/index.js';
import { bytesOf, torrents } from './vectors.js';

const letters = fc.constantFrom(...'abcXYZ019 -_()é東🎥<>"&\'`$|*?');
const line = (max: number) => fc.array(letters, { minLength: 1, maxLength: max }).map((parts) => parts.join(''));
const name = line(40).filter(isSafeName);
const thumb = fc.uint8Array({ maxLength: 50 }).map((rest) => Uint8Array.of(0xff, 0xd8, 0xff, ...rest));
const url = fc.stringMatching(/^[a-z0-9.-]{1,30}$/).map((host) => `https://${host}/films/`);
const bitrate = fc.integer({ min: 1, max: 1e9 });
const duration = fc.integer({ min: 1, max: 8_640_000_000 });
const display = fc.record({ durationMs: duration, bitrateBitsPerSecond: bitrate, thumb }, { requiredKeys: [] });
/** Each path begins with its number, so that no two are one. */
const folder = fc
  .array(fc.tuple(fc.array(name, { maxLength: 4 }), fc.nat(100_000)), { minLength: 1, maxLength: 8 })
  .map((files) => files.map(([path, lengthBytes], at) => ({ path: [`${at}`, ...path], lengthBytes })))
  .filter((files) => files.some(({ lengthBytes }) => lengthBytes > 0))
  .map((files) => ({ files }));
const single = fc.integer({ min: 1, max: 1_000_000 }).map((lengthBytes) => ({ lengthBytes }));
const anyTorrent: fc.Arbitrary<VodTorrent> = fc
  .tuple(fc.oneof(folder, single), fc.constantFrom(16384, 65536, 0x8000000))
  .chain(([content, pieceLength]) => {
    const length =
      'files' in content ? content.files.reduce((sum, file) => sum + file.lengthBytes, 0) : content.lengthBytes;
    const bytes = Math.ceil(length / pieceLength) * 20;
    const files = 'files' in content ? content.files.length : 0;
    return fc.record<VodTorrent>(
      {
        name,
        pieceLength: fc.constant(pieceLength),
        content: fc.constant(content),
        pieceHashes: fc.uint8Array({ minLength: bytes, maxLength: bytes }),
        isPrivate: fc.boolean(),
        webSeeds: fc.uniqueArray(url, { maxLength: 32 }),
        announce: fc.uniqueArray(url, { maxLength: 4 }).map((urls) => urls.map((one) => [one])),
        durationMs: duration,
        bitrateBitsPerSecond: bitrate,
        thumb,
        title: line(60),
        ...(files > 0 ? { perFile: fc.array(display, { minLength: files, maxLength: files }) } : {}),
      },
      { requiredKeys: ['name', 'pieceLength', 'content', 'pieceHashes'] },
    );
  });

describe('laws', () => {
  test.prop([anyTorrent])('decode(create(x)) ≡ x', (torrent) => {
    const read = decoded(createVodMetainfo(torrent));
    const { announce = [], webSeeds = [], isPrivate = false, content, perFile, ...fields } = torrent;
    const files = 'files' in content ? content.files : [{ path: [torrent.name], lengthBytes: content.lengthBytes }];
    expect(read).toMatchObject({ ...fields, trackers: announce, webSeeds, isPrivate, isFolder: 'files' in content });
    expect(read.files.map(({ path, lengthBytes }) => ({ path, lengthBytes }))).toEqual(files);
    expect(read.perFile).toEqual(perFile ?? files.map(() => ('files' in content ? {} : whole(torrent))));
    expect(read.lengthBytes).toBe(read.files.reduce((sum, file) => sum + file.lengthBytes, 0));
    for (const [at, file] of read.files.entries()) {
      const before = read.files[at - 1];
      expect(file.offsetBytes).toBe(before === undefined ? 0 : before.offsetBytes + before.lengthBytes);
    }
  });

  test.prop([anyTorrent])('the infohash is that of the four or five keys that every program writes', (torrent) => {
    const { content, pieceHashes } = torrent;
    const info = new Map<string, Parameters<typeof encodeBencode>[0]>([
      ['name', utf8Bytes(torrent.name)],
      ['piece length', torrent.pieceLength],
      ['pieces', pieceHashes],
      ...(torrent.isPrivate === true ? [['private', 1] as const] : []),
      'files' in content
        ? [
            'files',
            content.files.map(
              (f) =>
                new Map<string, number | Uint8Array[]>([
                  ['length', f.lengthBytes],
                  ['path', f.path.map(utf8Bytes)],
                ]),
            ),
          ]
        : ['length', content.lengthBytes],
    ]);
    const infohash = createHash('sha1').update(encodeBencode(info)).digest();
    expect(Buffer.from(decoded(createVodMetainfo(torrent)).infohash)).toEqual(infohash);
  });

  test.prop([anyTorrent])('info alone says the same of the content', (torrent) => {
    const read = decoded(createVodMetainfo(torrent));
    const alone = decodeInfo(read.infoBytes);
    if (!alone.ok || alone.value.kind !== 'vod') throw new Error('no torrent');
    const { pieceHashes, files, infohash, isPrivate, isFolder } = alone.value;
    expect(read).toMatchObject({ pieceHashes, files, infohash, isPrivate, isFolder });
    expect([alone.value.trackers, alone.value.webSeeds, alone.value.title]).toEqual([[], [], undefined]);
  });

  const component = fc.oneof(
    name,
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('..', '.', '', 'C:', 'nul', 'a\\b', 'a/b', 'x'.repeat(256)),
  );
  const entry = fc.record({
    path: fc.array(component, { maxLength: 4 }),
    length: fc.integer({ min: -1, max: 9 }),
    attr: fc.constantFrom('', 'p', 'x', 'l'),
  });
  test.prop([fc.array(entry, { maxLength: 6 }), name], { numRuns: 1000 })(
    'no path leads out of the folder, and no two are one',
    (entries, folderName) => {
      const files = entries.map(
        ({ path, length, attr }) =>
          new Map<string, number | Uint8Array | Uint8Array[]>([
            ['path', path.map((c) => new TextEncoder().encode(c))],
            ['length', length],
            ['attr', utf8Bytes(attr)],
          ]),
      );
      const info = encodeBencode(
        new Map<string, Parameters<typeof encodeBencode>[0]>([
          ['name', utf8Bytes(folderName)],
          ['piece length', 16384],
          ['pieces', new Uint8Array(20)],
          ['files', files],
        ]),
      );
      const result = decodeInfo(info);
      if (!result.ok || result.value.kind !== 'vod') return;
      const written = result.value.files.filter((file) => !file.isPadding).map(({ path }) => path);
      for (const path of written) {
        expect(path.length).toBeGreaterThan(0);
        for (const part of path) expect(part).toMatch(/^[^\p{Cc}/\\:]*[^\p{Cc}/\\:. ]$/u);
      }
      const folded = written.map((path) => path.join('/').toLowerCase());
      expect(new Set(folded).size).toBe(folded.length);
      for (const one of folded) expect(folded.some((other) => other.startsWith(`${one}/`))).toBe(false);
    },
  );

  const small = torrents.recognised.map(({ bytes }) => bytesOf(bytes)).filter((bytes) => bytes.length < 3000);
  test.prop([fc.constantFrom(...small), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })], {
    numRuns: 2000,
  })('an altered file is read as something whole or refused', (file, changes) => {
    const altered = Uint8Array.from(file);
    for (const [at, byte] of changes) altered[at % altered.length] = byte;
    const result = decodeMetainfo(altered);
    if (!result.ok || result.value.kind !== 'vod') return;
    const { files, pieceHashes, perFile, lengthBytes, pieceLength } = result.value;
    expect(perFile.length).toBe(files.length);
    if (pieceHashes !== undefined) expect(pieceHashes.length).toBe(Math.ceil(lengthBytes / pieceLength) * 20);
  });
});

describe('limits', () => {
  it('32768 files, and as many pieces as 10 MB have room for, are read', () => {
    const files = Array.from({ length: 0x8000 }, (_, at) => ({ path: [`${at}`], lengthBytes: 1 }));
    const many = { name: 'n', pieceLength: 16384, pieceHashes: new Uint8Array(40), content: { files } };
    expect(decoded(createVodMetainfo(many)).files.length).toBe(0x8000);
    const pieces = 499_000;
    const long = {
      name: 'n',
      pieceLength: 16384,
      pieceHashes: new Uint8Array(pieces * 20),
      content: { lengthBytes: pieces * 16384 },
    };
    expect(decoded(createVodMetainfo(long)).pieceHashes?.length).toBe(pieces * 20);
  });

  it('a deep file tree is refused before it is walked', () => {
    const depth = 100_000;
    const bytes = utf8Bytes(`d4:infod9:file tree${'d1:a'.repeat(depth)}${'e'.repeat(depth)}ee`);
    expect(decodeMetainfo(bytes)).toEqual({ ok: false, reason: 'too-deep' });
  });
});

describe("the author's mistakes", () => {
  const one: VodTorrent = {
    name: 'film.mp4',
    pieceLength: 16384,
    pieceHashes: new Uint8Array(60),
    content: { lengthBytes: 40_000 },
  };
  const files = (...paths: string[][]): VodTorrent['content'] => ({
    files: paths.map((path) => ({ path, lengthBytes: 40_000 / paths.length })),
  });
  it.each<[string, Partial<VodTorrent>, string]>([
    ['name', { name: '../film' }, 'expected name as a safe file name'],
    ['piece length', { pieceLength: 20_000 }, 'expected pieceLength as a power of two in 16384..134217728, got 20000'],
    ['hashes', { pieceHashes: new Uint8Array(40) }, 'expected pieceHashes of 60 bytes, got 40'],
    ['no content', { content: { lengthBytes: 0 } }, 'expected a content of at least one byte, got 0'],
    ['fraction', { content: { lengthBytes: 1.5 } }, 'expected a content of at least one byte, got 1.5'],
    ['too many pieces', { content: { lengthBytes: 2 ** 52 } }, 'expected at most 2097152 pieces'],
    [
      'path outside',
      { content: files(['a', '..']) },
      'expected paths of names that are safe on any system, got "a/.."',
    ],
    ['two of one path', { content: files(['a'], ['A']) }, 'expected paths that no system takes for the same, got "A"'],
    [
      'too many files',
      { content: { files: Array.from({ length: 32_769 }, (_, at) => ({ path: [`${at}`], lengthBytes: 1 })) } },
      'expected at most 32768 files',
    ],
    [
      'negative length',
      { content: { files: [{ path: ['a'], lengthBytes: -1 }] } },
      'expected lengthBytes as whole bytes, got -1',
    ],
    ['duration', { durationMs: 0 }, 'expected durationMs in 1..8640000000, got 0'],
    ['perFile of one file', { perFile: [{}] }, 'expected perFile for 0 files, got 1'],
    ['duration of a file', { content: files(['a']), perFile: [{ durationMs: 1.5 }] }, 'expected durationMs'],
    [
      'bitrate of a file',
      { content: files(['a']), perFile: [{ bitrateBitsPerSecond: 0 }] },
      'expected bitrateBitsPerSecond',
    ],
    [
      'picture of a file',
      { content: files(['a']), perFile: [{ thumb: new Uint8Array(1) }] },
      'expected thumb as a JPEG or PNG',
    ],
    ['web seed', { webSeeds: ['ftp://a.example/'] }, 'expected a http or https URL of a web seed'],
    ['web seed twice', { webSeeds: ['http://a.example/', 'http://a.example/'] }, 'expected each web seed once'],
    [
      '33 web seeds',
      { webSeeds: Array.from({ length: 33 }, (_, at) => `http://a.example/${at}`) },
      'expected at most 32 web seeds',
    ],
  ])('%s throws a RangeError', (_, change, message) => {
    const mistake = (): Uint8Array => createVodMetainfo({ ...one, ...change });
    expect(mistake).toThrow(RangeError);
    expect(mistake).toThrow(message);
  });

  it('more than 10 MB throw', () => {
    const picture = Uint8Array.of(0xff, 0xd8, 0xff, ...new Uint8Array(60_000));
    const paths = Array.from({ length: 200 }, (_, at) => [`${at}`]);
    const perFile: VodFileDisplay[] = paths.map(() => ({ thumb: picture }));
    expect(() => createVodMetainfo({ ...one, content: files(...paths), perFile })).toThrow(
      'expected at most 10000000 bytes',
    );
  });

  it('hashes that are no bytes throw a TypeError', () => {
    expect(() => createVodMetainfo({ ...one, pieceHashes: 'x' as unknown as Uint8Array })).toThrow(TypeError);
  });
});

it('a web seed is http or https', () => {
  expect(['http://a/', 'HTTPS://a:1/x', 'udp://a:1', 'ws://a', 'http://a:0/', '/a'].map(isWebSeedUrl)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

it('what is read shares no memory with the info', () => {
  const info = Buffer.from(bytesOf(torrents.recognised[0]?.expect.info ?? ''));
  const read = decodeInfo(info);
  const before = structuredClone(read);
  info.fill(0);
  expect(read).toEqual(before);
  expect(decodeBencode(info).ok).toBe(false);
});

function decoded(bytes: Uint8Array): VodMetainfo {
  const result = decodeMetainfo(bytes);
  if (!result.ok || result.value.kind !== 'vod') throw new Error(result.ok ? 'a live stream' : result.reason);
  return result.value;
}

function whole({ durationMs, bitrateBitsPerSecond, thumb: picture }: VodTorrent): VodFileDisplay {
  const fields = Object.entries({ durationMs, bitrateBitsPerSecond, thumb: picture });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
