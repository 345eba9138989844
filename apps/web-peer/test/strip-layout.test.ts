import { fc, test } from '@fast-check/vitest';
import { test as example, expect } from 'vitest';
import { stripLayout } from '../src/viewer/strip-layout.js';

const pieces = (states: string, fromSeq = 100) => ({ run: 1, fromSeq, states });
const MARKS = { held: '#', arriving: '+', awaited: '.', lost: 'x', absent: '-' } as const;
const drawn = (states: string, playSeq: number | undefined): string =>
  stripLayout(pieces(states), playSeq, 800, 0)
    .tones.map((tone) => MARKS[tone])
    .join('');

example('a missing piece is lost behind the play position, awaited before it, absent before anything was held', () => {
  expect(drawn('..##.##.+.', 106)).toBe('--##x##.+.');
});

example('nothing is lost while nothing is played', () => {
  expect(drawn('##.#', undefined)).toBe('##.#');
});

example('nothing held yet is nothing lost', () => {
  expect(drawn('....', 102)).toBe('----');
});

example('cells stand at the right, eight pixels each', () => {
  const layout = stripLayout(pieces('####'), 102, 800, 0);
  expect(layout).toMatchObject({ firstSeq: 100, pitchPx: 8, firstPx: 768, edgePx: 800, playPx: 784 });
});

example('a narrow strip leaves old pieces out, except in the spare part to the left', () => {
  const all = pieces('#'.repeat(240));
  expect(stripLayout(all, 330, 400, 0)).toMatchObject({ firstSeq: 290, firstPx: 0, playPx: 320 });
  expect(stripLayout(all, 330, 400, 80)).toMatchObject({ firstSeq: 280, firstPx: -80, playPx: 320 });
});

example('a long lag makes cells narrow rather than put the play position outside', () => {
  const layout = stripLayout(pieces('#'.repeat(240)), 190, 340, 0);
  expect(layout.pitchPx).toBe(1.7);
  expect(layout.playPx).toBeCloseTo(85);
});

const seqs = fc.integer({ min: 0, max: 2 ** 40 });
const strip = fc.record({ states: fc.string({ unit: fc.constantFrom('#', '+', '.') }), fromSeq: seqs });

test.prop([strip, fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 300 }), fc.nat(320)])(
  'the play position is in the picture whenever it is among the pieces, and the last cell ends at the edge',
  ({ states, fromSeq }, widthPx, behind, sparePx) => {
    const edgeSeq = fromSeq + states.length;
    const layout = stripLayout(pieces(states, fromSeq), edgeSeq - Math.min(behind, states.length), widthPx, sparePx);
    expect(layout.firstPx + layout.tones.length * layout.pitchPx).toBeCloseTo(widthPx, 6);
    expect(layout.firstSeq + layout.tones.length).toBe(edgeSeq);
    expect(layout.playPx).toBeGreaterThanOrEqual(0);
    expect(layout.playPx).toBeLessThanOrEqual(widthPx);
  },
);
