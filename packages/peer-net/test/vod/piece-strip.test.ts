import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { pieceStrip } from '../../src/vod/piece-strip.js';

const strip = (held: string, started: number[], cellsMax: number, from = 0) =>
  pieceStrip(
    { piecesOf: () => ({ from, to: held.length }) },
    { isHeld: (index) => held[index] === '#' },
    started,
    0,
    cellsMax,
  );

it('tells each piece while there is room', () => expect(strip('##..#', [2], 10)).toBe('##+.#'));

it('tells several pieces by one character, what is asked for before what is there', () => {
  expect(strip('####..#.....', [9], 6)).toBe('##.:+.');
  expect(strip('####..#.....', [7], 6)).toBe('##.+..');
});

it('begins where the file begins', () => expect(strip('.##.', [], 10, 1)).toBe('##.'));

it('an empty file has none', () => expect(strip('', [], 10)).toBe(''));

test.prop([fc.array(fc.boolean(), { maxLength: 300 }), fc.integer({ min: 1, max: 50 })])(
  'is full where and only where all is held',
  (bits, cellsMax) => {
    const held = bits.map((bit) => (bit ? '#' : '.')).join('');
    const cells = strip(held, [], cellsMax);
    expect(cells.length).toBe(Math.min(bits.length, cellsMax));
    expect(/^#*$/.test(cells)).toBe(bits.every(Boolean));
    expect(/^\.*$/.test(cells)).toBe(!bits.some(Boolean));
  },
);
