import { expect, test } from 'vitest';
import type { Member } from '../src/index.js';
import { Feeding } from '../src/metrics/fed-by.js';
import type { Roster } from '../src/metrics/roster.js';

const peer = (number: number) => ({ number }) as Member;
const nameOf = (number: number) => (number === 0 ? undefined : { peerClass: { name: number % 2 === 0 ? 'b' : 'a' } });
const roster = { entryOf: ({ number }: Member) => nameOf(number) } as Roster;

function feeding(seconds = 4) {
  return new Feeding(roster, { endMs: seconds * 1000, ringPieces: 8 });
}

test('bytes stand in the second, the classes, the peers and the distance that they came by', () => {
  const fed = feeding();
  fed.add(peer(1), peer(0), 7, 100, true, 500);
  fed.add(peer(2), peer(1), 7, 100, true, 1500);
  fed.add(peer(3), peer(2), 7, 100, true, 1999);
  // It has it: what comes again changes nothing of how far it is.
  fed.add(peer(1), peer(3), 7, 40, false, 2000);
  fed.add(peer(4), peer(1), 7, 100, true, 3999);
  const { atSeconds, classes, hops, peers } = fed.table(4000);
  expect(atSeconds).toEqual([1, 2, 3, 4]);
  expect(classes).toEqual([
    { receiver: 'a', sender: 'source', bytes: [100, 0, 0, 0] },
    { receiver: 'a', sender: 'b', bytes: [0, 100, 0, 0] },
    { receiver: 'a', sender: 'a', bytes: [0, 0, 40, 0] },
    { receiver: 'b', sender: 'a', bytes: [0, 100, 0, 100] },
  ]);
  expect(hops).toEqual([
    { hops: 1, bytes: [100, 0, 0, 0] },
    { hops: 2, bytes: [0, 100, 0, 100] },
    { hops: 3, bytes: [0, 100, 0, 0] },
    { hops: 4, bytes: [0, 0, 40, 0] },
  ]);
  expect(peers?.classes).toEqual(['source', 'a', 'b', 'a', 'b']);
  expect(peers?.pairs).toContainEqual({ receiver: 4, sender: 1, bytes: [0, 0, 0, 100] });
});

test('a run that ends early has as many slices as it lasted', () => {
  const fed = feeding();
  fed.add(peer(1), peer(0), 0, 100, true, 2100);
  expect(fed.table(2500).atSeconds).toEqual([1, 2, 2.5]);
  expect(fed.table(2500).classes[0]?.bytes).toEqual([0, 0, 100]);
});

test('a day takes no more slices than two minutes', () => {
  const fed = feeding(86_400);
  fed.add(peer(1), peer(0), 0, 100, true, 86_399_999);
  const { atSeconds, classes } = fed.table(86_400_000);
  expect(atSeconds).toHaveLength(120);
  expect(atSeconds.at(-1)).toBe(86_400);
  expect(classes[0]?.bytes.at(-1)).toBe(100);
});

test.each([
  [99, true],
  [100, false],
])('pairs of peers are told as long as the last peer is number %i: %s', (last, told) => {
  const fed = feeding();
  fed.add(peer(last), peer(0), 0, 100, true, 0);
  expect(fed.table(4000).peers !== null).toBe(told);
});
