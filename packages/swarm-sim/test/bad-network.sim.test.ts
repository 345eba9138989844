import { describe, expect, test } from 'vitest';
import { FAST_LINE, type PeerMember } from '../src/index.js';
import { eventsOf, faultsOf, swarmOf, TWO_MEGABIT, timesOf } from './worlds.js';

describe('a bad network', () => {
  test('a peer that slept for some seconds blames nobody, and plays on', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    const viewer = swarm.addViewer();
    swarm.connect(viewer, source.member);
    source.play(TWO_MEGABIT);
    swarm.runUntil(10_000);
    swarm.sleep(viewer, 3000);
    swarm.runUntil(40_000);
    expect(swarm.members.flatMap((member) => member.closings)).toEqual([]);
    expect(viewer.reads.at(-1)?.seq).toBeGreaterThan(230);
    expect(swarm.violations).toEqual([]);
  });

  test.each([3000, 30_000])('a neighbour that sleeps for %i ms costs the others nothing', (sleepMs) => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    const [one, two] = [swarm.addViewer(), swarm.addViewer()];
    for (const [a, b] of [
      [one, source.member],
      [two, source.member],
      [two, one],
    ] as const)
      swarm.connect(a, b);
    source.play(TWO_MEGABIT);
    swarm.runUntil(10_000);
    swarm.sleep(one, sleepMs);
    swarm.runUntil(20_000 + sleepMs);
    expect(faultsOf(two, source)).toEqual([]);
    expect(timesOf(two, 'stalled')).toEqual([]);
    expect(swarm.violations).toEqual([]);
  });

  test('a neighbour that is gone without a word costs the others nothing', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7, { uploadBytesPerSecond: 500_000 });
    const viewers = Array.from({ length: 6 }, () => swarm.addViewer());
    swarm.connectAtRandom(swarm.members, 5);
    source.play(TWO_MEGABIT);
    swarm.runUntil(10_000);
    const [gone, ...others] = viewers as [PeerMember, ...PeerMember[]];
    swarm.vanish(gone);
    swarm.runUntil(40_000);
    for (const viewer of others) {
      expect(faultsOf(viewer, source)).toEqual([]);
      expect(viewer.reads.at(-1)?.seq).toBeGreaterThan(250);
    }
    // Nobody waits for it for ever.
    for (const other of [source.member, ...others]) {
      for (const closing of other.closings) expect(closing).toMatchObject({ remote: gone.number, ban: false });
    }
    expect(swarm.violations).toEqual([]);
  });

  test('a peer that slept for half a minute blames nobody, was banned by nobody, and comes back', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    const [sleeper, other] = [swarm.addViewer(), swarm.addViewer()];
    for (const [a, b] of [
      [sleeper, source.member],
      [sleeper, other],
      [other, source.member],
    ] as const)
      swarm.connect(a, b);
    source.play(TWO_MEGABIT);
    swarm.runUntil(10_000);
    swarm.sleep(sleeper, 30_000);
    swarm.runUntil(42_000);
    expect(sleeper.closings).toEqual([]);
    for (const member of swarm.members) expect([...member.banned]).toEqual([]);
    // Who was sent away for being silent dials again.
    swarm.connect(sleeper, source.member);
    swarm.connect(sleeper, other);
    swarm.runUntil(70_000);
    // It gets what it missed, goes on there, and is behind by the greatest lag that there is, 10 s.
    const behindMs = (source.made.length - (sleeper.reads.at(-1)?.seq ?? 0)) * TWO_MEGABIT.everyMs;
    expect(behindMs).toBeLessThan(12_000);
    expect(timesOf(sleeper, 'stalled').filter((ms) => ms > 50_000)).toEqual([]);
    const seqs = sleeper.reads.map((read) => read.seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect(swarm.members.flatMap((member) => member.closings).filter(({ ban }) => ban)).toEqual([]);
    expect(swarm.violations).toEqual([]);
  });

  test('one transfer in a hundred lost in silence: nobody misses anything', () => {
    const swarm = swarmOf();
    const line = { ...FAST_LINE, lostPerMillion: 10_000 };
    const source = swarm.addSource(7, { line, uploadBytesPerSecond: 1_000_000 });
    const viewers = Array.from({ length: 8 }, () => swarm.addViewer({ line, lagMs: 3000 }));
    swarm.connectAtRandom(swarm.members, 5);
    source.play(TWO_MEGABIT);
    swarm.runUntil(60_000);
    for (const viewer of viewers) {
      expect(faultsOf(viewer, source)).toEqual([]);
      expect(viewer.reads.length).toBeGreaterThan(350);
    }
    expect(swarm.members.flatMap((member) => member.closings)).toEqual([]);
    expect(swarm.violations).toEqual([]);
  });

  test('a split of ten seconds: those cut off go on when it heals', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    const viewers = Array.from({ length: 4 }, () => swarm.addViewer());
    swarm.connectAtRandom(swarm.members, 4);
    source.play(TWO_MEGABIT);
    swarm.runUntil(10_000);
    swarm.partition(viewers.slice(2));
    swarm.runUntil(20_000);
    swarm.heal();
    swarm.runUntil(60_000);
    for (const viewer of viewers) {
      expect(viewer.reads.at(-1)?.seq).toBeGreaterThan(300);
      expect(timesOf(viewer, 'stalled').filter((ms) => ms > 30_000)).toEqual([]);
    }
    expect(swarm.violations).toEqual([]);
  });

  test('half of twelve viewers killed: the others lose nothing', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7, { uploadBytesPerSecond: 500_000 });
    const viewers = Array.from({ length: 12 }, () => swarm.addViewer());
    swarm.connectAtRandom(swarm.members, 8);
    source.play(TWO_MEGABIT);
    swarm.runUntil(20_000);
    for (const viewer of viewers.slice(6)) swarm.kill(viewer);
    swarm.runUntil(60_000);
    for (const viewer of viewers.slice(0, 6)) {
      expect(faultsOf(viewer, source)).toEqual([]);
      expect(timesOf(viewer, 'dropped')).toEqual([]);
    }
    expect(swarm.violations).toEqual([]);
  });

  test('a wall clock that is an hour off keeps nobody from playing', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    const [ahead, behind] = [3_600_000, -3_600_000].map((wallErrorMs) => swarm.addViewer({ wallErrorMs }));
    for (const viewer of [ahead, behind]) if (viewer) swarm.connect(viewer, source.member);
    source.play(TWO_MEGABIT);
    swarm.runUntil(30_000);
    for (const viewer of [ahead, behind]) {
      expect(viewer && faultsOf(viewer, source)).toEqual([]);
      expect(viewer && eventsOf(viewer)).toContain('playing');
      expect(viewer?.reads.at(-1)?.seq).toBeGreaterThan(180);
    }
  });
});
