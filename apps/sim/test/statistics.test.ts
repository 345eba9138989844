import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { comparePaired, estimate } from '../src/statistics.js';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('estimate', () => {
  test('is the textbook interval: Student t with n − 1 degrees', () => {
    // Mean 3, standard deviation √2.5, t(4) = 2.776.
    const { mean, half, min, max } = estimate([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(half).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 12);
    expect([min, max]).toEqual([1, 5]);
  });

  test('one value says nothing of its interval, none says nothing at all', () => {
    expect(estimate([7])).toEqual({ mean: 7, half: Infinity, min: 7, max: 7 });
    expect(estimate([Number.NaN]).mean).toBeNaN();
  });

  test('between two degrees of the table the wider interval is taken', () => {
    const alternating = (n: number) => Array.from({ length: n }, (_, i) => i % 2);
    const halfOf = (n: number) => estimate(alternating(n)).half / Math.sqrt(0.25 / (n - 1));
    expect(halfOf(36)).toBeCloseTo(2.042, 3);
    expect(halfOf(1000)).toBeCloseTo(1.98, 3);
  });
});

describe('comparePaired', () => {
  test('a shift that every seed shows is no noise, however far the seeds are apart', () => {
    const a = [10, 200, 3000, 40, 500];
    const b = a.map((value, i) => value - 1 - 0.1 * i);
    expect(comparePaired(a, b).verdict).toBe('lower');
  });

  test('what goes either way is noise', () => {
    expect(comparePaired([10, 10, 10, 10], [12, 8, 11, 9]).verdict).toBe('noise');
  });

  test('equal values are the same, one pair can not tell', () => {
    expect(comparePaired([1, 2], [1, 2]).verdict).toBe('same');
    expect(comparePaired([1], [2]).verdict).toBe('unknown');
    expect(comparePaired([], []).verdict).toBe('unknown');
  });

  test('a pair of which one side has no figure is left out', () => {
    const { a, difference } = comparePaired([1, Number.NaN, 3], [2, 5, 4]);
    expect(a.mean).toBe(2);
    expect(difference).toMatchObject({ mean: 1, half: 0 });
  });

  law.prop([fc.array(fc.tuple(finite, finite), { maxLength: 12 })])(
    'compare(a, b) is compare(b, a) turned round',
    (pairs) => {
      const [a, b] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
      const turned = { same: 'same', noise: 'noise', unknown: 'unknown', lower: 'higher', higher: 'lower' } as const;
      expect(comparePaired(b, a).verdict).toBe(turned[comparePaired(a, b).verdict]);
    },
  );
});
