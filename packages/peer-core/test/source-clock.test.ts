import { expect, test } from 'vitest';
import { createSourceClock, observe, sourceNowMs, transitMs } from '../src/source-clock.js';

test('nothing is known before the first proof', () => {
  const clock = createSourceClock();
  expect(transitMs(clock)).toBeUndefined();
  expect(sourceNowMs(clock, 1000)).toBeUndefined();
});

test.each([1_800_000_000_000, 1_799_996_400_000])(
  'counts from the shortest transit, whatever the source counts from (%i)',
  (offMs) => {
    const clock = createSourceClock();
    for (const [madeMs, onWayMs] of [
      [0, 80],
      [150, 30],
      [300, 500],
    ] as const) {
      observe(clock, madeMs + offMs, madeMs + onWayMs);
    }
    expect(transitMs(clock)).toBe(30 - offMs);
    expect(sourceNowMs(clock, 1000)).toBe(1000 - 30 + offMs);
    expect(clock.newestSourceMs).toBe(300 + offMs);
  },
);

test('forgets a short transit after one to two minutes: clocks drift', () => {
  const clock = createSourceClock();
  observe(clock, 0, 10);
  for (let madeMs = 1000; madeMs <= 60_000; madeMs += 1000) observe(clock, madeMs, madeMs + 50);
  expect(transitMs(clock)).toBe(10);
  for (let madeMs = 61_000; madeMs <= 125_000; madeMs += 1000) observe(clock, madeMs, madeMs + 50);
  expect(transitMs(clock)).toBe(50);
});

test('an older proof that comes later moves nothing but the transit', () => {
  const clock = createSourceClock();
  observe(clock, 1000, 1100);
  expect(clock.advanced).toBe(false);
  observe(clock, 500, 1200);
  expect([clock.newestSourceMs, clock.newestAtMs, clock.advanced]).toEqual([1000, 1100, false]);
  observe(clock, 1500, 1600);
  expect(clock.advanced).toBe(true);
});
