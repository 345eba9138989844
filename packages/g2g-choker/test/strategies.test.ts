/** What tells each choker from the others. */
import { describe, expect, test } from 'vitest';
import { type Choker, giveToGet2008, type NeighbourFacts, roundRobin, titForTat } from '../src/index.js';

const HOUR_MS = 3_600_000;

/** Neighbours of whom only this is told; connected for long, so that one turn is as good as another. */
function factsOf(neighbours: readonly Partial<NeighbourFacts>[], connectedMs = HOUR_MS): NeighbourFacts[] {
  const nothing = {
    receivedBytes: 0,
    sentBytes: 0,
    forwardedBytes: 0,
    toldBytes: 0,
    spreadMs: undefined,
    group: undefined,
    incoming: false,
  };
  return neighbours.map((each, id) => ({ id, ...nothing, connectedMs, ...each }));
}

/** These take no chance. */
function ranksOf(choker: Choker, facts: readonly NeighbourFacts[]): readonly number[] {
  return choker.rank(facts, () => {
    throw new Error('nothing is left to chance');
  });
}

/** Who has the optimistic slot, turn after turn: the one of many equals that ranks with the best. */
function slots(choker: Choker, facts: readonly NeighbourFacts[], everyMs: number, turns: number): number[] {
  return Array.from({ length: turns }, (_, turn) => {
    const ranks = ranksOf(
      choker,
      facts.map((each) => ({ ...each, connectedMs: each.connectedMs + turn * everyMs })),
    );
    return ranks.findIndex((rank, i) => i > 0 && rank === ranks[0]);
  });
}

/** The first gives, eight others don't. */
const oneGives = factsOf([{ receivedBytes: 1000, forwardedBytes: 1000 }, ...Array.from({ length: 8 }, () => ({}))]);

describe('round robin', () => {
  test('who took least lately goes first, whatever it gives', () => {
    const facts = factsOf([{ sentBytes: 300, receivedBytes: 9000 }, { sentBytes: 0 }, { sentBytes: 200 }]);
    expect(ranksOf(roundRobin, facts)).toEqual([-300, 0, -200]);
  });
});

describe.each([
  ['tit-for-tat', titForTat],
  ['Give-to-Get 2008', giveToGet2008],
])('the optimistic slot of %s', (_name, choker) => {
  test('ranks one with the best, and lasts thirty seconds', () => {
    const beginning = factsOf(oneGives, 0).map((each) => ({ ...each, connectedMs: HOUR_MS }));
    expect(new Set(slots(choker, beginning, 1000, 30)).size).toBe(1);
    expect(new Set(slots(choker, beginning, 30_000, 30)).size).toBeGreaterThan(1);
  });

  test('is left out of the merit', () => {
    const { merit } = choker;
    for (let turn = 0; turn < 30; turn++) {
      const ranks = merit(oneGives.map((each) => ({ ...each, connectedMs: each.connectedMs + turn * 30_000 })));
      expect(ranks.indexOf(Math.max(...ranks))).toBe(0);
      expect(new Set(ranks.slice(1)).size).toBe(1);
      expect(ranks[1]).toBeLessThan(ranks[0] as number);
    }
  });

  test('comes to everybody', () => {
    // The first one has it, too: then nobody else ranks with the best.
    expect(new Set(slots(choker, oneGives, 30_000, 200))).toEqual(new Set([-1, 1, 2, 3, 4, 5, 6, 7, 8]));
  });

  test('comes to a newcomer three times as often as to another', () => {
    const turns = Array.from({ length: 4000 }, (_, turn) => {
      const facts = oneGives.map((each) => ({ ...each, connectedMs: HOUR_MS + turn * 30_000 }));
      const newcomer = facts.map((each) => (each.id === 8 ? { ...each, connectedMs: 1000 } : each));
      const ranks = ranksOf(choker, newcomer);
      return ranks.findIndex((rank, i) => i > 0 && rank === ranks[0]);
    });
    const share = turns.filter((slot) => slot === 8).length / turns.length;
    // 3 of 11 lots.
    expect(share).toBeGreaterThan(0.24);
    expect(share).toBeLessThan(0.31);
  });
});

describe('tit-for-tat', () => {
  test('who gives at the highest rate goes first, whoever takes', () => {
    const [a = 0, b = 0, c = 0] = withoutSlot(titForTat, [
      { receivedBytes: 100 },
      { receivedBytes: 900, sentBytes: 5 },
      { sentBytes: 5000 },
    ]);
    expect([b > a, a > c]).toEqual([true, true]);
  });

  test('a peer that gets nothing goes by what it gives', () => {
    const [slow = 0, quick = 0] = withoutSlot(titForTat, [{ sentBytes: 100 }, { sentBytes: 900 }]);
    expect(quick).toBeGreaterThan(slow);
  });

  test('what a neighbour gives to others says nothing', () => {
    const [a, b] = withoutSlot(titForTat, [{ forwardedBytes: 9000 }, {}]);
    expect(a).toBe(b);
  });
});

describe('Give-to-Get 2008', () => {
  test('who gives on more of what it got goes first, whatever it gives to us', () => {
    const [a = 0, b = 0] = withoutSlot(giveToGet2008, [
      { forwardedBytes: 200 },
      { forwardedBytes: 100, receivedBytes: 9000 },
    ]);
    expect(a).toBeGreaterThan(b);
  });

  test('of equals the one who gives more', () => {
    const [a = 0, b = 0] = withoutSlot(giveToGet2008, [{ receivedBytes: 1 }, { receivedBytes: 2 }]);
    expect(b).toBeGreaterThan(a);
  });

  test('what it gave to others counts as much as what it gave to us', () => {
    const gives = [{ receivedBytes: 9000 }, { toldBytes: 9000 }, { receivedBytes: 8000 }];
    const [toUs, toOthers, less = 0] = withoutSlot(giveToGet2008, gives);
    expect(toOthers).toBe(toUs);
    expect(toOthers).toBeGreaterThan(less);
  });

  test('what it took says nothing', () => {
    const [a, b] = withoutSlot(giveToGet2008, [{ sentBytes: 9000 }, {}]);
    expect(a).toBe(b);
  });

  test('what is told is believed, also more than it ever got', () => {
    const [liar = 0, honest = 0] = withoutSlot(giveToGet2008, [
      { sentBytes: 100, forwardedBytes: 1e8 },
      { sentBytes: 100, forwardedBytes: 100 },
    ]);
    expect(liar).toBeGreaterThan(honest);
  });
});

/** Ranks in a turn in which somebody who is not asked about has the slot. */
function withoutSlot(choker: Choker, neighbours: readonly Partial<NeighbourFacts>[]): readonly number[] {
  const best = { sentBytes: 1e9, forwardedBytes: 1e9 };
  const facts = factsOf([...neighbours, ...Array.from({ length: 20 }, () => ({})), best]);
  for (let turn = 0; turn < 100; turn++) {
    const now = facts.map((each) => ({ ...each, connectedMs: HOUR_MS + turn * 30_000 }));
    const ranks = ranksOf(choker, now);
    const others = ranks.slice(neighbours.length, -1);
    if (others.includes(Math.max(...ranks))) return ranks.slice(0, neighbours.length);
  }
  throw new Error('the slot never left them');
}
