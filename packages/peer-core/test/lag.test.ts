import type { PieceHeader } from '@tstream/live-piece-auth';
import { describe, expect, test } from 'vitest';
import { dueMs, firstLagMs, followTransit, noteAwaited, noteLateness, raiseLag, relaxLag } from '../src/lag.js';
import { createPlayout, type Playout } from '../src/playout.js';
import { createSourceClock, observe, transitMs } from '../src/source-clock.js';
import { config } from './loop.js';

function playing(lagMs: number, pinned = false): Playout {
  const playout = createPlayout(config('viewer', pinned ? { lagMs } : {}));
  return Object.assign(playout, { state: 'playing', lagMs });
}

/** A clock whose shortest transit is 100 ms. */
function clockOf(transit = 100) {
  const clock = createSourceClock();
  observe(clock, 0, transit);
  return clock;
}

function madeAt(sourceTimeMs: number): PieceHeader {
  return { sourceTimeMs } as PieceHeader;
}

describe('the first lag', () => {
  test('leaves time beyond the latest piece that was seen', () => {
    expect(firstLagMs(0)).toBe(250);
    expect(firstLagMs(200)).toBe(450);
  });

  test('leaves half as much again where pieces come late, but nobody waits for long to begin', () => {
    expect(firstLagMs(800)).toBe(1300);
    expect(firstLagMs(60_000)).toBe(2000);
  });
});

describe('a piece that comes later than any before', () => {
  test('raises the lag step by step before it runs out', () => {
    const playout = playing(300);
    noteLateness(playout, clockOf(), madeAt(1000), 1000 + 100 + 250);
    expect(playout.lagMs).toBe(350);
    for (let i = 0; i < 30; i++) noteLateness(playout, clockOf(), madeAt(1000), 1000 + 100 + 250);
    expect(playout.lagMs).toBe(400);
  });

  test('leaves a third of its lateness where that is more', () => {
    const playout = playing(900);
    for (let i = 0; i < 30; i++) noteLateness(playout, clockOf(), madeAt(1000), 1000 + 100 + 750);
    expect(playout.lagMs).toBe(1000);
  });

  test('… and a second at most: who slept is not further behind than by that', () => {
    const playout = playing(900);
    for (let i = 0; i < 30; i++) noteLateness(playout, clockOf(), madeAt(1000), 1000 + 100 + 9000);
    expect(playout.lagMs).toBe(10_000);
  });

  test('changes nothing of a lag that a person set', () => {
    const playout = playing(300, true);
    noteLateness(playout, clockOf(), madeAt(1000), 5000);
    raiseLag(playout, 9000);
    expect(playout.lagMs).toBe(300);
  });
});

describe('a piece that is awaited', () => {
  /** Pieces came up to 400 ms late; one is awaited for so long that lies between the last that is played and newer ones. */
  function awaiting(forMs: number, playout = playing(600)): Playout {
    playout.lateness.largestMs = 400;
    for (let i = 0; i < 30; i++) noteAwaited(playout, clockOf(), 1000, 1000 + 100 + forMs);
    return playout;
  }

  test('raises the lag before it is due: half of its lateness is left, at least', () => {
    expect(awaiting(350).lagMs).toBe(600);
    expect(awaiting(500).lagMs).toBe(750);
  });

  test('… but not beyond what follows from one and a half times the latest that came: it may be lost', () => {
    expect(awaiting(600).lagMs).toBe(900);
    expect(awaiting(9000).lagMs).toBe(900);
  });

  test('… and by no more than a second in ten: what gets half of the video stands still', () => {
    const playout = playing(2000);
    Object.assign(playout.lateness, { largestMs: 9000 });
    const wait = () => {
      for (let i = 0; i < 30; i++) noteAwaited(playout, clockOf(), 1000, 1000 + 100 + 5000);
    };
    wait();
    expect(playout.lagMs).toBe(3000);
    relaxLag(playout, 10_000);
    wait();
    expect(playout.lagMs).toBe(4000);
  });

  test('changes nothing of a lag that a person set, nor of one that a reader made who stopped taking', () => {
    expect(awaiting(500, playing(600, true)).lagMs).toBe(600);
    expect(awaiting(500, Object.assign(playing(600), { taking: false })).lagMs).toBe(600);
  });
});

test('a stall raises the lag by a quarter, or by what it took, and never beyond half a minute by itself', () => {
  const playout = playing(400);
  raiseLag(playout, 0);
  expect(playout.lagMs).toBe(500);
  raiseLag(playout, 2000);
  expect(playout.lagMs).toBe(2000);
  raiseLag(playout, 29_000);
  raiseLag(playout, 0);
  expect(playout.lagMs).toBe(30_000);
});

test('quiet times bring it down by a twentieth of what is too much, a period after the last trouble at the earliest', () => {
  const playout = playing(2300);
  raiseLag(playout, 2300);
  const before = playout.lagMs;
  relaxLag(playout, 10_000);
  expect(playout.lagMs).toBe(before);
  relaxLag(playout, 19_999);
  expect(playout.lagMs).toBe(before);
  relaxLag(playout, 20_000);
  expect(playout.lagMs).toBe(before - Math.ceil((before - 250) / 20));
  for (let atMs = 30_000; atMs < 10_000_000; atMs += 10_000) relaxLag(playout, atMs);
  expect(playout.lagMs).toBe(250);
});

test('when the shortest transit changes, what is due stays due when it was', () => {
  const clock = clockOf(150);
  const playout = playing(300);
  const before = dueMs(playout, clock, 1000);
  observe(clock, 500, 500 + 20);
  followTransit(playout, 150 - (transitMs(clock) ?? 0));
  expect(playout.lagMs).toBe(430);
  expect(dueMs(playout, clock, 1000)).toBe(before);
  followTransit(playout, -130);
  expect(playout.lagMs).toBe(300);
});
