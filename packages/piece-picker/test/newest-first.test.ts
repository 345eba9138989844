import { describe, expect, test } from 'vitest';
import { newestFirst } from '../src/index.js';
import { offerOf, offersOf } from './tables.js';

const offer = (table: string, question = {}) => offerOf(newestFirst, table, question);
const offers = (table: string, question = {}) => offersOf(newestFirst, table, question);

describe('what a viewer offers', () => {
  test('is the newest piece that somebody lacks', () => {
    const table = `
      here  ####
      A     ##..
      B     #.#.
    `;
    expect(offer(table)).toBe('A3');
    expect(offers(table)).toBe('A3 B3 A2 B1');
  });

  test('is only what this peer has', () => {
    expect(
      offers(`
      here  #.#.
      A     ....
    `),
    ).toBe('A2 A0');
  });

  test('is nothing when nobody lacks anything, or nobody is there', () => {
    expect(
      offer(`
      here  ##..
      A     #+##
    `),
    ).toBe('nothing');
    expect(offer('here ####')).toBe('nothing');
  });

  test('goes to the stronger of two', () => {
    expect(
      offers(`
      here  #
      A     . 1
      B     . 3
      C     . 2
    `),
    ).toBe('B0 C0 A0');
  });

  test('goes to each of two equals in half of the cases', () => {
    const table = `
      here  #
      A     . 1
      B     . 1
    `;
    expect([0, 1].map((drawn) => offer(table, { random: () => drawn }))).toEqual(['A0', 'B0']);
  });

  test('goes to any of those who asked for it, if they rank alike, and to the better one if not', () => {
    const asked = (rank: number) => `
      here  #
      A     ?
      B     ?  ${rank}
      C     #
      D     #
    `;
    const drawn = (rank: number) => [0, 1].map((first) => offer(asked(rank), { random: () => first }));
    expect(drawn(0)).toEqual(['A0', 'B0']);
    expect(drawn(1)).toEqual(['B0', 'B0']);
  });

  test('is an older piece if fewer know that: it has fallen behind', () => {
    expect(
      offers(`
      here  ####
      A     ##.#
      B     ##..
      C     #..#
      D     ###.
    `),
    ).toBe('A2 B3 B2 D3 C2 C1');
  });

  test('is the newest of those that are known to equally few', () => {
    expect(
      offer(`
      here  ####
      A     #.#.
      B     .#.#
    `),
    ).toBe('A3');
  });

  test('is the newest if nobody but the one it came from knows it, whatever else has fallen behind', () => {
    expect(
      offer(`
      here  ##
      A     .#
      B     ..
    `),
    ).toBe('B1');
  });

  test('reaches back as far as the window, when nobody lacks what is recent', () => {
    const recent = '#'.repeat(40);
    const table = `
      here  ##${recent}
      A     ..${recent}
    `;
    expect(offers(table)).toBe('A1 A0');
    expect(offers(table, { fromSeq: 1 })).toBe('A1');
    expect(offers(table, { fromSeq: 2 })).toBe('');
  });
});

describe('whom a viewer offers to', () => {
  test('nobody before it said from where on, and nothing from before that', () => {
    expect(
      offers(`
      here  ####
      A     <<<<
      B     <<..
    `),
    ).toBe('B3 B2');
  });

  test('nobody who has left two offers unanswered', () => {
    expect(
      offers(`
      here  ##
      A     .. 9 2
      B     .. 0 1
    `),
    ).toBe('B1 B0');
  });
});

describe('what a source offers', () => {
  const origin = true;

  test('is what nobody knows, oldest first, each to the strongest', () => {
    expect(
      offers(
        `
      here  ####
      A     #... 1
      B     ...+ 2
    `,
        { origin },
      )
        .split(' ')
        .slice(0, 2),
    ).toEqual(['B1', 'B2']);
  });

  test('is what nobody knows, up to 64 pieces back', () => {
    const gap = '#'.repeat(63);
    expect(
      offer(
        `
      here  ##${gap}
      A     ..${gap}
    `,
        { origin },
      ),
    ).toBe('A0');
    expect(
      offer(
        `
      here  ###${gap}
      A     ...${gap}
    `,
        { origin },
      ),
    ).toBe('A1');
  });

  test('is then the newest that half of its neighbours still lack: the others spread it', () => {
    expect(
      offers(
        `
      here  ####
      A     ####
      B     ###.
      C     ##..
      D     #...
    `,
        { origin },
      ),
    ).toBe('B3');
  });

  test('is any piece that somebody still lacks after four pieces: its spreading has failed', () => {
    expect(
      offers(
        `
      here  #####
      A     #####
      B     .....
    `,
        { origin },
      ),
    ).toBe('B0');
  });

  test('is the newest that not half know, though older ones are known to no more: nothing has overtaken these', () => {
    expect(
      offer(
        `
      here  #######
      A     #######
      B     .......
      C     .......
    `,
        { origin },
      ),
    ).toBe('B6');
  });

  test('is what newer ones have overtaken, and of several the newest: what is older nobody may wait for any more', () => {
    expect(
      offer(
        `
      here  ########
      A     ########
      B     ...#....
      C     ...#....
      D     ...#....
      E     ........
      F     ........
      G     ........
      H     ........
    `,
        { origin },
      ),
    ).toBe('B2');
  });

  test('is of several that were overtaken the one that fewest know, whatever is newer', () => {
    expect(
      offer(
        `
      here  #########
      A     #########
      B     #.###....
      C     #...#....
      D     #...#....
      E     #...#....
      F     #...#....
      G     #...#....
      H     #...#....
    `,
        { origin },
      ),
    ).toBe('B1');
  });

  test('counts on nobody who was offered a piece and hasn’t answered', () => {
    const table = (unanswered: number) => `
      here  #
      A     + 0 ${unanswered}
      B     .
    `;
    expect(offer(table(0), { origin })).toBe('nothing');
    expect(offer(table(1), { origin })).toBe('B0');
  });

  test('is nothing before somebody wants something', () => {
    expect(
      offer(
        `
      here  ##
      A     <<
    `,
        { origin },
      ),
    ).toBe('nothing');
  });
});

test('numbers beyond 2^32 are numbers', () => {
  expect(
    offer(
      `
    here  ###
    A     <.#
  `,
      { base: 2 ** 45 },
    ),
  ).toBe(`A${2 ** 45 + 1}`);
});
