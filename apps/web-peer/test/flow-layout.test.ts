import { fc, test } from '@fast-check/vitest';
import { test as example, expect } from 'vitest';
import { flowLayout } from '../src/neighbours/flow-layout.js';
import type { Neighbour } from '../src/neighbours/neighbour.js';
import { namesOf, tellAbout } from '../src/neighbours/neighbour-words.js';

function neighbour(id: string, some: Partial<Neighbour> = {}): Neighbour {
  return {
    id,
    address: `192.0.2.1:${id}`,
    client: 'tstream 0.1.0',
    isSource: false,
    downBytes: 0,
    upBytes: 0,
    downBitsPerSecond: 0,
    upBitsPerSecond: 0,
    rttMs: undefined,
    strikes: 0,
    ageMs: 0,
    behindPieces: undefined,
    heldShare: undefined,
    ...some,
  };
}

example('feeders are left, the fed right, the silent only counted', () => {
  const layout = flowLayout([
    neighbour('1', { downBitsPerSecond: 1000 }),
    neighbour('2', { upBitsPerSecond: 1000 }),
    neighbour('3', { downBitsPerSecond: 1000, upBitsPerSecond: 1000 }),
    neighbour('4'),
  ]);
  expect(layout.incoming.map(({ id }) => id)).toEqual(['1', '3']);
  expect(layout.outgoing.map(({ id }) => id)).toEqual(['2', '3']);
  expect(layout.quiet).toBe(1);
});

example('the source stands first, then who has been here longest, whatever the rates', () => {
  const order = (rates: readonly number[]) =>
    flowLayout([
      neighbour('new', { downBitsPerSecond: rates[0] ?? 0, ageMs: 1 }),
      neighbour('old', { downBitsPerSecond: rates[1] ?? 0, ageMs: 9 }),
      neighbour('source', { downBitsPerSecond: rates[2] ?? 0, isSource: true }),
    ]).incoming.map(({ id }) => id);
  expect(order([9, 5, 1])).toEqual(['source', 'old', 'new']);
  expect(order([1, 5, 9])).toEqual(['source', 'old', 'new']);
});

example('of too many, those that gave most so far are drawn and the others counted', () => {
  const many = Array.from({ length: 9 }, (_, i) => neighbour(String(i), { upBitsPerSecond: 1, upBytes: i }));
  const layout = flowLayout(many);
  expect(layout.outgoing.map(({ id }) => id)).toEqual(['3', '4', '5', '6', '7', '8']);
  expect(layout).toMatchObject({ moreIncoming: 0, moreOutgoing: 3 });
});

example('twice the rate is twice the width, in and out', () => {
  const layout = flowLayout([
    neighbour('1', { downBitsPerSecond: 500_000 }),
    neighbour('2', { upBitsPerSecond: 1_000_000 }),
  ]);
  expect(layout.outgoing[0]?.widthPx).toBeCloseTo(2 * (layout.incoming[0]?.widthPx ?? 0));
});

const anyNeighbour = fc
  .record({
    id: fc.uuid(),
    isSource: fc.boolean(),
    downBitsPerSecond: fc.nat(20_000_000),
    upBitsPerSecond: fc.nat(20_000_000),
    downBytes: fc.nat(),
    upBytes: fc.nat(),
    ageMs: fc.nat(),
  })
  .map(({ id, ...some }) => neighbour(id, some));

test.prop([fc.uniqueArray(anyNeighbour, { selector: ({ id }) => id, maxLength: 30 })])(
  'ribbons of a side neither overlap nor leave the picture, where they meet you and at the rows',
  (neighbours) => {
    const layout = flowLayout(neighbours);
    for (const side of [layout.incoming, layout.outgoing]) {
      side.forEach((ribbon, i) => {
        const next = side[i + 1];
        expect(ribbon.youPx - ribbon.widthPx / 2).toBeGreaterThanOrEqual(layout.youTopPx - 1e-6);
        expect(ribbon.youPx + ribbon.widthPx / 2).toBeLessThanOrEqual(layout.youTopPx + layout.youHeightPx + 1e-6);
        expect(ribbon.rowPx).toBeGreaterThan(0);
        expect(ribbon.rowPx).toBeLessThan(layout.heightPx);
        if (next === undefined) return;
        expect(ribbon.youPx + ribbon.widthPx / 2).toBeLessThanOrEqual(next.youPx - next.widthPx / 2 + 1e-6);
        expect(ribbon.rowPx).toBeLessThan(next.rowPx);
      });
    }
  },
);

example('a neighbour is named by its host, with the port where hosts are alike, the source by what it is', () => {
  const names = namesOf([
    neighbour('a', { address: '192.0.2.1:1' }),
    neighbour('b', { address: '127.0.0.1:2' }),
    neighbour('c', { address: '127.0.0.1:3' }),
    neighbour('d', { address: '[2001:db8::1]:4' }),
    neighbour('0123456789', { address: '' }),
    neighbour('f', { address: '198.51.100.1:5', isSource: true }),
  ]);
  expect([...names.values()]).toEqual([
    '192.0.2.1',
    '127.0.0.1:2',
    '127.0.0.1:3',
    '2001:db8::1',
    '01234567',
    'broadcaster',
  ]);
});

example('all that is known of a neighbour is told in one line', () => {
  const known = neighbour('7', { rttMs: 24.4, behindPieces: 1, strikes: 2, ageMs: 65_000, client: '' });
  expect(tellAbout(known).replaceAll('\u00a0', ' ')).toBe(
    '192.0.2.1:7 · unknown program · here for 1 min 5 s · 24 ms away · 1 piece behind · 2 strikes',
  );
});
