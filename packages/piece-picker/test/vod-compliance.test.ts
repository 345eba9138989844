import { describe, expect, test } from 'vitest';
import { checkVodPicker, describeVodPicker } from '../src/compliance.js';
import { type VodPicker, vodInOrder, vodPickers } from '../src/index.js';

describe.each(Object.entries(vodPickers))('%s', (_name, picker) => describeVodPicker(test, expect, picker));

/** Mistakes that somebody might make, each with the law that it breaks. */
const MISTAKES: Record<string, VodPicker['choose']> = {
  'never throws': (view, neighbour) => {
    if (view.readers.length === 0) throw new Error('nobody');
    return vodInOrder.choose(view, neighbour);
  },
  'chooses only what is open and held by the neighbour, or −1': ({ open }) => open.indexOf(1),
  'same view, same chance ⇒ same answer': ({ open, pieces }, { held }) => {
    const piece = Math.floor(Math.random() * pieces);
    return open[piece] === 1 && held[piece] === 1 ? piece : -1;
  },
  'writes nothing to the view': (view, neighbour) => {
    const piece = vodInOrder.choose(view, neighbour);
    view.open[piece] = 0;
    return piece;
  },
  'takes all chance from random, whole numbers from 1 on, 10000 times at most': (view, neighbour) => {
    view.random(view.readers.length);
    return vodInOrder.choose(view, neighbour);
  },
  'looks at 65536 elements at most, however large the torrent': ({ open }, { held }) =>
    open.findIndex((isOpen, piece) => isOpen === 1 && held[piece] === 1),
  'downloads everything that neighbours hold': (view, neighbour) =>
    neighbour.bytesPerSecond < 1e6 ? -1 : vodInOrder.choose(view, neighbour),
};

test.each(Object.entries(MISTAKES))('a picker that breaks it is found: %s', (law, choose) => {
  expect(checkVodPicker({ choose }).map((finding) => finding.law)).toContain(law);
});

test('what the neighbour doesn’t hold is found, and what isn’t open', () => {
  const found = (choose: VodPicker['choose']) =>
    checkVodPicker({ choose }).find(({ law }) => law.startsWith('chooses only'))?.found;
  expect(found(({ open }) => open.indexOf(1))).toMatch(/doesn't hold it$/);
  expect(found((_view, { held }) => held.indexOf(1))).toMatch(/it is not open$/);
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
  describeVodPicker(run, expect, { choose: () => -1 });
  expect(titles).toEqual(Object.keys(MISTAKES));
  expect(failed).toEqual(['downloads everything that neighbours hold']);
});
