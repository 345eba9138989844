/** Who asked for a piece that others have would wait for ever, if only rarity counted. */
import { describe, expect, test } from 'vitest';
import { newestFirst } from '../src/index.js';
import { offerOf, offersOf } from './tables.js';

const offer = (table: string, question = {}) => offerOf(newestFirst, table, question);
const offers = (table: string, question = {}) => offersOf(newestFirst, table, question);

describe('a piece that somebody asked a viewer for', () => {
  test('goes after one that fewer than a third know: that multiplies yet', () => {
    expect(
      offers(`
      here  ##
      A     ?.
      B     #.
      C     ##
      D     #.
    `),
    ).toBe('A1 A0 B1 D1');
  });

  test('goes before all that more know', () => {
    expect(
      offer(`
      here  ##
      A     ?.
      B     ##
      C     ##
    `),
    ).toBe('A0');
  });

  test('goes to the stronger of two', () => {
    expect(
      offer(`
      here  ##
      A     ?# 1
      B     #? 2
      C     ##
    `),
    ).toBe('B1');
  });

  test('by one of several that rank last alike goes before what is common every second time, else after it', () => {
    const drawing = (draw: number, second: string) =>
      offers(`here ##\nA ?# 0\nB ${second}\nC ## 1\nD #. 1`, { random: (below: number) => draw % below });
    expect(drawing(0, '## 0')).toBe('A0 D1');
    expect(drawing(1, '## 0')).toBe('D1 A0');
    // One has to be last.
    expect(drawing(1, '## 1')).toBe('A0 D1');
  });

  test('goes to nobody from before it began, and not if it isn’t here', () => {
    expect(offer('here .#\nA ?#\nB ##\nC ##')).toBe('nothing');
    expect(offer('here ##\nA ?#\nB ##\nC ##', { fromSeq: 1 })).toBe('nothing');
  });
});

describe('a piece that somebody asked a source for', () => {
  const origin = true;

  test('goes before what lags and after what nobody knows', () => {
    expect(
      offers(
        `
      here  ######
      A     ?#####
      B     #.###.
      C     #.###.
      D     #.###.
    `,
        { origin },
      ),
    ).toMatch(/^A0 /);
    expect(offer('here ##\nA ?.\nB #.', { origin })).toBe('A1');
  });

  test('waits as long as it is on its way to another one: all ask at once', () => {
    const table = (other: string) => `
      here  #
      A     ?
      B     ${other}
      C     #
      D     #
    `;
    expect(offer(table('#'), { origin })).toBe('A0');
    expect(offer(table('+'), { origin })).toBe('nothing');
  });
});
