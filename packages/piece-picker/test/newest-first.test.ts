import { SeqSet } from '@tstream/sliding-window';
import { describe, expect, test } from 'vitest';
import * as exported from '../src/index.js';
import { type NeighbourView, newestFirst, type OfferView, type WantView } from '../src/index.js';

/** Pieces as a string: `#` is in the set, anything else isn't; the first character is piece 0. */
function pieces(drawn: string): SeqSet {
  const set = new SeqSet(64);
  for (const [seq, mark] of [...drawn].entries()) if (mark === '#') set.add(seq);
  return set;
}

function neighbour(id: number, known: string, over: Partial<NeighbourView> = {}): NeighbourView {
  return { id, known: pieces(known), held: pieces(known), startSeq: 0, rank: 0, unanswered: 0, ...over };
}

function view(offerable: string, neighbours: NeighbourView[], over: Partial<OfferView> = {}): OfferView {
  const set = pieces(offerable);
  return { origin: false, offerable: set, fromSeq: 0, edgeSeq: set.highest(), neighbours, random: () => 0, ...over };
}

/** `PIECE→NEIGHBOUR`, or a dash. */
function drawn(of: OfferView): string {
  const offer = newestFirst.offer(of);
  return offer ? `${offer.seq}→${offer.neighbour.id}` : '–';
}

describe('a peer offers', () => {
  test.each([
    ['the newest piece that somebody lacks', '####', ['###.', '##..'], '3→1'],
    ['nothing when everybody has everything', '####', ['####', '####'], '–'],
    ['nothing that it does not have', '##..', ['##..', '###.'], '–'],
    ['an older piece first if fewer know it', '####', ['#.##', '#.##', '#.#.'], '1→1'],
  ])('%s', (_what, offerable, known, expected) => {
    const neighbours = known.map((each, i) => neighbour(i + 1, each));
    expect(drawn(view(offerable, neighbours, { edgeSeq: 3 }))).toBe(expected);
  });

  test('to the stronger of two that need the same', () => {
    const neighbours = [neighbour(1, '###.'), neighbour(2, '###.', { rank: 9 }), neighbour(3, '###.', { rank: 5 })];
    expect(drawn(view('####', neighbours))).toBe('3→2');
  });

  test('nothing before a neighbour said from where on it wants pieces, and nothing older than that', () => {
    expect(drawn(view('####', [neighbour(1, '....', { startSeq: Infinity })]))).toBe('–');
    expect(drawn(view('####', [neighbour(1, '...#', { startSeq: 3 })]))).toBe('–');
  });

  test('nothing more to one who leaves two offers unanswered', () => {
    const neighbours = [neighbour(1, '....', { unanswered: 2, rank: 9 }), neighbour(2, '....', { unanswered: 1 })];
    expect(drawn(view('####', neighbours))).toBe('3→2');
  });

  test('nothing that has left the window', () => {
    expect(drawn(view('####', [neighbour(1, '..##')], { fromSeq: 2 }))).toBe('–');
  });
});

describe('the source offers', () => {
  const origin = { origin: true };

  test('first what nobody knows, oldest first', () => {
    const neighbours = [neighbour(1, '#...'), neighbour(2, '##..')];
    expect(drawn(view('####', neighbours, origin))).toBe('2→1');
  });

  test('no recent piece that half of the neighbours know: it spreads without it', () => {
    const neighbours = [neighbour(1, '####'), neighbour(2, '####'), neighbour(3, '###.'), neighbour(4, '###.')];
    expect(drawn(view('####', neighbours, origin))).toBe('–');
  });

  test('such a piece after all once it has got older', () => {
    const neighbours = [neighbour(1, '########'), neighbour(2, '#.######')];
    expect(drawn(view('########', neighbours, origin))).toBe('1→2');
  });
});

describe('what is asked for', () => {
  function wants(over: Partial<WantView>): string[] {
    const neighbours = [neighbour(1, '##..'), neighbour(2, '#...'), neighbour(3, '....')];
    const all = { missing: [], neighbours, pieceMs: 150, joining: false, random: () => 0, ...over };
    return newestFirst.want(all).map(({ seq, neighbour: { id } }) => `${seq}←${id}`);
  }

  test('a piece that has been missing for five pieces’ time, of everybody', () => {
    expect(wants({ missing: [{ seq: 1, waitedMs: 749, asked: 0 }] })).toEqual([]);
    expect(wants({ missing: [{ seq: 1, waitedMs: 750, asked: 0 }] })).toEqual(['1←1', '1←2', '1←3']);
  });

  test('a joiner’s pieces at once, each of one holder', () => {
    const missing = [0, 1, 2].map((seq) => ({ seq, waitedMs: 0, asked: 0 }));
    expect(wants({ missing, joining: true })).toEqual(['0←1', '1←1']);
  });
});

test('what the package exports', () => {
  expect(Object.keys(exported).sort()).toEqual(['WANTS_MAX', 'newestFirst']);
});
