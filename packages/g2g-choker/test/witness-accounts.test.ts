import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { earn, fade, openAccount, vouch } from '../src/index.js';

test('who gave nothing vouches for nothing', () => {
  const voucher = openAccount();
  const friend = openAccount();
  vouch(voucher, [{ account: friend, bytes: 1_000_000 }]);
  expect(friend.creditBytes).toBe(0);
});

test('a tenth of what it gave is what a witness can vouch for, once', () => {
  const voucher = openAccount();
  const friend = openAccount();
  earn(voucher, 50_000);
  vouch(voucher, [{ account: friend, bytes: 3000 }]);
  vouch(voucher, [{ account: friend, bytes: 1_000_000 }]);
  expect(friend.creditBytes).toBe(5000);
  expect(voucher.purseBytes).toBe(0);
});

test('a purse that is too small is shared by all that a witness speaks for, as it speaks for them', () => {
  const voucher = openAccount();
  const [one, other] = [openAccount(), openAccount()];
  earn(voucher, 40_000);
  const claims = [
    { account: one, bytes: 9000 },
    { account: other, bytes: 3000 },
  ];
  vouch(voucher, claims);
  expect([one.creditBytes, other.creditBytes]).toEqual([3000, 1000]);
});

test('credit fades to a third in ten seconds, a purse in thirty, both to nothing', () => {
  const account = openAccount();
  earn(account, 1_000_000);
  account.creditBytes = 100_000;
  for (let second = 0; second < 10; second++) fade(account);
  expect(Math.round(account.creditBytes / 1000)).toBe(35);
  for (let second = 10; second < 30; second++) fade(account);
  expect(Math.round(account.purseBytes / 1000)).toBe(36);
  for (let second = 0; second < 600; second++) fade(account);
  expect(account).toEqual({ purseBytes: 0, creditBytes: 0 });
});

const MEMBERS = 4;
const act = fc.oneof(
  fc.record({ do: fc.constant('give' as const), who: fc.nat(MEMBERS - 1), bytes: fc.nat(200_000) }),
  fc.record({
    do: fc.constant('vouch' as const),
    who: fc.nat(MEMBERS - 1),
    claims: fc.array(fc.tuple(fc.nat(MEMBERS - 1), fc.nat(10_000_000)), { maxLength: 6 }),
  }),
  fc.record({ do: fc.constant('second' as const) }),
);

test('whatever a crew says, all the credit that it has is at most a tenth of what it gave', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 100 }), (acts) => {
      const crew = Array.from({ length: MEMBERS }, openAccount);
      let given = 0;
      for (const one of acts) {
        if (one.do === 'second') crew.forEach(fade);
        if (one.do === 'give') {
          given += one.bytes;
          earn(crew[one.who] as (typeof crew)[0], one.bytes);
        }
        if (one.do === 'vouch') {
          const claims = one.claims.map(([who, bytes]) => ({ account: crew[who] as (typeof crew)[0], bytes }));
          vouch(crew[one.who] as (typeof crew)[0], claims);
        }
      }
      const credit = crew.reduce((sum, { creditBytes }) => sum + creditBytes, 0);
      expect(credit).toBeLessThanOrEqual(given / 10);
    }),
  );
});
