import { expect, it } from 'vitest';
import { PeerExchange } from '../src/pex.js';

const peers = (count: number) => Array.from({ length: count }, (_, at) => ({ address: '192.0.2.1', port: at + 1 }));

it('tells a second after joining, then once a minute, and only what changed', () => {
  const exchange = new PeerExchange(0);
  expect(exchange.poll(() => peers(3), 999)).toBeUndefined();
  expect(exchange.poll(() => peers(3), 1000)).toEqual({ type: 'pex', added: peers(3), dropped: [] });
  expect(exchange.poll(() => peers(5), 60_999)).toBeUndefined();
  expect(exchange.poll(() => peers(5).slice(1), 61_000)).toEqual({
    type: 'pex',
    added: peers(5).slice(3),
    dropped: peers(1),
  });
  expect(exchange.poll(() => peers(5).slice(1), 121_000)).toBeUndefined();
});

it('tells at most 50 at a time, the others later', () => {
  const exchange = new PeerExchange(0);
  expect(exchange.poll(() => peers(70), 1000)).toMatchObject({ added: peers(50) });
  expect(exchange.poll(() => peers(70), 61_000)).toMatchObject({ added: peers(70).slice(50) });
  expect(exchange.poll(() => [], 121_000)).toMatchObject({ added: [], dropped: peers(50) });
});

it('listens to a neighbour once a minute, give or take', () => {
  const exchange = new PeerExchange(0);
  expect([0, 1, 44_999, 45_000, 60_000].map((nowMs) => exchange.admit(nowMs))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});
