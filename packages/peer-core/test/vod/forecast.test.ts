import { expect, test } from 'vitest';
import { forecast } from '../../src/index.js';

/** A film of 100 s at 100 kB/s. */
const film = { heldBytesAhead: 0, missingBytesAhead: 10_000_000, bitrateBytesPerSecond: 100_000, restMs: 100_000 };

test('what is there starts at once', () => {
  expect(forecast({ ...film, heldBytesAhead: 10_000_000, missingBytesAhead: 0, bytesPerSecondIn: 0 })).toEqual({
    startsInMs: 0,
  });
});

test('a speed a fifth above the bitrate starts as soon as two seconds are in', () => {
  expect(forecast({ ...film, bytesPerSecondIn: 120_000 })).toEqual({ startsInMs: 1667 });
  expect(
    forecast({ ...film, heldBytesAhead: 200_000, missingBytesAhead: 9_800_000, bytesPerSecondIn: 120_000 }),
  ).toEqual({ startsInMs: 0 });
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
  const half = { ...film, heldBytesAhead: 5_000_000, missingBytesAhead: 5_000_000 };
  expect(forecast({ ...half, bytesPerSecondIn: 60_000 })).toEqual({ startsInMs: 0 });
  expect(forecast({ ...half, bytesPerSecondIn: 10_000 })).toMatchObject({ short: { needBytesPerSecond: 60_000 } });
});

test.each([
  { bitrateBytesPerSecond: 0, restMs: 100_000 },
  { bitrateBytesPerSecond: 100_000, restMs: 0 },
])('of bitrate and duration one is enough: $bitrateBytesPerSecond B/s, $restMs ms', (known) => {
  expect(forecast({ ...film, ...known, bytesPerSecondIn: 110_000 })).toEqual({ startsInMs: 9091 });
});
