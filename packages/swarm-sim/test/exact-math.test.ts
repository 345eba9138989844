import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exp, ln } from '../src/exact-math.js';

/** Of the larger one. */
function apart(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1);
}

describe('ln', () => {
  test('agrees with Math.log to 15 digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(apart(ln(x), Math.log(x))).toBeLessThan(1e-15);
      }),
    );
  });

  test('ln 1 = 0', () => {
    expect(ln(1)).toBe(0);
  });
});

describe('exp', () => {
  test('agrees with Math.exp to 13 digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-13);
      }),
    );
  });

  test('exp(ln x) ≡ x, to 13 digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-100, max: 1e100, noNaN: true }), (x) => {
        expect(Math.abs(exp(ln(x)) / x - 1)).toBeLessThan(1e-13);
      }),
    );
  });
});
