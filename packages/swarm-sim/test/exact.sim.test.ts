import { describe, expect, test } from 'vitest';
import { FAST_LINE, type Member, type PeerMember, type Swarm } from '../src/index.js';
import { eventsOf, faultsOf, swarmOf, TWO_MEGABIT, timesOf } from './worlds.js';

const RATE = 250_000;

/** A line whose upload is so many tenths of the bitrate. */
function uplink(tenths: number) {
  return { ...FAST_LINE, uploadBytesPerSecond: (RATE * tenths) / 10 };
}

function expectClean(swarm: Swarm): void {
  expect(swarm.violations).toEqual([]);
  expect(swarm.members.flatMap((member) => member.closings)).toEqual([]);
}

function lastSeq(viewer: Member): number {
  return viewer.reads.at(-1)?.seq ?? -1;
}

describe('a source and one viewer', () => {
  test('what is read is exactly what was made, from the first piece to the END', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    const viewer = swarm.addViewer();
    swarm.connect(viewer, source.member);
    source.play({ ...TWO_MEGABIT, pieces: 200 });
    swarm.at(30_100, () => source.end());
    swarm.runUntil(60_000);
    expect(faultsOf(viewer, source)).toEqual([]);
    expect([viewer.reads[0]?.seq, lastSeq(viewer)]).toEqual([0, 199]);
    expect(eventsOf(viewer)).toEqual(['runStarted', 'sourceFound', 'playing', 'ended']);
    expectClean(swarm);
  });

  test('a viewer who comes later begins at an entry point near the edge', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7);
    source.play(TWO_MEGABIT);
    swarm.runUntil(20_000);
    const viewer = swarm.addViewer();
    swarm.connect(viewer, source.member);
    swarm.runUntil(40_000);
    expect(faultsOf(viewer, source)).toEqual([]);
    expect(viewer.reads[0]?.seq).toBe(130);
    expect(lastSeq(viewer)).toBeGreaterThan(260);
    expect(eventsOf(viewer)).toEqual(['runStarted', 'sourceFound', 'playing']);
    expectClean(swarm);
  });
});

describe('a chain of four, each knowing only the one before', () => {
  test('the last one reads exactly what was made', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(7, { line: uplink(20) });
    const viewers = Array.from({ length: 4 }, () => swarm.addViewer({ line: uplink(15) }));
    let before: Member = source.member;
    for (const viewer of viewers) {
      swarm.connect(viewer, before);
      before = viewer;
    }
    source.play({ ...TWO_MEGABIT, pieces: 200 });
    swarm.at(30_100, () => source.end());
    swarm.runUntil(60_000);
    for (const viewer of viewers) {
      expect(faultsOf(viewer, source)).toEqual([]);
      expect(lastSeq(viewer)).toBe(199);
      expect(eventsOf(viewer)).not.toContain('stalled');
    }
    expectClean(swarm);
  });
});

describe('twenty viewers', () => {
  test('with a source that gives twice the bitrate: once all play nobody stalls or drops, and all is exact', () => {
    const { swarm, source, viewers } = twenty(1);
    swarm.runUntil(60_000);
    const allPlayMs = Math.max(...viewers.map((viewer) => timesOf(viewer, 'playing')[0] ?? Infinity));
    expect(allPlayMs).toBeLessThan(5000);
    for (const viewer of viewers) {
      expect(faultsOf(viewer, source)).toEqual([]);
      expect([...timesOf(viewer, 'stalled'), ...timesOf(viewer, 'dropped')].filter((ms) => ms > allPlayMs)).toEqual([]);
      expect(lastSeq(viewer)).toBeGreaterThan(380);
    }
    expect(source.member.sentVideoBytes).toBeLessThanOrEqual(2.2 * RATE * 60);
    expectClean(swarm);
  });

  test('same seed ⇒ same trace, another seed ⇒ another', () => {
    const hashes = [1, 1, 2].map((seed) => {
      const { swarm } = twenty(seed);
      swarm.runUntil(10_000);
      return swarm.traceHash;
    });
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });
});

/** The default of a broadcast: its user limits it to twice the bitrate; the viewers have lines of plenty. */
function twenty(seed: number) {
  const swarm = swarmOf({ seed });
  const source = swarm.addSource(7, { uploadBytesPerSecond: 2 * RATE });
  const viewers: PeerMember[] = Array.from({ length: 20 }, () => swarm.addViewer());
  swarm.connectAtRandom(swarm.members, 8);
  source.play(TWO_MEGABIT);
  return { swarm, source, viewers };
}
