import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatRate,
  parseDuration,
  parsePort,
  parseRate,
  parseSize,
  UsageError,
} from '../src/index.js';

describe('rates', () => {
  it.each([
    ['800k', 800_000],
    ['3M', 3_000_000],
    ['2.5M', 2_500_000],
    ['64000', 64_000],
  ])('%s is %d bit/s', (text, rate) => expect(parseRate(text)).toBe(rate));
  it.each(['', '0', '-3M', '3Mb', 'fast', '1e6', '9999999G'])('refuses %j', (text) =>
    expect(() => parseRate(text)).toThrow(UsageError),
  );
  it('are told in the unit that fits', () =>
    expect([64_000, 2_400_000, 12e6].map(formatRate)).toEqual(['64 kbit/s', '2.4 Mbit/s', '12 Mbit/s']));
});

describe('durations', () => {
  it.each([
    ['15m', 900_000],
    ['1:00:00', 3_600_000],
    ['4:15', 255_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));
  it.each(['', '0s', '15', '1:60:00', '4:5', '-1m', '99999h', 'soon'])('refuses %j', (text) =>
    expect(() => parseDuration(text)).toThrow(UsageError),
  );
  it('are told in two units at most', () =>
    expect([250, 12_000, 245_000, 3_720_000].map(formatDuration)).toEqual([
      '250 ms',
      '12 s',
      '4 min 05 s',
      '1 h 02 min',
    ]));
});

describe('sizes and ports', () => {
  it.each([
    ['32k', 32_768],
    ['2G', 2 ** 31],
    ['65536', 65_536],
    ['64KiB', 65_536],
  ])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));
  it.each(['', '0', '-1', '1.5.2k', 'big'])('refuses the size %j', (text) =>
    expect(() => parseSize(text)).toThrow(UsageError),
  );
  it.each(['', '65536', '-1', 'http', '1.5'])('refuses the port %j', (text) =>
    expect(() => parsePort(text)).toThrow(UsageError),
  );
});
