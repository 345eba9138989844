import { fc, test } from '@fast-check/vitest';
import { test as example, expect } from 'vitest';
import { correct, edgeTime, type PlaybackView, reconnectDelayMs } from '../src/viewer/playback-watch.js';

const smooth: PlaybackView = {
  currentTimeS: 5,
  paused: false,
  ranges: [[1.4, 6.4]],
  stuckMs: 0,
  runChanged: false,
  peerPlays: true,
};

example('a picture that moves is left alone', () => {
  expect(correct(smooth)).toEqual({ type: 'none' });
});

example('the first buffered time is where playback begins, not 0', () => {
  expect(correct({ ...smooth, currentTimeS: 0, ranges: [[1.4, 1.6]] })).toEqual({ type: 'seek', toS: 1.41 });
});

example('a hole is stepped over once the picture stands still at it', () => {
  const ranges: PlaybackView['ranges'] = [
    [1, 5.02],
    [5.6, 7],
  ];
  const atHole = { ...smooth, ranges };
  expect(correct({ ...atHole, stuckMs: 399 })).toEqual({ type: 'none' });
  expect(correct({ ...atHole, stuckMs: 400 })).toEqual({ type: 'seek', toS: 5.609999999999999 });
});

example('far behind the newest byte, it jumps to a little before it', () => {
  expect(correct({ ...smooth, ranges: [[1, 16.9]] })).toEqual({ type: 'none' });
  expect(correct({ ...smooth, ranges: [[1, 17.2]] })).toEqual({ type: 'seek', toS: 16 });
});

example('a picture that stands still although the peer plays is begun anew, sooner after a change of run', () => {
  expect(correct({ ...smooth, stuckMs: 3999 })).toEqual({ type: 'none' });
  expect(correct({ ...smooth, stuckMs: 4000 })).toEqual({ type: 'restart' });
  expect(correct({ ...smooth, stuckMs: 400, runChanged: true })).toEqual({ type: 'restart' });
  expect(correct({ ...smooth, stuckMs: 9999, ranges: [] })).toEqual({ type: 'none' });
  expect(correct({ ...smooth, stuckMs: 10_000, ranges: [] })).toEqual({ type: 'restart' });
});

example('the peer’s own stall is waited for', () => {
  expect(correct({ ...smooth, stuckMs: 60_000, peerPlays: false })).toEqual({ type: 'none' });
});

const times = fc.double({ min: 0, max: 1e5, noNaN: true });
const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 2, maxLength: 8 })
  .map((all) => all.toSorted((a, b) => a - b).map((ms) => ms / 10))
  .map((all) =>
    Array.from({ length: Math.floor(all.length / 2) }, (_, i) => [all[2 * i] ?? 0, all[2 * i + 1] ?? 0] as const),
  );

test.prop([times, ranges, fc.nat(20_000), fc.boolean(), fc.boolean()])(
  'a seek goes forward, to a time that is buffered',
  (currentTimeS, ranges, stuckMs, runChanged, peerPlays) => {
    const correction = correct({ currentTimeS, paused: false, ranges, stuckMs, runChanged, peerPlays });
    if (correction.type !== 'seek') return;
    expect(correction.toS).toBeGreaterThan(currentTimeS);
    expect(ranges.some(([startS, endS]) => startS <= correction.toS && correction.toS <= endS)).toBe(true);
  },
);

test.prop([times, ranges, fc.nat(100_000), fc.boolean()])(
  'a paused picture is never touched',
  (currentTimeS, ranges, stuckMs, runChanged) => {
    const view: PlaybackView = { currentTimeS, paused: true, ranges, stuckMs, runChanged, peerPlays: true };
    expect(correct(view)).toEqual({ type: 'none' });
  },
);

example('the edge of a range too short to land in is its start', () => {
  expect(edgeTime([3, 9])).toBeCloseTo(7.8);
  expect(edgeTime([3, 3.5])).toBeCloseTo(3.01);
});

example('connecting again is tried less and less often, but never given up', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 100].map(reconnectDelayMs)).toEqual([500, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});
