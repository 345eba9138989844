import { expect, test } from 'vitest';
import { forecastJson, forecastWords } from '../src/vod/torrent-words.js';
import { readFilmView } from '../src/vod/view-figures.js';
import { torrentOf } from './torrents.js';

test.each([
  [{ startsInMs: 0 }, 'can play'],
  [{ startsInMs: 12_300 }, 'starts in 12 s'],
  [
    { short: { haveBytesPerSecond: 75_000, needBytesPerSecond: 150_000 } },
    'will stall: you have 0.6 of the needed 1.2 Mbit/s',
  ],
  [
    { short: { haveBytesPerSecond: 8_000, needBytesPerSecond: 62_500 } },
    'will stall: you have 64 of the needed 500 kbit/s',
  ],
])('%j is told as %j', (forecast, words) => expect(forecastWords(forecast)).toBe(words));

test('a forecast is the one or the other', () => {
  expect(forecastJson({ startsInMs: 5 })).toEqual({ startsInMs: 5, haveBitsPerSecond: null, needBitsPerSecond: null });
  expect(forecastJson({ short: { haveBytesPerSecond: 1, needBytesPerSecond: 2 } })).toEqual({
    startsInMs: null,
    haveBitsPerSecond: 8,
    needBitsPerSecond: 16,
  });
});

test.each([
  ['', { film: 0, durationMs: undefined }],
  ['file=2&durationMs=90000', { film: 1, durationMs: 90_000 }],
  // Not of the file that is asked for, or nonsense.
  ['file=7&durationMs=90000', { film: 0, durationMs: undefined }],
  ['file=2&durationMs=Infinity', { film: 1, durationMs: undefined }],
  ['file=x&durationMs=-1', { film: 0, durationMs: undefined }],
])('the page’s question %j is about %j', (query, view) => {
  const metainfo = torrentOf([
    ['a.mp4', 5],
    ['b.mp4', 5],
  ]);
  expect(readFilmView(new URLSearchParams(query), metainfo, 0)).toEqual(view);
});
