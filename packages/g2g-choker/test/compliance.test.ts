import { describe, expect, test } from 'vitest';
import { checkChoker, describeChoker } from '../src/compliance.js';
import { type Choker, chokers, type NeighbourFacts } from '../src/index.js';

describe.each(Object.entries(chokers))('%s', (_name, choker) => describeChoker(test, expect, choker));

let called = 0;
/** Mistakes that somebody might make, each with the law that it breaks. */
const MISTAKES: Record<string, Choker['rank']> = {
  'never throws': ([first]) => [(first as NeighbourFacts).id],
  'one rank a neighbour, a number': (facts) => facts.map(({ receivedBytes, sentBytes }) => receivedBytes / sentBytes),
  'same facts, same chance ⇒ same ranks': (facts) => facts.map(() => called++),
  'the order of the neighbours says nothing': (facts) => facts.map((_, i) => i),
  'writes nothing to the facts': (facts) => {
    (facts as NeighbourFacts[]).sort((a, b) => a.receivedBytes - b.receivedBytes);
    return facts.map(() => 0);
  },
  'takes all chance from random, whole numbers from 1 on, 10000 times at most': (facts, random) => {
    random(facts.length);
    return facts.map(() => 0);
  },
};

test.each(Object.entries(MISTAKES))('a choker that breaks it is found: %s', (law, rank) => {
  expect(checkChoker({ rank }).map((finding) => finding.law)).toContain(law);
});

// All but the last: merit takes no chance.
test.each(Object.entries(MISTAKES).slice(0, -1))('by merit, too: %s', (law, rank) => {
  const choker: Choker = { rank: (facts) => facts.map(() => 0), merit: (facts) => rank(facts, () => 0) };
  const finding = checkChoker(choker).find((one) => one.law === law);
  expect(finding?.found).toMatch(/^merit: /);
});

test.each([
  [() => [], /^0 ranks for \d+ neighbours$/],
  [() => undefined, /^undefined: expected an array$/],
  [(facts: readonly unknown[]) => facts.map(() => undefined), /^a rank of undefined$/],
  [(facts: readonly unknown[]) => facts.map(() => '1'), /^a rank of 1$/],
])('what are no ranks is found: %s', (rank, found) => {
  expect(checkChoker({ rank } as unknown as Choker)[0]?.found).toMatch(found);
});

test('a choker that draws without end is ended', () => {
  const endless: Choker = {
    rank: (_facts, random) => {
      while (random(10) < 10);
      return [];
    },
  };
  expect(checkChoker(endless).map(({ found }) => found)).toEqual(['random was called more than 10000 times']);
});

test('a finding names the first question that shows it, and the same one each time', () => {
  const places: Choker = { rank: (facts) => facts.map((_, i) => i) };
  const [finding] = checkChoker(places);
  expect(checkChoker(places)).toEqual([finding]);
  expect(checkChoker(places, finding?.question)).toEqual([]);
});

test('each law is one test of the runner’s', () => {
  const titles: string[] = [];
  describeChoker((title) => titles.push(title), expect, { rank: () => [] });
  expect(titles).toEqual(Object.keys(MISTAKES));
});
