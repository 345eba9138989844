import { expect, test } from 'vitest';
import { graphLayout, recent, type Sample } from '../src/viewer/graph-layout.js';

const sample = (atMs: number, bufferMs: number, latencyMs: number, stalled = false): Sample => ({
  atMs,
  bufferMs,
  latencyMs,
  stalled,
});

test('now is at the right, a minute ago at the left, zero at the bottom', () => {
  const { bufferPath, bufferArea } = graphLayout([sample(0, 0, 0), sample(2000, 0, 0)], 60_000, 600, 100);
  expect(bufferPath).toBe('M0 100L20 100');
  expect(bufferArea).toBe('M0 100L20 100L20 100L0 100Z');
});

test('both lines have one scale with a few round lines', () => {
  const layout = graphLayout([sample(59_000, 1000, 2500), sample(60_000, 1000, 2500)], 60_000, 600, 100);
  expect(layout.grid.map(({ label }) => label)).toEqual(['1 s', '2 s']);
  const [one, two] = layout.grid;
  expect(layout.bufferPath).toBe(`M590 ${one?.yPx}L600 ${one?.yPx}`);
  expect(Number(/^M590 ([\d.]+)/.exec(layout.latencyPath)?.[1])).toBeLessThan(two?.yPx ?? 0);
});

test.each([
  [400, ['0.5 s', '1 s']],
  [5200, ['2 s', '4 s']],
  [45_000, ['20 s', '40 s']],
  [3_600_000, ['1200 s', '2400 s', '3600 s']],
])('a latency of %d ms has the lines %j', (latencyMs, labels) => {
  const { grid } = graphLayout([sample(0, 0, latencyMs)], 0, 600, 100);
  expect(grid.map(({ label }) => label)).toEqual(labels);
  for (const { yPx } of grid) expect(yPx).toBeGreaterThanOrEqual(0);
});

test('a silence is a gap, not a slope', () => {
  const samples = [sample(0, 0, 0), sample(1000, 0, 0), sample(9000, 0, 0), sample(10_000, 0, 0)];
  expect(graphLayout(samples, 60_000, 600, 100).bufferPath).toBe('M0 100L10 100M90 100L100 100');
});

test('a stall is a band until the next second that plays', () => {
  const samples = [sample(0, 0, 0), sample(1000, 0, 0, true), sample(2000, 0, 0, true), sample(3000, 0, 0)];
  expect(graphLayout(samples, 60_000, 600, 100).stalls).toEqual([
    { xPx: 10, widthPx: 10 },
    { xPx: 20, widthPx: 10 },
  ]);
});

test('with no samples there is a scale and nothing else', () => {
  const layout = graphLayout([], 0, 0, 0);
  expect(layout).toMatchObject({ bufferPath: '', bufferArea: '', latencyPath: '', stalls: [] });
});

test('what has left the picture is forgotten, but for one more step to the left of it', () => {
  const samples = [sample(0, 0, 0), sample(37_000, 0, 0), sample(38_500, 0, 0), sample(99_000, 0, 0)];
  expect(recent(samples, 100_000).map(({ atMs }) => atMs)).toEqual([38_500, 99_000]);
});
