import { expect, it } from 'vitest';
import { recentKeys } from '../src/recent-keys.js';

function counted(capacity: number) {
  const derived: number[] = [];
  const of = recentKeys(capacity, (key) => {
    derived.push(key[0] as number);
    return `value ${key[0]}`;
  });
  return { derived, use: (...keys: number[]) => keys.map((key) => of(Uint8Array.of(key, 7))) };
}

it('derives once for keys in use', () => {
  const { derived, use } = counted(3);
  expect(use(1, 2, 1, 3, 2, 1, 3)).toEqual([1, 2, 1, 3, 2, 1, 3].map((key) => `value ${key}`));
  expect(derived).toEqual([1, 2, 3]);
});

it('forgets the key that was used longest ago', () => {
  const { derived, use } = counted(3);
  use(1, 2, 3, 1, 4);
  use(1, 3, 4);
  expect(derived).toEqual([1, 2, 3, 4]);
  use(2);
  expect(derived).toEqual([1, 2, 3, 4, 2]);
});
