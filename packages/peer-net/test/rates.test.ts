import { expect, it } from 'vitest';
import { RateMeter } from '../src/rates.js';

it('tells a steady rate after two seconds', () => {
  const meter = new RateMeter();
  for (let nowMs = 0; nowMs < 2000; nowMs += 10) meter.add(1250, nowMs);
  expect(meter.bitsPerSecond(1999)).toBe(1_000_000);
  expect(meter.totalBytes).toBe(250_000);
});

it('forgets what is older than two seconds, and keeps the total', () => {
  const meter = new RateMeter();
  meter.add(1000, 0);
  expect(meter.bitsPerSecond(1999)).toBe(4000);
  expect(meter.bitsPerSecond(2000)).toBe(0);
  meter.add(1000, 60_000);
  expect(meter.bitsPerSecond(60_100)).toBe(4000);
  expect(meter.totalBytes).toBe(2000);
});
