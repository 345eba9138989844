import { describe, expect, test } from 'vitest';
import { draw } from '../src/distributions.js';
import { type Distribution, type PeerClass, Random } from '../src/index.js';
import { drawShare, visitsOf } from '../src/population.js';

const CLASS: PeerClass = { name: 'viewers', count: 1000, upload: 1, download: 1, behaviour: 'honest' };

function drawn(distribution: Distribution, times = 20_000): number[] {
  const random = new Random(1);
  return Array.from({ length: times }, () => draw(distribution, random)).sort((a, b) => a - b);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * sorted.length)] as number;
}

describe('distributions', () => {
  test('a number is itself', () => {
    expect(drawn(7, 3)).toEqual([7, 7, 7]);
  });

  test('uniform: all between, a quarter below the first quarter', () => {
    const numbers = drawn({ uniform: [10, 50] });
    expect(numbers[0]).toBeGreaterThan(10);
    expect(numbers.at(-1)).toBeLessThan(50);
    expect(Math.abs(at(numbers, 0.25) - 20)).toBeLessThan(1);
  });

  test('exponential: the mean, and half below ln 2 of it', () => {
    const numbers = drawn({ exponential: { mean: 40 } });
    expect(Math.abs(mean(numbers) - 40)).toBeLessThan(1);
    expect(Math.abs(at(numbers, 0.5) - 40 * Math.LN2)).toBeLessThan(1);
  });

  test('Weibull: 63.2 % below the scale, whatever the shape', () => {
    for (const shape of [0.5, 1, 3]) {
      expect(Math.abs(at(drawn({ weibull: { shape, scale: 10 } }), 1 - Math.exp(-1)) - 10)).toBeLessThan(0.4);
    }
  });

  test('log-normal: half below the median, 84.1 % below it times e^sigma', () => {
    const numbers = drawn({ logNormal: { median: 25, sigma: 0.5 } });
    expect(Math.abs(at(numbers, 0.5) - 25)).toBeLessThan(0.5);
    expect(Math.abs(at(numbers, 0.8413) - 25 * Math.exp(0.5))).toBeLessThan(1);
  });

  test('values: each equally often', () => {
    expect(drawn({ values: [1, 2, 3] }).filter((value) => value === 2).length / 20_000).toBeCloseTo(1 / 3, 1);
  });
});

describe('arrivals', () => {
  test('at once, if nothing else is said, and to the end', () => {
    const visits = visitsOf(CLASS, new Random(1));
    expect(visits).toHaveLength(1000);
    expect(new Set(visits.map(({ fromMs, untilMs }) => `${fromMs} ${untilMs}`))).toEqual(new Set(['0 Infinity']));
  });

  test('of a flash crowd lie anywhere within its seconds', () => {
    const arrive = { atSeconds: 10, flashSeconds: 4 };
    const times = visitsOf({ ...CLASS, arrive }, new Random(1)).map(({ fromMs }) => fromMs);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(14_000);
    expect(Math.abs(times.filter((ms) => ms < 11_000).length - 250)).toBeLessThan(50);
  });

  test('by Poisson: so many a second, at gaps of which 63.2 % are below the mean', () => {
    const arrive = { atSeconds: 5, poissonPerSecond: 20 };
    const times = visitsOf({ ...CLASS, arrive }, new Random(1)).map(({ fromMs }) => fromMs);
    expect(Math.abs((times.at(-1) as number) - 55_000)).toBeLessThan(5000);
    const gaps = times.slice(1).map((ms, i) => ms - (times[i] as number));
    expect(Math.abs(gaps.filter((gap) => gap < 50).length / gaps.length - 0.632)).toBeLessThan(0.04);
  });

  test('one by one, as a trace says', () => {
    const arrive = { atSecondsEach: [3, 0.5, 7] };
    const visits = visitsOf({ ...CLASS, count: 3, arrive }, new Random(1));
    expect(visits.map(({ fromMs }) => fromMs)).toEqual([3000, 500, 7000]);
  });

  test('who stays for a while leaves that much later', () => {
    const visits = visitsOf({ ...CLASS, arrive: { atSeconds: 2 }, stay: { uniform: [1, 3] } }, new Random(1));
    for (const { fromMs, untilMs } of visits) {
      expect(untilMs - fromMs).toBeGreaterThanOrEqual(1000);
      expect(untilMs - fromMs).toBeLessThanOrEqual(3000);
    }
  });
});

test('half of some are half of them, each once', () => {
  const all = Array.from({ length: 101 }, (_, i) => i);
  const half = drawShare(all, 0.5, new Random(1));
  expect(half).toHaveLength(51);
  expect(new Set(half).size).toBe(51);
});
