import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeqSet } from '../src/index.js';
import { NaiveSet } from './naive-set.js';

const MAX = Number.MAX_SAFE_INTEGER;
const capacity = fc.constantFrom(1, 32, 33, 64, 128);
/** Where the numbers of a run lie: at the start, across 2^32, at the end, on a seam of every capacity and beside one. */
const origin = fc.constantFrom(0, 2 ** 32 - 100, MAX - 450, 2 ** 40, 2 ** 40 - 37);
const offset = fc.oneof(fc.integer({ min: 0, max: 450 }), fc.constantFrom(31, 32, 33, 63, 64, 65, 127, 128, 129, 256));

type Act =
  | { readonly name: 'add' | 'delete' | 'dropBelow'; readonly at: number }
  | { readonly name: 'addBitmap'; readonly at: number; readonly bitmap: Uint8Array };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('add' as const), at: offset }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('delete' as const), at: offset }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('dropBelow' as const), at: offset }) },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constant('addBitmap' as const),
      at: offset,
      bitmap: fc.uint8Array({ maxLength: 12 }),
    }),
  },
);
const acts = fc.array(act, { maxLength: 60 });

function naiveBits(base: number, bitmap: Uint8Array): number[] {
  return Array.from({ length: bitmap.length * 8 }, (_, i) => i)
    .filter((i) => ((bitmap[i >> 3] as number) >> (7 - (i & 7))) % 2 === 1 && i <= MAX - base)
    .map((i) => base + i);
}

function run(capacity: number, origin: number, acts: readonly Act[]): { set: SeqSet; model: NaiveSet } {
  const set = new SeqSet(capacity);
  const model = new NaiveSet(capacity);
  for (const act of acts) {
    const seq = Math.min(origin + act.at, MAX);
    if (act.name === 'addBitmap') {
      const before = model.all();
      for (const bit of naiveBits(seq, act.bitmap).toReversed()) model.add(bit);
      const added = model.all().filter((seq) => !before.includes(seq));
      expect(set.addBitmap(seq, act.bitmap)).toBe(added.length);
    } else {
      expect(set[act.name](seq)).toBe(model[act.name](seq));
    }
  }
  return { set, model };
}

describe('SeqSet ≡ a Set of numbers', () => {
  test('in size, base, ends and membership', () => {
    fc.assert(
      fc.property(capacity, origin, acts, (capacity, origin, acts) => {
        const { set, model } = run(capacity, origin, acts);
        expect([set.capacity, set.base, set.size, set.lowest(), set.highest()]).toEqual([
          model.capacity,
          model.base,
          model.size,
          model.lowest(),
          model.highest(),
        ]);
        for (let at = -3; at < 700; at += 1) expect(set.has(origin + at)).toBe(model.has(origin + at));
      }),
    );
  });

  test('in every search from every number', () => {
    fc.assert(
      fc.property(capacity, origin, acts, fc.integer({ min: -5, max: 560 }), (capacity, origin, acts, near) => {
        const { set, model } = run(capacity, origin, acts);
        for (let seq = origin + near; seq < origin + near + 70 && seq <= MAX; seq += 1) {
          expect(set.contiguousFrom(seq)).toBe(model.contiguousFrom(seq));
          expect(set.nextFrom(seq)).toBe(model.nextFrom(seq));
          expect(set.previousFrom(seq)).toBe(model.previousFrom(seq));
        }
      }),
    );
  });

  test('in the highest that another one lacks', () => {
    fc.assert(
      fc.property(capacity, capacity, origin, acts, acts, offset, offset, (c1, c2, origin, acts1, acts2, from, to) => {
        const mine = run(c1, origin, acts1);
        const theirs = run(c2, origin, acts2);
        expect(mine.set.highestMissingIn(theirs.set, origin + from, origin + to)).toBe(
          mine.model.highestMissingIn(theirs.model, origin + from, origin + to),
        );
      }),
      { numRuns: 400 },
    );
  });

  test('while a window of every size slides by one, number after number', () => {
    for (const start of [0, 2 ** 32 - 70, MAX - 300]) {
      const set = new SeqSet(64);
      set.dropBelow(start);
      for (let seq = start; seq <= start + 300; seq += 1) {
        expect(set.add(seq)).toBe(true);
        const low = Math.max(start, seq - 63);
        expect([set.base, set.lowest(), set.highest(), set.size]).toEqual([low, low, seq, seq - low + 1]);
        expect([set.contiguousFrom(low), set.contiguousFrom(seq)]).toEqual([seq + 1, seq + 1]);
      }
    }
  });
});

describe('bitmaps', () => {
  test('addBitmap(toBitmap(all)) ≡ the set', () => {
    fc.assert(
      fc.property(capacity, origin, acts, (capacity, origin, acts) => {
        const { set, model } = run(capacity, origin, acts);
        const { base, bitmap } = set.toBitmap(0, MAX);
        const copy = new SeqSet(capacity);
        expect(copy.addBitmap(base, bitmap)).toBe(model.size);
        expect(naiveBits(base, bitmap)).toEqual(model.all());
      }),
    );
  });

  test('toBitmap tells what the range holds, in no more bytes than needed', () => {
    fc.assert(
      fc.property(capacity, origin, acts, offset, offset, (capacity, origin, acts, from, to) => {
        const { set, model } = run(capacity, origin, acts);
        const inside = model.all().filter((seq) => seq >= origin + from && seq <= origin + to);
        const { base, bitmap } = set.toBitmap(origin + from, origin + to);
        expect(naiveBits(base, bitmap)).toEqual(inside);
        const span = inside.length === 0 ? 0 : (inside.at(-1) as number) - (inside[0] as number) + 1;
        expect(bitmap.length).toBe(Math.ceil(span / 8));
      }),
    );
  });
});
