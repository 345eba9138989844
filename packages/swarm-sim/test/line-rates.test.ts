import { expect, test } from 'vitest';
import { LineRates } from '../src/line-rates.js';
import { smallScenario } from './small-scenario.js';

const peers = [
  { name: 'viewers', count: 2000, upload: { uniform: [1, 2] as const }, download: 8, behaviour: 'honest' as const },
];
const drawn = (seed: number) => {
  const rates = new LineRates(smallScenario({ peers }), seed);
  return Array.from({ length: 2000 }, () => rates.next(0));
};

test('each peer has a rate of its own, evenly spread', () => {
  const uploads = drawn(1).map(({ upload }) => upload);
  expect(Math.min(...uploads)).toBeGreaterThan(1);
  expect(Math.max(...uploads)).toBeLessThan(2);
  expect(uploads.reduce((sum, upload) => sum + upload, 0) / 2000).toBeCloseTo(1.5, 1);
  expect(drawn(1).every(({ download }) => download === 8)).toBe(true);
});

test('same seed ⇒ same rates', () => {
  expect(drawn(7)).toEqual(drawn(7));
  expect(drawn(7)).not.toEqual(drawn(8));
});
