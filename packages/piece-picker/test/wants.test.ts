import { describe, expect, test } from 'vitest';
import { newestFirst } from '../src/index.js';
import { wantsOf } from './tables.js';

const NEIGHBOURS = `
  A     #.#.
  B     ##..
  C     .#+.
`;

const CROWD = `
  A     #
  B     #
  C     #
  D     #
  E     #
`;

type Given = readonly [seq: number, waitedMs: number, asked: number, dueInMs?: number];

/** What is asked for if these pieces are missing, and nobody has offered them. */
function wants(missing: readonly Given[], pieceMs = 150, joining = false, failed = false): string {
  const pieces = missing.map(([seq, waitedMs, asked, dueInMs = 0]) => ({ seq, waitedMs, asked, failed, dueInMs }));
  return wantsOf(newestFirst, NEIGHBOURS, { missing: pieces, pieceMs, joining });
}

describe('a piece that was on its way and didn’t come', () => {
  const failed = (missing: readonly Given[], pieceMs = 150) => wants(missing, pieceMs, false, true);

  test.each([
    ['five pieces’ time', 150, 749, ''],
    ['five pieces’ time', 150, 750, 'A0 B0 C0'],
    ['300 ms, if pieces are shorter than 60', 20, 299, ''],
    ['300 ms, if pieces are shorter than 60', 20, 300, 'A0 B0 C0'],
  ])('is asked for after %s: pieces of %i ms, %i ms', (_, pieceMs, waitedMs, asked) => {
    expect(failed([[0, waitedMs, 0]], pieceMs)).toBe(asked);
  });

  test('is asked of three who hold it', () => {
    const missing = [{ seq: 0, waitedMs: 1000, asked: 0, failed: true, dueInMs: 0 }];
    expect(wantsOf(newestFirst, CROWD, { missing, pieceMs: 150, joining: false })).toBe('A0 B0 C0');
  });

  test('is asked of all, if fewer hold it: all were told that it is coming', () => {
    expect(failed([[2, 1000, 0]])).toBe('A2 B2 C2');
    expect(failed([[3, 1000, 0]])).toBe('A3 B3 C3');
  });

  test('is asked for however late it is due', () => {
    expect(failed([[3, 1000, 0, Infinity]])).toBe('A3 B3 C3');
  });

  test.each([
    [1, 1500],
    [2, 3000],
    [4, 12_000],
    [9, 12_000],
  ])('is asked for again, after %i times, when %i ms have passed: twice as late each time', (asked, dueMs) => {
    expect(failed([[1, dueMs - 1, asked]])).toBe('');
    expect(failed([[1, dueMs, asked]])).toBe('A1 B1 C1');
  });

  test('oldest first', () => {
    expect(
      failed([
        [0, 800, 0],
        [1, 900, 0],
      ]),
    ).toBe('A0 B0 C0 A1 B1 C1');
  });
});

describe('a piece that nobody has offered', () => {
  test('is asked of who holds it when it is due in ten pieces’ time: they may think that we do, too', () => {
    expect(wants([[1, 1000, 0, 1500]])).toBe('');
    expect(wants([[1, 1000, 0, 1499]])).toBe('B1 C1');
  });

  test('… and three round trips', () => {
    const dueIn = (dueInMs: number) => {
      const missing = [{ seq: 1, waitedMs: 1000, asked: 0, failed: false, dueInMs }];
      return wantsOf(newestFirst, NEIGHBOURS, { missing, pieceMs: 150, rttMs: 300, joining: false });
    };
    expect(dueIn(2400)).toBe('');
    expect(dueIn(2399)).toBe('B1 C1');
  });

  test('is asked for in the end, also if nobody waits for it', () => {
    expect(wants([[1, 30 * 150, 0, Infinity]])).toBe('');
    expect(wants([[1, 30 * 150 + 1, 0, Infinity]])).toBe('B1 C1');
  });

  test('is asked of three at most', () => {
    const missing = [{ seq: 0, waitedMs: 1000, asked: 0, failed: false, dueInMs: 0 }];
    expect(wantsOf(newestFirst, CROWD, { missing, pieceMs: 150, joining: false })).toBe('A0 B0 C0');
  });

  test('is asked of some by chance, last of those who forward least', () => {
    const crowd = `
      A     #  0
      B     #  0
      C     #  7
      D     #  0
      E     #  9
      F     .  99
    `;
    const missing = [{ seq: 0, waitedMs: 1000, asked: 0, failed: false, dueInMs: 0 }];
    const asked = (first: number) =>
      wantsOf(newestFirst, crowd, { missing, pieceMs: 150, joining: false, random: () => first });
    expect(asked(0)).toBe('C0 E0 A0');
    expect(asked(3)).toBe('E0 C0 D0');
    // A joiner asks for all at once, each of one: it would ask the same one for all.
    expect(wantsOf(newestFirst, crowd, { missing, pieceMs: 150, joining: true, random: () => 1 })).toBe('B0');
  });

  test('has five pieces’ time to be offered', () => {
    expect(wants([[1, 749, 0]])).toBe('');
    expect(wants([[1, 750, 0]])).toBe('B1 C1');
  });
});

describe('a joiner', () => {
  test('asks at once, for each piece one of those who hold it', () => {
    expect(
      wants(
        [
          [0, 0, 0],
          [1, 0, 0],
          [2, 0, 0],
        ],
        150,
        true,
      ),
    ).toBe('A0 B1 A2');
  });

  test('asks nobody for what nobody holds', () => {
    expect(wants([[3, 0, 0]], 150, true)).toBe('');
  });

  test('asks again after five pieces’ time', () => {
    expect(wants([[0, 749, 1]], 150, true)).toBe('');
    expect(wants([[0, 750, 1]], 150, true)).toBe('A0');
  });
});
