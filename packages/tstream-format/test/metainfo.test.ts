import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  createLiveMetainfo,
  decodeMetainfo,
  formatMagnet,
  fromHex,
  hex,
  isSafeName,
  isTrackerUrl,
  type LiveStream,
  parseMagnet,
  utf8Bytes,
  utf8Text,
} from '../src/index.js';
import { bytesOf, torrents, vectors } from './vectors.js';

const stream: LiveStream = {
  name: 'stream',
  pieceLength: 16384,
  ringPieces: 64,
  windowPieces: 16,
  streamKey: new Uint8Array(32).fill(7),
};
const letters = fc.constantFrom(...'abcXYZ019 -_()é東🎥<>"&\'`$|*?');
const line = (max: number) => fc.array(letters, { minLength: 1, maxLength: max }).map((parts) => parts.join(''));
const url = fc
  .tuple(fc.constantFrom('http', 'https', 'udp', 'ws', 'wss'), fc.stringMatching(/^[a-z0-9.-]{1,30}$/), fc.nat(65534))
  .map(([scheme, host, port]) => `${scheme}://${host}:${port + 1}/announce`);
const tiers = fc
  .tuple(fc.uniqueArray(url, { maxLength: 32 }), fc.integer({ min: 1, max: 32 }))
  .map(([urls, size]) => urls.flatMap((_, at) => (at % size === 0 ? [urls.slice(at, at + size)] : [])));
const window = fc.integer({ min: 16, max: 0x80000 });
const anyStream: fc.Arbitrary<LiveStream> = window.chain((windowPieces) =>
  fc.record(
    {
      name: line(40).filter(isSafeName),
      pieceLength: fc.constantFrom(16384, 32768, 65536, 131072),
      windowPieces: fc.constant(windowPieces),
      ringPieces: fc.integer({ min: 4 * windowPieces, max: 0x200000 }),
      streamKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      announce: tiers,
      title: line(100),
      bitrateBitsPerSecond: fc.integer({ min: 1, max: 1e9 }),
      thumb: fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.of(0xff, 0xd8, 0xff, ...rest)),
      createdBy: line(100),
      creationDateS: fc.maxSafeNat(),
      comment: line(300),
    },
    { requiredKeys: ['name', 'pieceLength', 'windowPieces', 'ringPieces', 'streamKey'] },
  ),
);

describe('laws', () => {
  test.prop([anyStream])('decode(create(x)) ≡ x', (written) => {
    const decoded = decodeMetainfo(createLiveMetainfo(written));
    if (!decoded.ok || decoded.value.kind !== 'live') throw new Error('not a live stream');
    const { kind, trackers, infoBytes, infohash, infoDigest, ...read } = decoded.value;
    const { announce = [], ...fields } = written;
    expect(read).toEqual(fields);
    expect(trackers).toEqual(announce);
    expect([kind, infoBytes.length > 100, infohash.length, infoDigest.length]).toEqual(['live', true, 20, 32]);
  });

  test.prop([anyStream, anyStream])('what stands outside info does not change the infohash', (one, other) => {
    const { name, pieceLength, ringPieces, windowPieces, streamKey } = one;
    const infohash = (of: LiveStream): Uint8Array | undefined => {
      const decoded = decodeMetainfo(createLiveMetainfo(of));
      return decoded.ok ? decoded.value.infohash : undefined;
    };
    expect(infohash({ ...other, name, pieceLength, ringPieces, windowPieces, streamKey })).toEqual(infohash(one));
  });

  const files = [...vectors.live.written, ...vectors.live.sifted, ...torrents.recognised]
    .map(({ bytes }) => bytesOf(bytes))
    .filter((bytes) => bytes.length < 5000);
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'delete')), {
    minLength: 1,
    maxLength: 4,
  });
  test.prop([fc.constantFrom(...files), edits], { numRuns: 2000 })('an altered file never throws', (file, changes) => {
    let altered = [...file];
    for (const [at, byte, how] of changes) {
      altered = altered.toSpliced(at % altered.length, how === 'insert' ? 0 : 1, ...(how === 'delete' ? [] : [byte]));
    }
    const decoded = decodeMetainfo(Uint8Array.from(altered));
    if (decoded.ok) expect(isSafeName(decoded.value.name)).toBe(true);
    else expect(decoded.reason).toMatch(/^[a-z-]+$/);
  });

  test.prop([fc.uint8Array({ maxLength: 400 })])('arbitrary bytes never throw', (bytes) => {
    expect(decodeMetainfo(bytes).ok).toBe(false);
  });

  const magnet = fc.record(
    {
      infohash: fc.uint8Array({ minLength: 20, maxLength: 20 }),
      name: line(60),
      trackers: fc.uniqueArray(url, { maxLength: 32 }),
    },
    { requiredKeys: ['infohash', 'trackers'] },
  );
  test.prop([magnet])('parse(format(x)) ≡ x', (value) => {
    expect(parseMagnet(formatMagnet(value))).toEqual({ ok: true, value });
  });

  test.prop([
    fc.oneof(
      fc.string(),
      fc.string().map((rest) => `magnet:?xt=urn:btih:${'0'.repeat(40)}&${rest}`),
    ),
  ])('no text makes parseMagnet throw', (text) => {
    expect(typeof parseMagnet(text).ok).toBe('boolean');
  });

  test.prop([fc.uint8Array()])('fromHex(hex(x)) ≡ x', (bytes) => {
    expect(fromHex(hex(bytes))).toEqual(bytes);
    expect(fromHex(hex(bytes).toUpperCase())).toEqual(bytes);
  });

  test.prop([fc.string({ unit: 'binary' })])('utf8Text(utf8Bytes(x)) ≡ x', (text) => {
    expect(utf8Text(utf8Bytes(text))).toBe(text);
  });
});

describe("the author's mistakes", () => {
  const tracker = 'http://tracker.example/announce';
  it.each<[string, Partial<LiveStream>, string]>([
    ['folder in the name', { name: '../stream' }, 'expected name as a safe file name of 1..240 bytes, got "../stream"'],
    ['lone surrogate in the name', { name: 'a\ud800' }, 'expected name'],
    ['piece length', { pieceLength: 20000 }, 'expected pieceLength as one of 16384, 32768, 65536, 131072, got 20000'],
    ['window', { windowPieces: 15.5 }, 'expected windowPieces as a whole number from 16, got 15.5'],
    ['ring', { ringPieces: 63 }, 'expected ringPieces in 64..2097152, got 63'],
    ['large ring', { ringPieces: 0x200001 }, 'got 2097153'],
    ['key', { streamKey: new Uint8Array(31) }, 'expected streamKey of 32 bytes, got 31'],
    ['title', { title: 'two\nlines' }, 'expected title as one line of 1..512 bytes, got "two\\nlines"'],
    ['created by', { createdBy: '' }, 'expected createdBy'],
    ['comment', { comment: 'x'.repeat(4097) }, 'expected comment'],
    ['bitrate', { bitrateBitsPerSecond: 0 }, 'expected bitrateBitsPerSecond in 1..1000000000, got 0'],
    ['date', { creationDateS: 1.5 }, 'expected creationDateS as whole seconds, got 1.5'],
    ['picture', { thumb: Uint8Array.of(1) }, 'expected thumb as a JPEG or PNG of at most 65536 bytes, got "1 bytes"'],
    ['tracker', { announce: [['ftp://a.example']] }, 'expected a http, https, udp, ws or wss URL of a tracker'],
    ['tracker twice', { announce: [[tracker], [tracker]] }, 'expected each tracker once'],
    ['empty tier', { announce: [[tracker], []] }, 'expected tiers of at least one tracker'],
    ['33 trackers', { announce: [Array.from({ length: 33 }, (_, at) => `${tracker}/${at}`)] }, 'expected at most 32'],
  ])('%s throws a RangeError', (_, change, message) => {
    const mistake = (): Uint8Array => createLiveMetainfo({ ...stream, ...change });
    expect(mistake).toThrow(RangeError);
    expect(mistake).toThrow(message);
  });

  it('a key or picture that is no bytes throws a TypeError', () => {
    const text = 'text' as unknown as Uint8Array;
    expect(() => createLiveMetainfo({ ...stream, streamKey: text })).toThrow(TypeError);
    expect(() => createLiveMetainfo({ ...stream, thumb: text })).toThrow(TypeError);
  });

  it('an undefined optional field is as a missing one', () => {
    expect(createLiveMetainfo({ ...stream, title: undefined, announce: undefined })).toEqual(
      createLiveMetainfo(stream),
    );
  });

  it('a magnet link of anything but a swarm throws', () => {
    const magnet = { infohash: new Uint8Array(20), trackers: [] };
    expect(() => formatMagnet({ ...magnet, infohash: new Uint8Array(32) })).toThrow('expected an infohash of 20 bytes');
    expect(() => formatMagnet({ ...magnet, name: '\n' })).toThrow(RangeError);
    expect(() => formatMagnet({ ...magnet, trackers: ['x:y'] })).toThrow('got "x:y"');
    expect(() => formatMagnet({ ...magnet, trackers: [tracker, tracker] })).toThrow(RangeError);
    expect(() => parseMagnet(7 as unknown as string)).toThrow(TypeError);
  });
});

it('what is read shares no memory with the file', () => {
  const file = Buffer.from(createLiveMetainfo(stream));
  const decoded = decodeMetainfo(file);
  const before = structuredClone(decoded);
  file.fill(0);
  expect(decoded).toEqual(before);
});

it('a host of any length is told from none in one pass', () => {
  expect(isTrackerUrl(`http://${'a.'.repeat(1000)}`)).toBe(false);
  expect(isTrackerUrl(`http://${'a'.repeat(253)}`)).toBe(true);
});
