import { describe, expect, test } from 'vitest';
import type { Broadcast, PeerMember, Swarm } from '../src/index.js';
import { eventsOf, faultsOf, swarmOf, TWO_MEGABIT, timesOf } from './worlds.js';

/** A window of 30 s. */
const WINDOW_PIECES = 200;

interface World {
  readonly swarm: Swarm;
  readonly source: Broadcast;
  readonly viewer: PeerMember;
  readonly other: PeerMember;
}

/** A viewer between the source and another viewer, who gets all from it. */
function world(): World {
  const swarm = swarmOf({ ringPieces: 4 * WINDOW_PIECES, windowPieces: WINDOW_PIECES });
  const source = swarm.addSource(7);
  const [viewer, other] = [swarm.addViewer(), swarm.addViewer()];
  swarm.connect(viewer, source.member);
  swarm.connect(other, viewer);
  source.play(TWO_MEGABIT);
  swarm.runUntil(10_000);
  return { swarm, source, viewer, other };
}

/** Where a reader's range breaks off: the pieces before and after. */
function gapsOf(viewer: PeerMember) {
  return viewer.reads.flatMap((read, i) => {
    const before = viewer.reads[i - 1];
    return before && read.seq !== before.seq + 1 ? [{ before, read }] : [];
  });
}

/** Whatever a reader does, the rest of its peer works on: the next viewer misses nothing. */
function expectOthersUndisturbed({ swarm, source, viewer, other }: World): void {
  expect(faultsOf(other, source)).toEqual([]);
  expect(timesOf(other, 'stalled')).toEqual([]);
  expect(source.made.length - (other.reads.at(-1)?.seq ?? 0)).toBeLessThan(10);
  expect(viewer.store.pieces).toBeLessThanOrEqual(WINDOW_PIECES + 1);
  expect(swarm.members.flatMap((member) => member.closings)).toEqual([]);
  expect(swarm.violations).toEqual([]);
}

describe('a paused reader', () => {
  test('keeps its place, and goes on later by as much', () => {
    const all = world();
    const { swarm, source, viewer } = all;
    const before = viewer.core.figures().lagMs;
    swarm.pause(viewer);
    swarm.runUntil(30_000);
    expect(viewer.reads.at(-1)?.atMs).toBeLessThanOrEqual(10_000);
    expect(viewer.core.figures().state).toBe('paused');
    swarm.resume(viewer);
    expect(viewer.core.figures().lagMs).toBeGreaterThan(before + 19_500);
    swarm.runUntil(60_000);
    expect(faultsOf(viewer, source)).toEqual([]);
    // At the pace of the stream, not in a burst: the lag shrinks by a twentieth in ten seconds.
    const latencies = viewer.reads.filter((read) => read.atMs > 30_000).map((read) => read.latencyMs);
    expect(Math.max(...latencies)).toBeLessThan(before + 20_500);
    expect(Math.min(...latencies)).toBeGreaterThan((before + 20_000) * 0.95 ** 3 - 500);
    expect(eventsOf(viewer)).not.toContain('stalled');
    expectOthersUndisturbed(all);
  });

  test('that stays away for longer than the window goes on at the oldest entry point that is left', () => {
    const all = world();
    const { swarm, viewer } = all;
    swarm.pause(viewer);
    swarm.runUntil(70_000);
    swarm.resume(viewer);
    swarm.runUntil(110_000);
    const [gap, ...more] = gapsOf(viewer);
    expect(more).toEqual([]);
    expect(gap?.read).toMatchObject({ fromByte: 188, discontinuity: true });
    // At 70 s there are 466 pieces; the window begins at 267, the next entry point is 270.
    expect(gap?.read.seq).toBe(270);
    expect(viewer.core.figures().piecesDropped).toBe((gap?.read.seq ?? 0) - (gap?.before.seq ?? 0) - 1);
    expect(viewer.reads.length).toBeGreaterThan(300);
    expectOthersUndisturbed(all);
  });
});

test('a reader slower than the stream falls behind as far as the window, then jumps, each time to an entry point', () => {
  const all = world();
  const { swarm, source, viewer } = all;
  // It takes for half of each second.
  for (let atMs = 10_000; atMs < 200_000; atMs += 1000) {
    swarm.at(atMs, () => swarm.pause(viewer));
    swarm.at(atMs + 500, () => swarm.resume(viewer));
  }
  swarm.runUntil(200_000);
  const gaps = gapsOf(viewer);
  expect(gaps.length).toBeGreaterThan(2);
  for (const { read } of gaps) {
    expect(read).toMatchObject({ fromByte: 188, discontinuity: true });
    expect(source.made[read.seq]?.entry).toBe(true);
  }
  const lost = gaps.reduce((sum, { before, read }) => sum + read.seq - before.seq - 1, 0);
  expect(viewer.core.figures().piecesDropped).toBe(lost);
  // Half of the time it reads in time: about half of the pieces, and never more than the window behind.
  expect(viewer.reads.length).toBeGreaterThan(500);
  expect(Math.max(...viewer.reads.map((read) => read.latencyMs))).toBeLessThan(31_000);
  expect(viewer.reads.at(-1)?.atMs).toBeGreaterThan(198_000);
  expectOthersUndisturbed(all);
});
