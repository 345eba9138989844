import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ringIndex, seqAtIndex } from '../src/index.js';

const MAX = Number.MAX_SAFE_INTEGER;
const ring = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(64, 1000, 2 ** 21, 2 ** 32 + 1));
const seq = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 2 ** 32 - 20, max: 2 ** 32 + 20 }),
  fc.integer({ min: MAX - 40, max: MAX }),
  fc.maxSafeNat(),
);

describe('ringIndex', () => {
  test.each([
    [0, 4, 0],
    [3, 4, 3],
    [4, 4, 0],
    [5, 4, 1],
    [2 ** 32 + 3, 4, 3],
    [MAX, 2 ** 21, 2 ** 21 - 1],
    [MAX, 1, 0],
  ])('of %d on a ring of %d is %d', (seq, ringPieces, index) => {
    expect(ringIndex(seq, ringPieces)).toBe(index);
  });

  test('equals the exact remainder', () => {
    fc.assert(
      fc.property(seq, ring, (seq, ring) => {
        expect(ringIndex(seq, ring)).toBe(Number(BigInt(seq) % BigInt(ring)));
      }),
    );
  });

  test.each([-1, 0.5, Number.NaN, MAX + 1])('refuses %d as a sequence number', (seq) => {
    expect(() => ringIndex(seq, 4)).toThrow(new RangeError(`seq: expected 0..2^53-1, got ${seq}`));
  });

  test.each([0, -4, 1.5, Number.NaN])('refuses a ring of %d', (ringPieces) => {
    expect(() => ringIndex(0, ringPieces)).toThrow(new RangeError(`ringPieces: expected 1..2^53-1, got ${ringPieces}`));
  });
});

describe('seqAtIndex', () => {
  test('goes over the seam in both directions', () => {
    expect(seqAtIndex(0, 100, 99)).toBe(100);
    expect(seqAtIndex(99, 100, 100)).toBe(99);
    expect(seqAtIndex(99, 100, 199)).toBe(199);
    expect(seqAtIndex(0, 100, 200)).toBe(200);
    expect(seqAtIndex(1, 100, 199)).toBe(201);
    expect(seqAtIndex(98, 100, 201)).toBe(198);
  });

  test('is never negative', () => {
    expect(seqAtIndex(99, 100, 0)).toBe(99);
    expect(seqAtIndex(99, 100, 48)).toBe(99);
    expect(seqAtIndex(0, 100, 49)).toBe(0);
  });

  test('is never above 2^53-1', () => {
    const last = MAX % 100;
    expect(seqAtIndex(last, 100, MAX)).toBe(MAX);
    expect(seqAtIndex(last + 1, 100, MAX)).toBe(MAX - 99);
  });

  test('takes the lower of two equally near ones', () => {
    expect(seqAtIndex(50, 100, 300)).toBe(250);
  });

  test.each([-1, 100, 101, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('is -1 for the index %d of 100', (index) => {
    expect(seqAtIndex(index, 100, 500)).toBe(-1);
  });

  test('is -1 where a ring ends above 2^53-1', () => {
    expect(seqAtIndex(5, MAX, MAX - 1)).toBe(5);
    expect(seqAtIndex(MAX - 1, MAX, MAX)).toBe(MAX - 1);
    expect(seqAtIndex(1, MAX, MAX)).toBe(1);
  });

  test('seqAtIndex(ringIndex(seq), near) ≡ seq while they are less than half a ring apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 1000 }), seq, fc.integer({ min: -499, max: 499 }), (ring, seq, apart) => {
        const near = seq + (apart % Math.ceil(ring / 2));
        fc.pre(near >= 0 && near <= MAX);
        expect(seqAtIndex(ringIndex(seq, ring), ring, near)).toBe(seq);
      }),
    );
  });

  test('is the nearest of all numbers at the index', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), seq, (ring, index, near) => {
        const at = index % ring;
        const there = Array.from({ length: 4 * ring + 1 }, (_, i) => near - 2 * ring + i).filter(
          (seq) => seq >= 0 && Number.isSafeInteger(seq) && seq % ring === at,
        );
        const nearest = there.reduce((best, seq) => (Math.abs(seq - near) < Math.abs(best - near) ? seq : best));
        expect(seqAtIndex(at, ring, near)).toBe(nearest);
      }),
    );
  });
});
