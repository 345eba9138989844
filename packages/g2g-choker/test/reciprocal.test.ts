import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NeighbourFacts, reciprocal } from '../src/index.js';

const facts: fc.Arbitrary<NeighbourFacts> = fc.record({
  id: fc.nat(),
  receivedBytes: fc.nat(),
  sentBytes: fc.nat(),
  forwardedBytes: fc.nat(),
  spreadMs: fc.constant(undefined),
  connectedMs: fc.nat(),
  group: fc.constant(undefined),
});

const NOTHING: NeighbourFacts = {
  id: 0,
  receivedBytes: 0,
  sentBytes: 0,
  forwardedBytes: 0,
  spreadMs: undefined,
  connectedMs: 0,
  group: undefined,
};

/** Ranks of neighbours of whom only this is told. */
function ranksOf(neighbours: readonly Partial<NeighbourFacts>[]): readonly number[] {
  return reciprocal.rank(neighbours.map((each, id) => ({ ...NOTHING, id, ...each })));
}

test('who gave more goes first', () => {
  const [little = 0, most = 0, some = 0] = ranksOf([
    { receivedBytes: 1000 },
    { receivedBytes: 9000 },
    { receivedBytes: 5000 },
  ]);
  expect(most).toBeGreaterThan(some);
  expect(some).toBeGreaterThan(little);
});

test('who only took goes last, however much and however long', () => {
  const [taker = 0, giver = 0] = ranksOf([{ sentBytes: 1_000_000, connectedMs: 3_600_000 }, { receivedBytes: 1 }]);
  expect(giver).toBeGreaterThan(taker);
});

test('a newcomer ranks with those who gave nothing, and is not refused', () => {
  const [newcomer, freeRider] = ranksOf([{}, { connectedMs: 600_000 }]);
  expect(newcomer).toBe(freeRider);
});

test('nobody is there: no ranks', () => {
  expect(ranksOf([])).toEqual([]);
});

test('one rank a neighbour, a number, in their order, by nothing but what it gave', () => {
  fc.assert(
    fc.property(fc.array(facts), (all) => {
      const ranks = reciprocal.rank(all);
      expect(ranks.length).toBe(all.length);
      for (const [i, { receivedBytes }] of all.entries()) {
        for (const [j, other] of all.entries()) {
          expect(Math.sign((ranks[i] ?? 0) - (ranks[j] ?? 0))).toBe(Math.sign(receivedBytes - other.receivedBytes));
        }
      }
    }),
  );
});

test('rank(reversed facts) ≡ reversed rank(facts)', () => {
  fc.assert(
    fc.property(fc.array(facts), (all) => {
      expect(reciprocal.rank(all.toReversed())).toEqual(reciprocal.rank(all).toReversed());
    }),
  );
});

test('a source prefers those from whom pieces spread soonest: equals within twice the best, who was not tried among them', () => {
  const [best = 0, alike = 0, slow = 0, slower = 0, untried = 0] = ranksOf([
    { spreadMs: 400 },
    { spreadMs: 790 },
    { spreadMs: 810 },
    { spreadMs: 2500 },
    { spreadMs: undefined },
  ]);
  expect(alike - best).toBe(0);
  expect(untried - best).toBe(0);
  expect(slow).toBeLessThan(best);
  expect(slower).toBeLessThan(slow);
});
