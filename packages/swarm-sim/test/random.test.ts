import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../src/index.js';
import { xoshiro128ss } from '../src/random.js';

function drawn(random: Random, below: number, times: number): number[] {
  return Array.from({ length: times }, () => random.below(below));
}

describe('xoshiro128**', () => {
  test("gives the numbers of the authors' xoshiro128starstar.c from the state 0, 1, 2, 3", () => {
    const state = Uint32Array.of(0, 1, 2, 3);
    expect(Array.from({ length: 9 }, () => xoshiro128ss(state))).toEqual([
      5760, 17280, 2966400, 32451840, 2604340873, 3891234569, 1254043636, 216095511, 3291724652,
    ]);
  });
});

describe('Random', () => {
  test('same seed ⇒ same numbers, another seed ⇒ others', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        fc.pre(a !== b);
        const numbers = drawn(new Random(a), 2 ** 32, 4);
        expect(drawn(new Random(a), 2 ** 32, 4)).toEqual(numbers);
        expect(drawn(new Random(b), 2 ** 32, 4)).not.toEqual(numbers);
      }),
    );
  });

  test('draws each of n numbers equally often', () => {
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (const number of drawn(new Random(1), 7, 70_000)) counts[number] = (counts[number] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test('draws without bias where 2^32 is no multiple: a third of [0, 3·2^30) lies in each third', () => {
    const thirds = [0, 0, 0];
    for (const number of drawn(new Random(2), 3 * 2 ** 30, 30_000)) {
      const third = Math.floor(number / 2 ** 30);
      thirds[third] = (thirds[third] ?? 0) + 1;
    }
    for (const count of thirds) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test('a fork goes its own way: what it draws changes nothing for the others', () => {
    const one = new Random(3);
    const other = new Random(3);
    one.fork().below(10);
    const fork = other.fork();
    drawn(fork, 10, 100);
    expect(drawn(one, 1000, 10)).toEqual(drawn(other, 1000, 10));
  });

  test.each([0, -1, 1.5, 2 ** 32 + 1])('refuses to draw below %d', (below) => {
    expect(() => new Random(1).below(below)).toThrow(new RangeError(`below: expected 1..2^32, got ${below}`));
  });

  test.each([-1, 0.5, Number.NaN])('refuses the seed %d', (seed) => {
    expect(() => new Random(seed)).toThrow(new RangeError(`seed: expected 0..2^53-1, got ${seed}`));
  });
});
