import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  bencodeRawValue,
  createLiveMetainfo,
  decodeBencode,
  decodeMetainfo,
  describeMetainfoReason,
  encodeBencode,
  formatMagnet,
  fromHex,
  hex,
  type MetainfoReason,
  parseMagnet,
} from '../src/index.js';
import { bytesOf, vectors } from './vectors.js';

const generator = fileURLToPath(new URL('../../../spec/vectors/gen/metainfo.py', import.meta.url));
const python = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!python && process.env.CI !== 'true')('the vectors are what their generator makes', () => {
  const check = spawnSync('python3', [generator, '--check'], { encoding: 'utf8' });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});

describe('bencode', () => {
  it.each(vectors.bencode.valid)('takes and gives back: $name', ({ bytes }) => {
    const decoded = decodeBencode(bytesOf(bytes));
    if (!decoded.ok) throw new Error(decoded.reason);
    expect(Buffer.compare(encodeBencode(decoded.value), bytesOf(bytes))).toBe(0);
  });

  it.each(vectors.bencode.refused)('refuses as $reason: $name', ({ bytes, reason }) => {
    expect(decodeBencode(bytesOf(bytes))).toEqual({ ok: false, reason });
    expect(decodeMetainfo(bytesOf(bytes))).toEqual({ ok: false, reason });
  });
});

describe('live metainfo', () => {
  const streams = vectors.live.written.map(({ fields, ...rest }) => {
    const { streamKey, thumb, ...others } = fields;
    const optional = thumb === undefined ? {} : { thumb: bytesOf(thumb) };
    return { ...rest, stream: { ...others, streamKey: bytesOf(streamKey), ...optional } };
  });

  it.each(streams)('is written to the byte: $title', ({ stream, bytes }) => {
    expect(hex(createLiveMetainfo(stream))).toBe(hex(bytesOf(bytes)));
  });

  it.each(streams)('is read to the field: $title', ({ stream, bytes, info, infohash, infoDigest }) => {
    const { announce = [], ...fields } = stream;
    expect(decodeMetainfo(bytesOf(bytes))).toEqual({
      ok: true,
      value: {
        kind: 'live',
        ...fields,
        trackers: announce,
        infoBytes: bytesOf(info),
        infohash: bytesOf(infohash),
        infoDigest: bytesOf(infoDigest),
      },
    });
  });

  it.each(vectors.live.sifted)(
    'takes the stream and leaves out the rest: $title',
    ({ bytes, expect: optional, ...own }) => {
      const decoded = decodeMetainfo(bytesOf(bytes));
      if (!decoded.ok || decoded.value.kind !== 'live') throw new Error('not a live stream');
      const { kind, name, pieceLength, ringPieces, windowPieces, streamKey, infoBytes, infohash, infoDigest, ...rest } =
        decoded.value;
      expect(rest).toEqual(optional);
      expect({ kind, name, pieceLength, ringPieces, windowPieces }).toEqual({
        kind: 'live',
        name: 'stream',
        pieceLength: 16384,
        ringPieces: 64,
        windowPieces: 16,
      });
      expect(hex(infohash)).toBe(own.infohash ?? vectors.live.written[0]?.infohash);
      expect([streamKey.length, infoBytes, infoDigest.length]).toEqual([
        32,
        bencodeRawValue(bytesOf(bytes), 'info'),
        32,
      ]);
    },
  );

  it.each(vectors.live.refused)('refuses as $reason: $title', ({ bytes, reason }) => {
    expect(decodeMetainfo(bytesOf(bytes))).toEqual({ ok: false, reason });
  });
});

describe('metainfo with a fixed content', () => {
  it.each(vectors.vod.recognised)('is recognised: $title', ({ bytes, expect: fields }) => {
    const infohash = fromHex(fields.infohash);
    expect(decodeMetainfo(bytesOf(bytes))).toEqual({ ok: true, value: { kind: 'vod', ...fields, infohash } });
  });

  it.each(vectors.vod.refused)('is refused as $reason: $title', ({ bytes, reason }) => {
    expect(decodeMetainfo(bytesOf(bytes))).toEqual({ ok: false, reason });
  });
});

describe('magnet links', () => {
  const magnets = ({ infohash, ...rest }: { infohash: string }) => ({ ...rest, infohash: bytesOf(infohash) });

  it.each(vectors.magnet.written)('are written to the character: $uri', ({ uri, magnet }) => {
    expect(formatMagnet({ ...magnet, infohash: bytesOf(magnet.infohash) })).toBe(uri);
  });

  it.each([...vectors.magnet.written, ...vectors.magnet.read])('are read: $uri', ({ uri, magnet }) => {
    expect(parseMagnet(uri)).toEqual({ ok: true, value: magnets(magnet) });
  });

  it.each(vectors.magnet.refused)('are refused as $reason: $uri', ({ uri, reason }) => {
    expect(parseMagnet(uri)).toEqual({ ok: false, reason });
  });
});

it('the vectors name every reason for a refusal, and each has its sentence', () => {
  const groups = [vectors.bencode.refused, vectors.live.refused, vectors.vod.refused];
  const named = [...new Set(groups.flat().map(({ reason }) => reason))].sort();
  const sentences = named.map((reason) => describeMetainfoReason(reason as MetainfoReason));
  expect(Object.fromEntries(named.map((reason, at) => [reason, sentences[at]]))).toMatchSnapshot();
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^\n]+: [^\n]+\.$/);
});
