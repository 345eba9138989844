import { expect, it } from 'vitest';
import { BAN_MS, BanList } from '../src/bans.js';

it('keeps out a pair of address and peer id for ten minutes, and nobody else', () => {
  const bans = new BanList();
  expect(bans.ban({ address: '192.0.2.1', peerId: 'aa' }, 0)).toBe('peer');
  expect(bans.has('192.0.2.1', 'aa', BAN_MS - 1)).toBe(true);
  expect(bans.has('192.0.2.1', 'aa', BAN_MS)).toBe(false);
  expect(bans.has('192.0.2.1', 'bb', 0)).toBe(false);
  // Anybody can say somebody else's peer id.
  expect(bans.has('192.0.2.2', 'aa', 0)).toBe(false);
});

it('does not dial an offender', () => {
  const bans = new BanList();
  bans.ban({ address: '192.0.2.1', peerId: 'aa', port: 6881 }, 0);
  expect(bans.hasEndpoint('192.0.2.1', 6881, 1)).toBe(true);
  expect(bans.hasEndpoint('192.0.2.1', 6882, 1)).toBe(false);
});

it('keeps out an address after its third offence, whoever comes from it', () => {
  const bans = new BanList();
  expect(['aa', 'bb', 'cc'].map((peerId) => bans.ban({ address: '192.0.2.1', peerId }, 0))).toEqual([
    'peer',
    'peer',
    'address',
  ]);
  expect(bans.has('192.0.2.1', 'dd', 1)).toBe(true);
  expect(bans.hasAddress('192.0.2.2', 1)).toBe(false);
});

it('counts offences that are long past no more', () => {
  const bans = new BanList();
  bans.ban({ address: '192.0.2.1', peerId: 'aa' }, 0);
  bans.ban({ address: '192.0.2.1', peerId: 'bb' }, 0);
  expect(bans.ban({ address: '192.0.2.1', peerId: 'cc' }, BAN_MS)).toBe('peer');
});

it('never keeps out this machine as a whole', () => {
  const bans = new BanList();
  for (const peerId of ['aa', 'bb', 'cc', 'dd']) expect(bans.ban({ address: '127.0.0.1', peerId }, 0)).toBe('peer');
  expect(bans.has('127.0.0.1', 'ee', 1)).toBe(false);
  // Who takes another loopback address is the only one that has it.
  for (const peerId of ['aa', 'bb', 'cc']) bans.ban({ address: '127.0.0.2', peerId }, 0);
  expect(bans.has('127.0.0.2', 'ee', 1)).toBe(true);
});

it('is bounded: the oldest entries go', () => {
  const bans = new BanList();
  for (let peer = 0; peer < 2000; peer += 1) bans.ban({ address: '127.0.0.1', peerId: String(peer) }, peer);
  expect(bans.size).toBe(1024);
  expect(bans.has('127.0.0.1', '1999', 2000)).toBe(true);
  expect(bans.has('127.0.0.1', '0', 2000)).toBe(false);
});
