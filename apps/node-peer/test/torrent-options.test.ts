import { UsageError } from '@tstream/command-line';
import { describe, expect, test } from 'vitest';
import { refuseOptions } from '../src/options.js';
import { fileIndices, filmIndex, LIVE_OPTIONS, linkedFiles, readDownloadOptions } from '../src/vod/torrent-options.js';
import { torrentOf } from './torrents.js';

const films = torrentOf([
  ['readme.txt', 90_000],
  ['a.mp4', 10_000],
  ['extra/b.webm', 50_000],
  ['c.mkv', 50_000],
]);

test('files are counted from 1; each once, in their order', () => {
  expect(fileIndices(['3', '1', '3'], films)).toEqual([0, 2]);
  expect(fileIndices('2', films)).toEqual([1]);
  expect(fileIndices(undefined, films)).toBeUndefined();
});

test.each(['0', '5', '-1', 'a', '1.5', ''])("'%s' is no file", (text) => {
  expect(() => fileIndices(text, films)).toThrow(UsageError);
  expect(() => fileIndices(text, films)).toThrow(`--file '${text}' is none of its files: expected 1 to 4`);
});

describe('what is played', () => {
  test('is the largest file that plays, the first of equals', () => expect(filmIndex(films)).toBe(2));
  test('is one of those that a link names', () => expect(filmIndex(films, [0, 1])).toBe(1));
  test('is nothing, where nothing plays', () => expect(filmIndex(torrentOf([['a.txt', 5]]))).toBeUndefined());
});

test('a link names files as far as there are such', () => {
  const magnet = { infohash: films.infohash, trackers: [] };
  expect(linkedFiles({ kind: 'magnet', magnet: { ...magnet, fileIndices: [1, 9] } }, films)).toEqual([1]);
  expect(linkedFiles({ kind: 'magnet', magnet: { ...magnet, fileIndices: [9] } }, films)).toBeUndefined();
  expect(linkedFiles({ kind: 'magnet', magnet }, films)).toBeUndefined();
  expect(linkedFiles({ kind: 'torrent', metainfo: films }, films)).toBeUndefined();
});

test('a download has a limit or none', () => {
  const given = { peerPort: '0', maxPeers: '50' };
  expect(readDownloadOptions(given).downloadBitsPerSecondMax).toBe(Infinity);
  expect(readDownloadOptions({ ...given, maxDownload: '3M' }).downloadBitsPerSecondMax).toBe(3_000_000);
  expect(() => readDownloadOptions({ ...given, maxDownload: 'x' })).toThrow(/--max-download 'x' is not a rate/);
});

test('options of the other kind are refused by the name that people write', () => {
  expect(() => refuseOptions({ maxDisk: '1G' }, LIVE_OPTIONS, 'a torrent')).toThrow(
    '--max-disk says nothing about a torrent',
  );
  expect(() => refuseOptions({ port: '0' }, LIVE_OPTIONS, 'a torrent')).not.toThrow();
});
