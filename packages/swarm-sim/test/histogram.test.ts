import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram, quantilesOf, scaled } from '../src/metrics/histogram.js';

function histogramOf(numbers: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const number of numbers) histogram.add(number);
  return histogram;
}

describe('Histogram', () => {
  test('quantiles of counts ≡ quantiles of the sorted numbers, below a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(59_999)), (numbers) => {
        const counted = histogramOf(numbers).quantiles();
        const exact = quantilesOf(numbers);
        expect({ ...counted, mean: 0 }).toEqual({ ...exact, mean: 0 });
        expect(counted.mean).toBeCloseTo(exact.mean, 6);
      }),
    );
  });

  test('what took longer than a minute counts as the longest', () => {
    const quantiles = histogramOf([10, 70_000, 80_000]).quantiles();
    expect(quantiles).toEqual({ p50: 80_000, p95: 80_000, p99: 80_000, max: 80_000, mean: 50_003 + 1 / 3 });
  });

  test('merged, two are as one of all', () => {
    const [a, b] = [
      [1, 2, 3, 90_000],
      [2, 2, 500],
    ];
    const merged = histogramOf(a as number[]);
    merged.merge(histogramOf(b as number[]));
    expect(merged.quantiles()).toEqual(histogramOf([...(a as number[]), ...(b as number[])]).quantiles());
  });

  test('of nothing all is 0', () => {
    expect(new Histogram().quantiles()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0, mean: 0 });
    expect(quantilesOf([])).toEqual({ p50: 0, p95: 0, p99: 0, max: 0, mean: 0 });
  });
});

test('in another unit', () => {
  expect(scaled(quantilesOf([10, 20]), 0.5)).toEqual({ p50: 5, p95: 10, p99: 10, max: 10, mean: 7.5 });
});
