import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NeighbourFacts, reciprocal } from '../src/index.js';

const facts: fc.Arbitrary<NeighbourFacts> = fc.record({
  id: fc.nat(),
  receivedBytes: fc.nat(),
  sentBytes: fc.nat(),
  forwardedBytes: fc.nat(),
  toldBytes: fc.nat(),
  spreadMs: fc.constant(undefined),
  connectedMs: fc.nat(),
  group: fc.constant(undefined),
  incoming: fc.boolean(),
});

const NOTHING: NeighbourFacts = {
  id: 0,
  receivedBytes: 0,
  sentBytes: 0,
  forwardedBytes: 0,
  toldBytes: 0,
  spreadMs: undefined,
  connectedMs: 0,
  group: undefined,
  incoming: false,
};

/** Ranks of neighbours of whom only this is told, when it is nobody's turn to go first. */
function ranksOf(neighbours: readonly Partial<NeighbourFacts>[], random = nobodysTurn): readonly number[] {
  return reciprocal.rank(
    neighbours.map((each, id) => ({ ...NOTHING, id, ...each })),
    random,
  );
}

function nobodysTurn(below: number): number {
  return below - 1;
}

function newcomersTurn(): number {
  return 0;
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

test('of those who gave us nothing go first whom others vouch for, however much, and never before who gave', () => {
  const [taker = 0, little = 0, crew = 0, giver = 0] = ranksOf([
    {},
    { toldBytes: 16_384 },
    { toldBytes: 1e12 },
    { receivedBytes: 16_384 },
  ]);
  expect(little).toBeGreaterThan(taker);
  expect(crew).toBe(little);
  expect(giver).toBeGreaterThan(crew);
});

test('now and then a newcomer goes before all others, and nobody else does', () => {
  const neighbours = [{ receivedBytes: 9000, connectedMs: 600_000 }, { connectedMs: 600_000 }, { connectedMs: 5000 }];
  const [giver = 0, freeRider = 0, newcomer = 0] = ranksOf(neighbours, newcomersTurn);
  expect(newcomer).toBeGreaterThan(giver);
  expect(giver).toBeGreaterThan(freeRider);
});

test('of an address block that sends many newcomers one at a time goes first', () => {
  const ranks = ranksOf(
    Array.from({ length: 50 }, () => ({ group: 'one' })),
    newcomersTurn,
  );
  expect(ranks.filter((rank) => rank === Infinity)).toHaveLength(1);
});

test('a source ranks by how soon pieces spread, and who is untried as the best', () => {
  const [best, untried, slow = 0] = ranksOf([{ spreadMs: 100 }, {}, { spreadMs: 500 }], newcomersTurn);
  expect(untried).toBe(best);
  expect(slow).toBeLessThan(best ?? 0);
});

test('nobody is there: no ranks', () => {
  expect(ranksOf([])).toEqual([]);
});

test('who called us gives a quarter and ranks as others do, and gains nothing by giving nothing', () => {
  const [taker = 0, caller = 0, giver = 0, more = 0] = ranksOf([
    { incoming: true },
    { incoming: true, receivedBytes: 16_384 },
    { receivedBytes: 65_536 },
    { receivedBytes: 65_537 },
  ]);
  expect(taker).toBe(0);
  expect(caller).toBe(giver);
  expect(more).toBeGreaterThan(caller);
});

test('one rank a neighbour, a number, in their order, by nothing but what it gave and who called', () => {
  fc.assert(
    fc.property(fc.array(facts.map((each) => ({ ...each, toldBytes: 0 }))), (all) => {
      const ranks = reciprocal.rank(all, nobodysTurn);
      expect(ranks.length).toBe(all.length);
      const given = all.map(({ receivedBytes, incoming }) => receivedBytes * (incoming ? 4 : 1));
      for (const [i, one] of given.entries()) {
        for (const [j, other] of given.entries()) {
          expect(Math.sign((ranks[i] ?? 0) - (ranks[j] ?? 0))).toBe(Math.sign(one - other));
        }
      }
    }),
  );
});

test('rank(reversed facts) ≡ reversed rank(facts)', () => {
  fc.assert(
    fc.property(fc.array(facts), (all) => {
      const ranks = reciprocal.rank(all, nobodysTurn);
      expect(reciprocal.rank(all.toReversed(), nobodysTurn)).toEqual(ranks.toReversed());
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
