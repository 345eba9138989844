import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Distribution, Random, type Scenario } from '../src/index.js';
import { createLinks, type DelayTable, type Links } from '../src/links.js';
import { drawPlaces } from '../src/places.js';
import { smallScenario } from './small-scenario.js';

type Delays = Scenario['links']['oneWayDelayMs'];

function linksOf(oneWayDelayMs: Delays, seed: number, changes: Partial<Scenario> = {}, table?: DelayTable): Links {
  return createLinks(smallScenario({ ...changes, links: { oneWayDelayMs, lossPerMillion: 0 } }), seed, table);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

describe('delays between pairs', () => {
  const { delayMs } = linksOf({ uniform: [5, 100] }, 3);

  test('are the same both ways and each time, whole, and within the distribution', () => {
    for (let a = 0; a < 20; a += 1) {
      for (let b = 0; b < 20; b += 1) {
        const ms = delayMs(a, b);
        expect([delayMs(b, a), delayMs(a, b)]).toEqual([ms, ms]);
        expect(Number.isInteger(ms) && ms >= 5 && ms <= 100).toBe(true);
      }
    }
  });

  test('differ from pair to pair, and with the seed', () => {
    const pairs = Array.from({ length: 200 }, (_, i) => delayMs(0, i + 1));
    expect(new Set(pairs).size).toBeGreaterThan(50);
    expect(Math.abs(mean(pairs) - 52)).toBeLessThan(6);
    const other = linksOf({ uniform: [5, 100] }, 4);
    expect(pairs.map((_, i) => other.delayMs(0, i + 1))).not.toEqual(pairs);
  });
});

describe('places', () => {
  const shares = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 20 });

  test('each place gets its share of the peers, to the next whole number up or down', () => {
    fc.assert(
      fc.property(shares, fc.nat({ max: 200 }), fc.nat(), (shares, count, seed) => {
        const total = shares.reduce((sum, share) => sum + share, 0);
        fc.pre(total > 0.001);
        const drawn = drawPlaces(shares, count, new Random(seed));
        expect(drawn).toHaveLength(count);
        for (const [place, share] of shares.entries()) {
          const found = drawn.filter((one) => one === place).length;
          expect(Math.abs(found - (count * share) / total)).toBeLessThan(1 + 1e-9);
        }
      }),
    );
  });

  test('where there are more places than peers, no two are at one', () => {
    const drawn = drawPlaces(
      Array.from({ length: 300 }, () => 1),
      60,
      new Random(1),
    );
    expect(new Set(drawn).size).toBe(60);
  });

  test('each is drawn as often as the others', () => {
    const hits = new Map<number, number>();
    for (let seed = 0; seed < 2000; seed += 1)
      for (const place of drawPlaces([1, 1, 1, 1, 1], 2, new Random(seed))) hits.set(place, (hits.get(place) ?? 0) + 1);
    for (const count of hits.values()) expect(Math.abs(count - 800)).toBeLessThan(120);
    expect(hits.size).toBe(5);
  });
});

describe('a matrix of delays', () => {
  const ms: Distribution[][] = [
    [10, 45, 120],
    [47, 15, { uniform: [80, 90] }],
    [120, 90, 25],
  ];
  const matrix = { matrix: { regions: ['eu', 'us', 'asia'], ms } };
  const [viewers] = smallScenario().peers;
  if (!viewers) throw new Error('no class');
  const peers = ['eu', 'us', 'asia'].map((region) => ({ ...viewers, name: region, count: 2, region }));
  const settled = (links: Links) => {
    links.settle(0, undefined);
    for (const [number, classIndex] of [0, 0, 1, 1, 2, 2].entries()) links.settle(number + 1, classIndex);
    return links;
  };

  test('is kept from the row to the column, of peers of one region, too', () => {
    const { delayMs } = settled(linksOf(matrix, 1, { peers, source: { upload: 4, region: 'asia' } }));
    expect([delayMs(1, 2), delayMs(1, 3), delayMs(3, 1), delayMs(5, 6), delayMs(0, 1)]).toEqual([10, 45, 47, 25, 120]);
  });

  test('a distribution in it is drawn for each pair', () => {
    const { delayMs } = settled(linksOf(matrix, 1, { peers }));
    const drawn = [delayMs(3, 5), delayMs(3, 6), delayMs(4, 5), delayMs(4, 6)];
    for (const ms of drawn) expect(ms >= 80 && ms <= 90).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(1);
    expect(delayMs(3, 5)).toBe(drawn[0]);
  });

  test('shares of regions are those of the class', () => {
    const mixed = [{ ...viewers, count: 8, region: { eu: 3, us: 1 } }];
    const links = linksOf(matrix, 5, { peers: mixed, source: { upload: 4, region: 'asia' } });
    links.settle(0, undefined);
    for (let number = 1; number <= 8; number += 1) links.settle(number, 0);
    const near = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => links.delayMs(0, number));
    expect(near.filter((ms) => ms === 120)).toHaveLength(6);
    expect(near.filter((ms) => ms === 90)).toHaveLength(2);
  });

  test('a table that was measured is dealt out row by row, in the unit that the scenario says', () => {
    const table = Array.from({ length: 40 }, (_, i) => Array.from({ length: 40 }, (_, j) => 100 * i + j));
    const file = { matrix: { file: 'king.csv', times: 0.5 } };
    const links = linksOf(file, 1, {}, table);
    links.settle(0, undefined);
    for (let number = 1; number <= 12; number += 1) links.settle(number, 0);
    const rows = Array.from({ length: 12 }, (_, i) => Math.floor(links.delayMs(i + 1, 0) / 50));
    expect(new Set(rows).size).toBe(12);
    expect(() => linksOf(file, 1)).toThrow(/^links\.oneWayDelayMs\.matrix\.file: expected the table of king\.csv/);
  });
});
