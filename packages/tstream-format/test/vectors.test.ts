import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  bencodeRawValue,
  createLiveMetainfo,
  createVodMetainfo,
  decodeBencode,
  decodeInfo,
  decodeMetainfo,
  describeMetainfoReason,
  encodeBencode,
  formatMagnet,
  hex,
  type MetainfoReason,
  parseMagnet,
} from '../src/index.js';
import { bytesOf, torrents, vectors } from './vectors.js';

const python = spawnSync('python3', ['--version']).status === 0;

const generators = ['metainfo', 'torrent'];
it.skipIf(!python && process.env.CI !== 'true').each(generators)('the vectors are what %s.py makes', (name) => {
  const generator = fileURLToPath(new URL(`../../../spec/vectors/gen/${name}.py`, import.meta.url));
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
  type WithThumb = { thumb?: string };
  const withThumb = <T extends WithThumb>({ thumb, ...rest }: T): Omit<T, 'thumb'> & { thumb?: Uint8Array } =>
    thumb === undefined ? rest : { ...rest, thumb: bytesOf(thumb) };

  it.each(torrents.written)('is written to the byte: $title', ({ fields, bytes, infohash }) => {
    const { pieceHashes, perFile, ...rest } = fields;
    const torrent = {
      ...withThumb(rest),
      pieceHashes: bytesOf(pieceHashes),
      ...(perFile === undefined ? {} : { perFile: perFile.map(withThumb) }),
    };
    const file = createVodMetainfo(torrent);
    expect(hex(file)).toBe(hex(bytesOf(bytes)));
    const decoded = decodeMetainfo(file);
    expect(decoded.ok && hex(decoded.value.infohash)).toBe(infohash);
  });

  it.each(torrents.recognised)('is read to the field: $title', ({ bytes, expect: fields }) => {
    const { infohash, pieceHashes, info, perFile, ...rest } = fields;
    const value = {
      kind: 'vod',
      ...withThumb(rest),
      infohash: bytesOf(infohash),
      pieceHashes: pieceHashes === null ? undefined : bytesOf(pieceHashes),
      infoBytes: bytesOf(info),
      perFile: perFile.map(withThumb),
    };
    expect(decodeMetainfo(bytesOf(bytes))).toEqual({ ok: true, value });
  });

  it.each(torrents.recognised)('is read from info alone: $title', ({ expect: { info, infohash, files } }) => {
    const decoded = decodeInfo(bytesOf(info));
    if (!decoded.ok || decoded.value.kind !== 'vod') throw new Error('no torrent');
    expect({ ...decoded.value, infohash: hex(decoded.value.infohash) }).toMatchObject({
      infohash,
      files,
      trackers: [],
      webSeeds: [],
      perFile: files.map(() => ({})),
    });
  });

  it.each(torrents.refused)('is refused as $reason: $title', ({ bytes, reason }) => {
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
  const groups = [vectors.bencode.refused, vectors.live.refused, torrents.refused];
  const named = [...new Set(groups.flat().map(({ reason }) => reason))].sort();
  const sentences = named.map((reason) => describeMetainfoReason(reason as MetainfoReason));
  expect(Object.fromEntries(named.map((reason, at) => [reason, sentences[at]]))).toMatchSnapshot();
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^\n]+: [^\n]+\.$/);
});
