import { expect, test } from 'vitest';
import { forecast, gapsBetween } from '../../src/index.js';

/** A film of 100 s at 100 kB/s. */
const film = {
  bytesAhead: 10_000_000,
  gaps: [{ fromByte: 0, toByte: 10_000_000 }],
  bitrateBytesPerSecond: 100_000,
  restMs: 100_000,
};

test('what is there starts at once', () => {
  expect(forecast({ ...film, gaps: [], bytesPerSecondIn: 0 })).toEqual({ startsInMs: 0 });
});

test('a speed a fifth above the bitrate starts as soon as two seconds are in', () => {
  expect(forecast({ ...film, bytesPerSecondIn: 120_000 })).toEqual({ startsInMs: 1667 });
  const gaps = [{ fromByte: 200_000, toByte: 10_000_000 }];
  expect(forecast({ ...film, gaps, bytesPerSecondIn: 120_000 })).toEqual({ startsInMs: 0 });
});

test('a little less starts later: when the rest will be in by the end', () => {
  // 12 MB with the margin take 109.1 s, 9.1 s longer than the film.
  expect(forecast({ ...film, bytesPerSecondIn: 110_000 })).toEqual({ startsInMs: 9091 });
});

test('who would wait for more than a minute is told what is wrong', () => {
  expect(forecast({ ...film, bytesPerSecondIn: 75_000 })).toEqual({ startsInMs: 60_000 });
  expect(forecast({ ...film, bytesPerSecondIn: 74_000 })).toEqual({
    short: { haveBytesPerSecond: 74_000, needBytesPerSecond: 120_000 },
  });
  expect(forecast({ ...film, bytesPerSecondIn: 0 })).toEqual({
    short: { haveBytesPerSecond: 0, needBytesPerSecond: 120_000 },
  });
});

test('what is in lowers what is needed', () => {
  const half = { ...film, gaps: [{ fromByte: 5_000_000, toByte: 10_000_000 }] };
  expect(forecast({ ...half, bytesPerSecondIn: 60_000 })).toEqual({ startsInMs: 0 });
  expect(forecast({ ...half, bytesPerSecondIn: 10_000 })).toMatchObject({ short: { needBytesPerSecond: 60_000 } });
});

test('what is in behind a gap does not fill it', () => {
  const gaps = [{ fromByte: 1_000_000, toByte: 4_000_000 }];
  // 3.6 MB with the margin take 60 s; the end of the gap is shown after 40.
  expect(forecast({ ...film, gaps, bytesPerSecondIn: 60_000 })).toEqual({ startsInMs: 20_000 });
  const short = { haveBytesPerSecond: 30_000, needBytesPerSecond: 90_000 };
  expect(forecast({ ...film, gaps, bytesPerSecondIn: 30_000 })).toEqual({ short });
});

test('a gap behind another one has to wait for that', () => {
  const far = [{ fromByte: 9_000_000, toByte: 10_000_000 }];
  const both = [{ fromByte: 1_000_000, toByte: 4_000_000 }, ...far];
  expect(forecast({ ...film, gaps: far, bytesPerSecondIn: 30_000 })).toEqual({ startsInMs: 0 });
  expect(forecast({ ...film, gaps: both, bytesPerSecondIn: 45_000 })).toEqual({ startsInMs: 40_000 });
});

test('gaps are counted from the place, and pieces side by side are one', () => {
  const held = new Set([0, 3]);
  const gaps = gapsBetween(150, 550, 100, (piece) => held.has(piece));
  expect(gaps).toEqual([
    { fromByte: 0, toByte: 150 },
    { fromByte: 250, toByte: 400 },
  ]);
  expect(gapsBetween(20, 90, 100, (piece) => held.has(piece))).toEqual([]);
});

test.each([
  { bitrateBytesPerSecond: 0, restMs: 100_000 },
  { bitrateBytesPerSecond: 100_000, restMs: 0 },
])('of bitrate and duration one is enough: $bitrateBytesPerSecond B/s, $restMs ms', (known) => {
  expect(forecast({ ...film, ...known, bytesPerSecondIn: 110_000 })).toEqual({ startsInMs: 9091 });
});
