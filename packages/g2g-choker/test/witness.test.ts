import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NeighbourFacts, witness } from '../src/index.js';

const OLD_MS = 600_000;

const NOTHING: NeighbourFacts = {
  id: 0,
  receivedBytes: 0,
  sentBytes: 0,
  forwardedBytes: 0,
  toldBytes: 0,
  spreadMs: undefined,
  connectedMs: OLD_MS,
  group: undefined,
  incoming: false,
};

/** Never a turn for newcomers, nor for anybody else. */
const unlucky = (below: number) => below - 1;

function neighbours(...all: readonly Partial<NeighbourFacts>[]): NeighbourFacts[] {
  return all.map((each, i) => ({ ...NOTHING, id: i + 1, ...each }));
}

describe('a viewer', () => {
  test('ranks by what came from a neighbour and what it passed on, added', () => {
    const facts = neighbours(
      { receivedBytes: 900 },
      { forwardedBytes: 1000 },
      { receivedBytes: 500, forwardedBytes: 600 },
      { sentBytes: 1_000_000 },
    );
    expect(witness.rank(facts, unlucky)).toEqual([900, 1000, 1100, 0]);
  });

  test('without witnesses ranks by what a neighbour gave', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (received) => {
        const facts = neighbours(...received.map((receivedBytes) => ({ receivedBytes })));
        expect(witness.rank(facts, unlucky)).toEqual(received);
      }),
    );
  });

  test('gives newcomers a sixteenth of the time, however many they are', () => {
    for (const count of [1, 10, 1000]) {
      const facts = neighbours({ receivedBytes: 1 }, ...Array.from({ length: count }, () => ({ connectedMs: 100 })));
      expect(turns(facts).reduce((sum, times) => sum + times, 0)).toBe(100);
    }
  });

  test('gives each address block of newcomers the same, whoever sends most of them', () => {
    const sybils = Array.from({ length: 99 }, () => ({ connectedMs: 100, group: '192.0.2' }));
    const facts = neighbours({ connectedMs: 100, group: '198.51.100' }, ...sybils);
    const [honest = 0, ...theirs] = turns(facts, 16_000);
    expect(honest).toBe(500);
    expect(theirs.reduce((sum, times) => sum + times, 0)).toBe(500);
  });

  test('calls nobody a newcomer who has been here for twenty seconds', () => {
    expect(turns(neighbours({ connectedMs: 20_000 }, { connectedMs: 19_999 }))).toEqual([0, 100]);
  });
});

describe('a source', () => {
  test('feeds the half whose pieces spread soonest, all of them alike', () => {
    const facts = neighbours({ spreadMs: 900 }, { spreadMs: 300 }, { spreadMs: 2400 }, { spreadMs: 400 });
    expect(witness.rank(facts, unlucky)).toEqual([0, 1, 0, 1]);
  });

  test('feeds who is hardly slower than that half, too', () => {
    const facts = neighbours({ spreadMs: 1200 }, { spreadMs: 900 }, { spreadMs: 1000 }, { spreadMs: 1201 });
    expect(witness.rank(facts, unlucky)).toEqual([1, 1, 1, 0]);
  });

  test('prefers nobody before half of them are known', () => {
    const facts = neighbours({ spreadMs: 900 }, {}, {});
    expect(witness.rank(facts, unlucky)).toEqual([0, 0, 0]);
  });

  test('tries each of the others one time in eight', () => {
    const facts = neighbours({ spreadMs: 100 }, { spreadMs: 200 }, { spreadMs: 2000 }, {});
    const tried = [0, 0, 0, 0];
    const random = inTurn();
    for (let i = 0; i < 800; i++)
      for (const [n, rank] of witness.rank(facts, random).entries()) tried[n] = (tried[n] ?? 0) + rank;
    expect(tried.slice(0, 2)).toEqual([800, 800]);
    expect(tried[2]).toBeGreaterThan(60);
    expect(tried[2]).toBeLessThan(140);
    expect(tried[3]).toBeGreaterThan(60);
    expect(tried[3]).toBeLessThan(140);
  });
});

test('rank(reversed facts) ≡ reversed rank(facts), by the same chance', () => {
  const some = fc.record({
    receivedBytes: fc.nat(),
    forwardedBytes: fc.nat(),
    toldBytes: fc.nat(),
    spreadMs: fc.option(fc.nat(), { nil: undefined }),
    connectedMs: fc.nat(40_000),
    group: fc.constantFrom(undefined, 'a', 'b'),
    incoming: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 12 }), fc.nat(), (all, seed) => {
      const facts = neighbours(...all);
      const ranks = witness.rank(facts, (below) => seed % below);
      expect(witness.rank(facts.toReversed(), (below) => seed % below)).toEqual(ranks.toReversed());
    }),
  );
});

/** How often of so many times each goes first for being new, chance being fair to the last one. */
function turns(facts: readonly NeighbourFacts[], times = 1600): number[] {
  const counted = facts.map(() => 0);
  const drawn = new Map<number, number>();
  const fair = (below: number) => {
    const next = drawn.get(below) ?? 0;
    drawn.set(below, next + 1);
    return next % below;
  };
  for (let i = 0; i < times; i++) {
    for (const [n, rank] of witness.rank(facts, fair).entries())
      if (rank === Infinity) counted[n] = (counted[n] ?? 0) + 1;
  }
  return counted;
}

/** Numbers that are spread well enough. */
function inTurn(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
