import { fc, test } from '@fast-check/vitest';
import { describe, test as example, expect } from 'vitest';
import { readSourceStatus } from '../src/source/source-status.js';
import { readViewerStats } from '../src/viewer/viewer-stats.js';
import { readVodStatus } from '../src/vod-source/vod-status.js';
import { readVodStats } from '../src/vod-viewer/vod-stats.js';

const PAGE = 'http://203.0.113.5:8764/';

describe('figures of the viewer', () => {
  example('are read field by field', () => {
    const stats = readViewerStats({
      title: 'Harbour',
      state: 'stalled',
      latencyMs: 2100,
      pieces: { run: 7, fromSeq: 40, states: '##+.' },
      neighbours: [{ id: 'a', address: '192.0.2.1:6881', isSource: true, rttMs: null, behindPieces: 3 }],
    });
    expect(stats).toMatchObject({
      title: 'Harbour',
      state: 'stalled',
      latencyMs: 2100,
      upBytes: 0,
      pieces: { run: 7, fromSeq: 40, states: '##+.' },
    });
    expect(stats?.neighbours[0]).toMatchObject({ isSource: true, rttMs: undefined, behindPieces: 3, upBytes: 0 });
  });

  example('of another type, or inherited, count as absent', () => {
    const stats = readViewerStats({ title: 7, state: 'dancing', upBytes: '12', latencyMs: null, neighbours: 'many' });
    expect(stats).toMatchObject({ title: '', state: 'waiting', upBytes: 0, latencyMs: 0, neighbours: [] });
  });

  example('of more pieces than are drawn are cut at the old end', () => {
    const stats = readViewerStats({ pieces: { run: 1, fromSeq: 100, states: `.....${'#'.repeat(240)}` } });
    expect(stats?.pieces).toEqual({ run: 1, fromSeq: 105, states: '#'.repeat(240) });
  });

  example.each([null, 3, 'text', [], true])('are not in %j', (json) => expect(readViewerStats(json)).toBeUndefined());

  test.prop([fc.jsonValue()])('are read from any JSON without throwing', (json) => {
    for (const value of [json, { pieces: json, neighbours: [json], title: json }]) {
      const stats = readViewerStats(value);
      if (stats !== undefined) expect(Object.values(stats).filter((field) => Number.isNaN(field))).toEqual([]);
    }
  });
});

describe('figures of the source', () => {
  example('are read field by field', () => {
    expect(
      readSourceStatus({ peers: 23, inputState: 'retrying', heldByMedian: 1.2, reachable: 'no' }, PAGE),
    ).toMatchObject({
      title: '',
      peers: 23,
      inputState: 'retrying',
      heldByMedian: 1,
      reachable: 'no',
      tstreamUrl: undefined,
    });
  });

  example.each([
    ['http://example.org/a.tstream', 'http://example.org/a.tstream'],
    ['/harbour.tstream', 'http://203.0.113.5:8764/harbour.tstream'],
    ['my stream.tstream', 'http://203.0.113.5:8764/my%20stream.tstream'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,hello', undefined],
    ['http://[', undefined],
    ['', undefined],
  ])('have %j as the link %j', (tstreamUrl, link) => {
    expect(readSourceStatus({ tstreamUrl }, PAGE)?.tstreamUrl).toBe(link);
  });

  test.prop([fc.jsonValue(), fc.string()])('are read from any JSON without throwing', (json, tstreamUrl) => {
    readSourceStatus(json, PAGE);
    expect(readSourceStatus({ title: json, tstreamUrl }, PAGE)?.tstreamUrl ?? PAGE).toMatch(/^https?:/);
  });
});

describe('figures of a torrent’s viewer', () => {
  example('are read field by field', () => {
    const stats = readVodStats({
      title: 'Weather',
      file: 2,
      files: [{ number: 1, path: 'a/b c?.mp4', playable: true, lengthBytes: 7 }, 'nonsense'],
      needBitsPerSecond: 1.2e6,
      haveBitsPerSecond: 6e5,
      neighbours: [{ id: 'a', heldShare: 0.5 }],
    });
    expect(stats).toMatchObject({
      title: 'Weather',
      file: 2,
      forecast: { kind: 'short', haveBitsPerSecond: 6e5, needBitsPerSecond: 1.2e6 },
      pieces: '',
    });
    expect(stats?.files[0]).toMatchObject({ path: 'a/b c?.mp4', url: 'files/1/b%20c%3F.mp4', heldBytes: 0 });
    expect(stats?.neighbours[0]).toMatchObject({ heldShare: 0.5, behindPieces: undefined });
  });

  example('tell when it starts, or that nobody knows', () => {
    expect(readVodStats({ startsInMs: 0, needBitsPerSecond: null })?.forecast).toEqual({ kind: 'starts', inMs: 0 });
    expect(readVodStats({ startsInMs: null, needBitsPerSecond: null })?.forecast).toEqual({ kind: 'unknown' });
  });

  test.prop([fc.jsonValue(), fc.string({ unit: 'binary' })])(
    'are read from any JSON; every file is served here',
    (json, path) => {
      const stats = readVodStats({
        files: [{ path, number: json }, json],
        neighbours: json,
        pieces: json,
        title: json,
      });
      for (const { url } of stats?.files ?? []) {
        expect(new URL(url, PAGE).href).toMatch(/^http:\/\/203\.0\.113\.5:8764\/files\/-?[\d.e+]+\//);
      }
    },
  );
});

describe('figures of a torrent’s seeder', () => {
  example('are read field by field', () => {
    const status = readVodStatus(
      { files: [{ path: 'a.mp4', hasThumb: true }], torrentUrl: 'a.torrent', peers: 3 },
      PAGE,
    );
    expect(status).toMatchObject({ peers: 3, torrentUrl: 'http://203.0.113.5:8764/a.torrent', magnet: undefined });
    expect(status?.files).toEqual([{ number: 1, path: 'a.mp4', lengthBytes: 0, durationMs: 0, hasThumb: true }]);
  });

  example.each([
    ['magnet:?xt=urn:btih:00', 'magnet:?xt=urn:btih:00'],
    ['javascript:alert(1)', undefined],
    ['magnet:?a b', undefined],
    [7, undefined],
  ])('have %j as the magnet link %j', (magnet, link) => expect(readVodStatus({ magnet }, PAGE)?.magnet).toBe(link));

  test.prop([fc.jsonValue()])('are read from any JSON without throwing', (json) => {
    readVodStatus(json, PAGE);
    readVodStatus({ files: json, magnet: json, torrentUrl: json }, PAGE);
  });
});
