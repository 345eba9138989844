import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventQueue } from '../src/index.js';

describe('EventQueue', () => {
  test('pops ≡ a stable sort of the pushes by time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 200 }), (times) => {
        const queue = new EventQueue<number>();
        for (const [i, time] of times.entries()) queue.push(time, i);
        const sorted = times.map((time, i) => ({ time, i })).sort((a, b) => a.time - b.time);
        for (const { time, i } of sorted) {
          expect(queue.nextUs).toBe(time);
          expect(queue.pop()).toBe(i);
        }
        expect([queue.size, queue.nextUs, queue.pop()]).toEqual([0, Infinity, undefined]);
      }),
    );
  });

  test('keeps that order while pushes and pops alternate', () => {
    const push = fc.record({ at: fc.integer({ min: 0, max: 5 }), pops: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(push, { maxLength: 200 }), (acts) => {
        const queue = new EventQueue<number>();
        let waiting: { at: number; i: number }[] = [];
        for (const [i, { at, pops }] of acts.entries()) {
          queue.push(at, i);
          waiting.push({ at, i });
          for (let n = 0; n < pops; n += 1) {
            waiting = waiting.sort((a, b) => a.at - b.at || a.i - b.i);
            expect(queue.pop()).toBe(waiting.shift()?.i);
          }
          expect(queue.size).toBe(waiting.length);
        }
      }),
    );
  });

  test('holds more than it was made for', () => {
    const queue = new EventQueue<number>();
    for (let i = 5000; i > 0; i -= 1) queue.push(i, i);
    expect(Array.from({ length: 5000 }, () => queue.pop())).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });

  test.each([Number.NaN, Infinity, 0.5])('refuses the time %d', (atUs) => {
    expect(() => new EventQueue<number>().push(atUs, 1)).toThrow(
      new RangeError(`atUs: expected a safe integer, got ${atUs}`),
    );
  });
});
