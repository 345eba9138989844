import { fc, test } from '@fast-check/vitest';
import { test as example, expect } from 'vitest';
import { filmStrip } from '../src/vod-viewer/film-strip-layout.js';

example('pieces that are alike are one stretch', () => {
  expect(filmStrip('##+.:?', 600)).toEqual([
    { tone: 'held', fromPx: 0, toPx: 200 },
    { tone: 'arriving', fromPx: 200, toPx: 300 },
    { tone: 'awaited', fromPx: 300, toPx: 400 },
    { tone: 'part', fromPx: 400, toPx: 500 },
    { tone: 'awaited', fromPx: 500, toPx: 600 },
  ]);
});

example('nothing is nothing', () => expect(filmStrip('', 600)).toEqual([]));

test.prop([fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 4000 })])(
  'stretches cover the whole width, without gaps, and no two alike side by side',
  (pieces, widthPx) => {
    const stretches = filmStrip(pieces, widthPx);
    expect(stretches[0]?.fromPx).toBe(0);
    expect(stretches.at(-1)?.toPx).toBeCloseTo(widthPx);
    for (const [i, stretch] of stretches.slice(1).entries()) {
      expect(stretch.fromPx).toBe(stretches[i]?.toPx);
      expect(stretch.tone).not.toBe(stretches[i]?.tone);
    }
  },
);
