import { describe, expect, test } from 'vitest';
import { SeqSet } from '../src/index.js';

const MAX = Number.MAX_SAFE_INTEGER;

function held(set: SeqSet): number[] {
  const all = [];
  for (let seq = set.lowest(); seq !== -1; seq = set.nextFrom(seq + 1)) all.push(seq);
  return all;
}

function setOf(capacity: number, ...seqs: number[]): SeqSet {
  const set = new SeqSet(capacity);
  for (const seq of seqs) set.add(seq);
  return set;
}

describe('capacity', () => {
  test.each([
    [1, 32],
    [32, 32],
    [33, 64],
    [64, 64],
    [65, 128],
    [6000, 8192],
  ])('%d asked, %d given', (asked, given) => {
    expect(new SeqSet(asked).capacity).toBe(given);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 30 + 1])('refuses %d', (asked) => {
    expect(() => new SeqSet(asked)).toThrow(new RangeError(`capacity: expected 1..1073741824, got ${asked}`));
  });
});

describe('window', () => {
  test('the last number that fits does not slide it, the next one slides it by one', () => {
    const set = setOf(32, 0, 31);
    expect([set.base, ...held(set)]).toEqual([0, 0, 31]);
    set.add(32);
    expect([set.base, ...held(set)]).toEqual([1, 31, 32]);
  });

  test('the same at a base that is no multiple of 32, where one word holds both ends', () => {
    const set = new SeqSet(64);
    set.dropBelow(40);
    for (const seq of [40, 63, 64, 95, 96, 103]) expect(set.add(seq)).toBe(true);
    expect([set.base, ...held(set)]).toEqual([40, 40, 63, 64, 95, 96, 103]);
    expect([set.has(39), set.has(32), set.has(104), set.has(127)]).toEqual([false, false, false, false]);
    set.add(104);
    expect([set.base, ...held(set)]).toEqual([41, 63, 64, 95, 96, 103, 104]);
  });

  test('a number far ahead forgets everything else', () => {
    const set = setOf(32, 1, 2, 3);
    expect(set.add(2 ** 40)).toBe(true);
    expect([set.base, set.size, ...held(set)]).toEqual([2 ** 40 - 31, 1, 2 ** 40]);
  });

  test('a number below the base is refused for ever', () => {
    const set = new SeqSet(32);
    set.dropBelow(5);
    expect([set.add(4), set.has(4), set.add(-1), set.base]).toEqual([false, false, false, 5]);
  });

  test('dropBelow never goes back', () => {
    const set = setOf(32, 7);
    set.dropBelow(5);
    set.dropBelow(3);
    expect([set.base, ...held(set)]).toEqual([5, 7]);
  });

  test('works up to 2^53-1', () => {
    const set = setOf(32, MAX - 31, MAX - 1, MAX);
    expect([set.base, set.size, set.lowest(), set.highest()]).toEqual([MAX - 31, 3, MAX - 31, MAX]);
    expect(set.contiguousFrom(MAX - 1)).toBe(2 ** 53);
    expect(set.previousFrom(MAX - 2)).toBe(MAX - 31);
    set.dropBelow(MAX);
    expect(held(set)).toEqual([MAX]);
  });

  test.each([Number.NaN, 0.5, 2 ** 53, Number.POSITIVE_INFINITY])('add and dropBelow refuse %d', (seq) => {
    const error = new RangeError(`seq: expected a safe integer, got ${seq}`);
    expect(() => new SeqSet(32).add(seq)).toThrow(error);
    expect(() => new SeqSet(32).dropBelow(seq)).toThrow(error);
  });

  test('holds nothing that is no number of a piece', () => {
    const set = setOf(32, 0);
    expect([set.has(-1), set.has(Number.NaN), set.has(Number.POSITIVE_INFINITY), set.delete(-1)]).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });
});

describe('runs of numbers', () => {
  test('contiguousFrom goes through words and stops at the first hole', () => {
    const set = new SeqSet(256);
    for (let seq = 5; seq < 200; seq += 1) if (seq !== 160) set.add(seq);
    expect([set.contiguousFrom(4), set.contiguousFrom(5), set.contiguousFrom(161)]).toEqual([4, 160, 200]);
  });

  test('contiguousFrom of a full set is where the window ends', () => {
    const set = new SeqSet(64);
    for (let seq = 40; seq < 104 + 8; seq += 1) set.add(seq);
    expect([set.size, set.base, set.contiguousFrom(set.base)]).toEqual([64, 48, 112]);
  });

  test('highestMissingIn compares sets of different capacity and base', () => {
    const mine = setOf(64, 100, 120, 140, 150);
    const theirs = setOf(1024, 20, 140, 150);
    expect(mine.highestMissingIn(theirs, 0, 1000)).toBe(120);
    expect(mine.highestMissingIn(theirs, 0, 119)).toBe(100);
    expect(mine.highestMissingIn(theirs, 101, 119)).toBe(-1);
    expect(theirs.highestMissingIn(mine, 0, 1000)).toBe(20);
    const above = new SeqSet(32);
    above.dropBelow(32);
    above.add(40);
    expect(setOf(64, 8).highestMissingIn(above, 0, 63)).toBe(8);
  });
});

describe('bitmap', () => {
  test('bit 0x80 of byte 0 is the base', () => {
    const set = setOf(32, 10, 11, 18);
    expect(set.toBitmap(0, 31)).toEqual({ base: 10, bitmap: Uint8Array.of(0b1100_0000, 0b1000_0000) });
    expect(set.toBitmap(11, 17)).toEqual({ base: 11, bitmap: Uint8Array.of(0b1000_0000) });
  });

  test('of nothing is empty', () => {
    expect(setOf(32, 10).toBitmap(11, 31)).toEqual({ base: 11, bitmap: new Uint8Array(0) });
    expect(new SeqSet(32).toBitmap(3, 31)).toEqual({ base: 3, bitmap: new Uint8Array(0) });
  });

  test('addBitmap counts what is new and is left inside the window', () => {
    const set = setOf(32, 41);
    expect(set.addBitmap(0, Uint8Array.of(0xff, 0, 0, 0, 0, 0b0110_0000))).toBe(1);
    expect(held(set)).toEqual([41, 42]);
  });

  test('addBitmap ignores what would stand above 2^53-1', () => {
    const set = new SeqSet(32);
    expect(set.addBitmap(MAX - 1, Uint8Array.of(0xff))).toBe(2);
    expect(held(set)).toEqual([MAX - 1, MAX]);
  });

  test('addBitmap refuses a base that is no safe integer', () => {
    expect(() => new SeqSet(32).addBitmap(2 ** 53, new Uint8Array(1))).toThrow(RangeError);
  });
});
