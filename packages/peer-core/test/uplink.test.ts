import { describe, expect, test } from 'vitest';
import { markSend } from '../src/line-rate.js';
import { limitBucket } from '../src/token-bucket.js';
import {
  type Confirmation,
  countConfirmed,
  countSent,
  createUplink,
  release,
  type Uplink,
  uplinkBacklogMs,
  uplinkWaitMs,
} from '../src/uplink.js';

const PIECE = 32_768;

function confirmation(uplink: Uplink, bytes: number, delayMs: number, shortestMs: number, nowMs: number): Confirmation {
  const mark = markSend(uplink.line, true, nowMs - delayMs);
  return { bytes, counted: true, mark, delayMs, shortestMs, rttMs: shortestMs, nearRttMs: 0 };
}

describe('the limit that a person set', () => {
  test('holds over any second, but for half a second that may be saved up', () => {
    const limit = 250_000;
    const uplink = createUplink(limit, PIECE, 0);
    let sent = 0;
    for (let nowMs = 0; nowMs < 10_000; nowMs++) {
      while (uplinkWaitMs(uplink, false, nowMs) === 0) {
        countSent(uplink, 16_384, nowMs);
        release(uplink, 16_384);
        sent += 16_384;
      }
    }
    expect(sent).toBeGreaterThan(limit * 10);
    expect(sent).toBeLessThan(limit * 10.5 + 16_384 + limit / 100);
  });

  test('says how long it takes until the next block may go', () => {
    const uplink = createUplink(100_000, PIECE, 0);
    countSent(uplink, 60_000, 0);
    const waitMs = uplinkWaitMs(uplink, false, 0);
    expect(waitMs).toBe(101);
    expect(uplinkWaitMs(uplink, false, waitMs)).toBe(0);
    expect(uplinkBacklogMs(uplink, 50_000, waitMs)).toBeGreaterThan(490);
  });

  test('that is changed cuts what was saved up under the old one', () => {
    const uplink = createUplink(1_000_000, PIECE, 0);
    limitBucket(uplink, 10_000, 0);
    countSent(uplink, 5001, 0);
    expect(uplinkWaitMs(uplink, false, 0)).toBeGreaterThan(0);
  });
});

describe('the budget of unconfirmed bytes', () => {
  test('shrinks for a queue also where a neighbour has never seen the line without one: it gets a piece now and then', () => {
    const uplink = createUplink(Infinity, PIECE, 0);
    const shrunk = (rttMs: number) => {
      const mark = markSend(uplink.line, true, 0);
      uplink.budgetBytes = 20 * PIECE;
      const late = { bytes: PIECE, counted: true, mark, delayMs: 900, shortestMs: 900, rttMs, nearRttMs: 0 };
      // The line is known to carry a piece in a tenth of a second.
      uplink.line.samples.splice(0, 16, ...Array<number>(16).fill(PIECE / 100));
      for (let i = 0; i < 6; i++) countConfirmed(uplink, late, 900);
      return uplink.budgetBytes < 20 * PIECE;
    };
    expect(shrunk(50)).toBe(true);
    expect(shrunk(800)).toBe(false);
  });

  test('stops new pieces, and never one that was begun', () => {
    const uplink = createUplink(Infinity, PIECE, 0);
    countSent(uplink, uplink.budgetBytes, 0);
    expect(uplinkWaitMs(uplink, false, 0)).toBe(Infinity);
    expect(uplinkWaitMs(uplink, true, 0)).toBe(0);
    release(uplink, 1);
    expect(uplinkWaitMs(uplink, false, 0)).toBe(0);
  });

  test('grows with what the line was seen to carry while it is used; an idle one stays as it is', () => {
    const busy = createUplink(Infinity, PIECE, 0);
    const idle = createUplink(Infinity, PIECE, 0);
    const before = busy.budgetBytes;
    for (let i = 1; i <= 200; i++) {
      const bytes = busy.budgetBytes - busy.unconfirmedBytes;
      countSent(busy, bytes, i * 100 - 100);
      countConfirmed(busy, confirmation(busy, bytes, 100, 100, i * 100), i * 100);
      countSent(idle, PIECE, i * 1000 - 100);
      countConfirmed(idle, confirmation(idle, PIECE, 100, 100, i * 1000), i * 1000);
    }
    expect(busy.budgetBytes).toBeGreaterThan(before * 10);
    expect(idle.budgetBytes).toBe(before);
  });

  test('shrinks to two pieces when all confirmations are late, and not for a single slow neighbour', () => {
    const uplink = createUplink(Infinity, PIECE, 0);
    const before = uplink.budgetBytes;
    for (let i = 1; i <= 20; i++)
      countConfirmed(uplink, confirmation(uplink, PIECE, i % 3 === 0 ? 900 : 30, 20, i * 50), i * 50);
    expect(uplink.budgetBytes).toBeGreaterThanOrEqual(before);
    for (let i = 21; i <= 60; i++) countConfirmed(uplink, confirmation(uplink, PIECE, 900, 20, i * 50), i * 50);
    expect(uplink.budgetBytes).toBe(2 * PIECE);
  });

  test('never goes below nothing when a neighbour that owed confirmations leaves', () => {
    const uplink = createUplink(Infinity, PIECE, 0);
    countSent(uplink, 100, 0);
    release(uplink, 500);
    expect(uplink.unconfirmedBytes).toBe(0);
  });
});
