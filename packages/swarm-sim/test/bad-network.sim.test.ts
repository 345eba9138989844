import { describe, expect, test } from 'vitest';
import { FAST_LINE } from '../src/index.js';
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

  test('a peer that slept for half a minute closes no connection itself', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    const viewer = swarm.addViewer();
    swarm.connect(viewer, source.member);
    source.play(TWO_MEGABIT);
    swarm.runUntil(10_000);
    swarm.sleep(viewer, 30_000);
    swarm.runUntil(50_000);
    expect(viewer.closings).toEqual([]);
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
