import { describe, expect, test } from 'vitest';
import { checkPicker, describePicker } from '../src/compliance.js';
import { type NeighbourView, newestFirst, type PiecePicker, pickers } from '../src/index.js';

describe.each(Object.entries(pickers))('%s', (_name, picker) => describePicker(test, expect, picker));

/** Mistakes that somebody might make, each with the law that it breaks. */
const MISTAKES: Record<string, Partial<PiecePicker>> = {
  'never throws': {
    offer: ({ neighbours }) => {
      if (neighbours.length === 0) throw new Error('nobody');
      return undefined;
    },
  },
  'offers only what is offerable, in the window, wanted by and unknown to a neighbour of the view': {
    offer: ({ neighbours: [neighbour], edgeSeq }) => neighbour && { neighbour, seq: edgeSeq },
  },
  'makes an offer when there is an obvious one': { offer: () => undefined },
  'asks for what is missing only, of neighbours in the view, of each once at most': {
    want: ({ missing, neighbours: [neighbour] }) =>
      missing.flatMap(({ seq }) => (neighbour ? [{ neighbour, seq: seq + 1 }] : [])),
  },
  'same view, same chance ⇒ same answer': {
    offer: (view) => newestFirst.offer({ ...view, random: (below) => Math.floor(Math.random() * below) }),
  },
  'writes nothing to the view': {
    offer: (view) => {
      const offer = newestFirst.offer(view);
      if (offer) offer.neighbour.known.add(offer.seq);
      return undefined;
    },
  },
  'takes all chance from random, whole numbers from 1 on, 10000 times at most': {
    offer: (view) => {
      view.random(view.neighbours.length);
      return newestFirst.offer(view);
    },
  },
};

test.each(Object.entries(MISTAKES))('a picker that breaks it is found: %s', (law, mistake) => {
  const findings = checkPicker({ ...newestFirst, ...mistake });
  expect(findings.map((finding) => finding.law)).toContain(law);
});

test.each([
  ['what a neighbour doesn’t want yet', (seq: number, { startSeq }: NeighbourView) => seq < startSeq],
  ['what a neighbour knows', (seq: number, { known }: NeighbourView) => known.has(seq)],
])('an offer of %s is found', (_what, isWrong) => {
  const careless: PiecePicker = {
    ...newestFirst,
    offer: ({ neighbours, offerable, fromSeq }) => {
      const seq = offerable.nextFrom(fromSeq);
      const neighbour = neighbours.find((each) => seq >= 0 && isWrong(seq, each));
      return neighbour && { neighbour, seq };
    },
  };
  expect(checkPicker(careless)[0]?.law).toMatch(/^offers only/);
});

test('a picker that draws without end is ended', () => {
  const endless: PiecePicker = {
    ...newestFirst,
    want: ({ random }) => {
      while (random(10) < 10);
      return [];
    },
  };
  expect(checkPicker(endless).map(({ found }) => found)).toEqual(['random was called more than 10000 times']);
});

test('what is no list of wants is found', () => {
  const lists = { ...newestFirst, want: () => undefined } as unknown as PiecePicker;
  expect(checkPicker(lists)[0]?.found).toBe('want() answered undefined: expected an array');
});

test('the same piece asked twice of one neighbour is found', () => {
  const insistent: PiecePicker = {
    ...newestFirst,
    want: (view) => [...newestFirst.want(view), ...newestFirst.want(view)],
  };
  expect(checkPicker(insistent)[0]?.found).toMatch(/: twice$/);
});

test('a finding names the first question that shows it, and the same one each time', () => {
  const idle: PiecePicker = { ...newestFirst, offer: () => undefined };
  const [finding] = checkPicker(idle);
  expect(checkPicker(idle)).toEqual([finding]);
  expect(checkPicker(idle, finding?.question)).toEqual([]);
  expect(checkPicker(idle, (finding?.question ?? 0) + 1)).toEqual([finding]);
});

test('each law is one test of the runner’s', () => {
  const failed: string[] = [];
  const titles: string[] = [];
  const run = (title: string, check: () => void) => {
    titles.push(title);
    try {
      check();
    } catch {
      failed.push(title);
    }
  };
  describePicker(run, expect, { ...newestFirst, offer: () => undefined });
  expect(titles).toEqual(Object.keys(MISTAKES));
  expect(failed).toEqual(['makes an offer when there is an obvious one']);
});
