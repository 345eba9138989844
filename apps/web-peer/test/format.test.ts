import { fc, test } from '@fast-check/vitest';
import { describe, test as example, expect } from 'vitest';
import {
  displayText,
  formatBytes,
  formatCount,
  formatDuration,
  formatMultiple,
  formatRate,
  formatSeconds,
  formatShare,
} from '../src/format.js';

/** With plain spaces, to be read more easily. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

example.each([
  [0, '0 kbit/s'],
  [-5, '0 kbit/s'],
  [Number.NaN, '0 kbit/s'],
  [64_000, '64 kbit/s'],
  [999_499, '999 kbit/s'],
  [999_500, '1.0 Mbit/s'],
  [2_440_000, '2.4 Mbit/s'],
  [9_949_999, '9.9 Mbit/s'],
  [9_950_000, '10 Mbit/s'],
  [20_000_000, '20 Mbit/s'],
  [1_200_000_000, '1.2 Gbit/s'],
])('a rate of %d bits per second is %s', (bits, text) => expect(plain(formatRate(bits))).toBe(text));

example.each([
  [0, '0 kB'],
  [911_600, '912 kB'],
  [3_400_000, '3.4 MB'],
  [1_240_000_000, '1.2 GB'],
  [5_000_000_000_000, '5.0 TB'],
])('%d bytes are %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));

example.each([
  [0, '0.0 s'],
  [440, '0.4 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [125_000, '2 min 5 s'],
])('a latency of %d ms is %s', (ms, text) => expect(plain(formatSeconds(ms))).toBe(text));

example.each([
  [0, '0 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [200_000, '3 min 20 s'],
  [3_599_400, '59 min 59 s'],
  [3_599_500, '1 h'],
  [7_520_000, '2 h 5 min'],
  [97 * 3_600_000, '4 d 1 h'],
])('a duration of %d ms is %s', (ms, text) => expect(plain(formatDuration(ms))).toBe(text));

example.each([
  [0, 0, '–'],
  [0, 100, '0 %'],
  [1, 1000, '< 1 %'],
  [1, 100, '1 %'],
  [87, 100, '87 %'],
  [999, 1000, '> 99 %'],
  [100, 100, '100 %'],
])('%d of %d is %s', (part, whole, text) => expect(plain(formatShare(part, whole))).toBe(text));

example.each([
  [1.44, '1.4 ×'],
  [9.96, '10 ×'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('a ratio of %d is %s', (ratio, text) => expect(plain(formatMultiple(ratio))).toBe(text));

example('one is singular', () => {
  expect([0, 1, 2, 12_345].map((n) => formatCount(n, 'viewer'))).toEqual([
    '0 viewers',
    '1 viewer',
    '2 viewers',
    '12,345 viewers',
  ]);
});

test.prop([fc.double()])('no figure is longer than its place in the page', (value) => {
  const longest = Math.min(value, 1e12);
  for (const text of [formatRate(longest), formatBytes(longest), formatSeconds(longest), formatMultiple(longest)]) {
    expect(text.length).toBeLessThanOrEqual(16);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  }
});

describe('a text from the network', () => {
  example('keeps markup as what it is: characters', () => {
    expect(displayText('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
  });

  example('loses line ends, control characters and changes of direction', () => {
    expect(displayText(' a\r\nb\u0000c\u202egpj.exe\u2066d ')).toBe('a b c gpj.exe d');
  });

  example('is cut between characters, not inside one', () => {
    expect(displayText('🎥🎥🎥🎥', 3)).toBe('🎥🎥…');
    expect(displayText('🎥🎥🎥', 3)).toBe('🎥🎥🎥');
  });

  test.prop([fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 })])(
    'is never longer than asked',
    (text, most) => {
      expect(Array.from(displayText(text, most)).length).toBeLessThanOrEqual(most);
    },
  );
});
