import { describe, expect, test } from 'vitest';
import type { Broadcast, PeerMember, Swarm } from '../src/index.js';
import { eventsOf, faultsOf, swarmOf, TWO_MEGABIT, timesOf, withholding } from './worlds.js';

const LAG_MS = 3000;
const PIECE_MS = 150;
/** Each second a heartbeat raises the source time of the piece after it: this one stands clear of them. */
const HOLE_SEQ = 101;
const ENTRY_EVERY = 5;

function entryFrom(seq: number): number {
  return Math.ceil(seq / ENTRY_EVERY) * ENTRY_EVERY;
}

interface Holed {
  readonly swarm: Swarm;
  readonly source: Broadcast;
  readonly viewer: PeerMember;
  /** When each piece was whole at the viewer, milliseconds. */
  readonly wholeMs: Map<number, number>;
}

/** One viewer at a lag, and a source that keeps some pieces back. */
function holed(isHeldBack: (seq: number, nowMs: number) => boolean, lagMs: number | undefined, eager = false): Holed {
  const swarm = swarmOf();
  const picker = withholding((seq) => isHeldBack(seq, swarm.nowMs));
  const source = swarm.addSource(7, { picker });
  const viewer = swarm.addViewer({ lagMs, eager });
  swarm.connect(viewer, source.member);
  source.play({ ...TWO_MEGABIT, entryEvery: ENTRY_EVERY });
  const wholeMs = new Map<number, number>();
  swarm.watch((atMs, _, __, message) => {
    if (message.type === 'piece') wholeMs.set(message.index, atMs);
  });
  return { swarm, source, viewer, wholeMs };
}

/** Video that lay behind the hole at a time, milliseconds. */
function bufferMs({ source, wholeMs }: Holed, fromSeq: number, atMs: number): number {
  let seq = fromSeq;
  while ((wholeMs.get(seq) ?? Infinity) <= atMs) seq++;
  const [first, last] = [source.made[fromSeq], source.made[seq - 1]];
  return first && last ? last.sourceTimeMs - first.sourceTimeMs + PIECE_MS : 0;
}

/** What happened to the viewer since it began to play. */
function troubles(viewer: PeerMember) {
  return viewer.events.filter(({ event }) => ['stalled', 'dropped', 'resumed'].includes(event.type));
}

describe('a piece that is missing when due', () => {
  // The first piece that can be shown again is an entry point: with nine pieces missing there are eleven from it on.
  test.each([1, 4, 9])(
    'is dropped at once if half the lag or more is buffered from the next entry point on (%i pieces)',
    (pieces) => {
      const world = holed((seq) => seq >= HOLE_SEQ && seq < HOLE_SEQ + pieces, LAG_MS);
      world.swarm.runUntil(30_000);
      const { viewer, source } = world;
      const entrySeq = entryFrom(HOLE_SEQ + pieces);
      const [dropped, ...more] = troubles(viewer);
      expect(dropped?.event).toEqual({ type: 'dropped', run: 7, fromSeq: HOLE_SEQ, pieces: entrySeq - HOLE_SEQ });
      expect(more).toEqual([]);
      expect(bufferMs(world, entrySeq, dropped?.atMs ?? 0)).toBeGreaterThanOrEqual(LAG_MS / 2);
      // What comes next begins at the next entry point, at the same lag as before.
      const next = viewer.reads.find((read) => read.seq > HOLE_SEQ);
      expect(next).toMatchObject({ seq: entrySeq, fromByte: 188, discontinuity: true });
      const after = viewer.reads.filter((read) => read.seq >= entrySeq);
      expect(after.map((read) => read.seq)).toEqual(after.map((_, i) => entrySeq + i));
      expect(after.length).toBeGreaterThan(50);
      expect(source.made.length - (after.at(-1)?.seq ?? 0)).toBeLessThan(LAG_MS / PIECE_MS + 3);
    },
  );

  test.each([10, 14, 16])(
    'stalls the reader if less is buffered, until there is half the lag (%i pieces)',
    (pieces) => {
      const world = holed((seq) => seq >= HOLE_SEQ && seq < HOLE_SEQ + pieces, LAG_MS);
      world.swarm.runUntil(30_000);
      const { viewer } = world;
      const [stalled, dropped, resumed, ...more] = troubles(viewer);
      expect([stalled, dropped, resumed].map((each) => each?.event.type)).toEqual(['stalled', 'dropped', 'resumed']);
      expect(more).toEqual([]);
      const entrySeq = entryFrom(HOLE_SEQ + pieces);
      expect(bufferMs(world, entrySeq, stalled?.atMs ?? 0)).toBeLessThan(LAG_MS / 2);
      expect(bufferMs(world, entrySeq, (dropped?.atMs ?? 0) - 1)).toBeLessThan(LAG_MS / 2);
      expect(bufferMs(world, entrySeq, dropped?.atMs ?? 0)).toBeGreaterThanOrEqual(LAG_MS / 2);
    },
  );

  test('that comes while the reader stalls is played: nothing is lost', () => {
    const { swarm, viewer, source } = holed((seq, nowMs) => seq >= HOLE_SEQ && seq < 117 && nowMs < 18_300, LAG_MS);
    swarm.runUntil(30_000);
    expect(eventsOf(viewer)).toContain('stalled');
    expect(eventsOf(viewer)).not.toContain('dropped');
    expect(faultsOf(viewer, source)).toEqual([]);
    expect(viewer.reads[0]?.seq).toBe(0);
    expect(viewer.reads.at(-1)?.seq).toBeGreaterThan(175);
  });

  test('again and again: no stall lasts for ever, and what can be played is played', () => {
    // Of each three pieces one never comes: what lies behind a hole is never half the lag.
    const { swarm, viewer } = holed((seq) => seq >= HOLE_SEQ && seq < 250 && seq % 3 === 0, LAG_MS);
    swarm.runUntil(60_000);
    expect(eventsOf(viewer)).toContain('stalled');
    for (const { event } of viewer.events)
      if (event.type === 'resumed') expect(event.stalledMs).toBeLessThanOrEqual(LAG_MS + 3000);
    expect(viewer.reads.at(-1)?.seq).toBeGreaterThan(370);
    expect(troubles(viewer).filter(({ atMs }) => atMs > 48_000)).toEqual([]);
    expect(viewer.closings).toEqual([]);
  });
});

describe('the lag', () => {
  test('grows by a quarter with a stall, and slowly shrinks again in quiet times', () => {
    let untilMs = Infinity;
    const { swarm, viewer, source } = holed(
      (seq, nowMs) => seq >= HOLE_SEQ && seq < HOLE_SEQ + 4 && nowMs < untilMs,
      undefined,
    );
    // Until the hole is due nothing happens to the lag: it is due the lag later than it was made.
    swarm.runUntil(15_000);
    const before = viewer.core.figures().lagMs;
    untilMs = HOLE_SEQ * PIECE_MS + before + 40;
    swarm.runUntil(25_000);
    expect(troubles(viewer).map(({ event }) => event.type)).toEqual(['stalled', 'resumed']);
    const after = viewer.core.figures().lagMs;
    expect(after).toBeGreaterThanOrEqual(Math.floor(before * 1.25));
    expect(after).toBeLessThan(before * 1.5);
    // Ten quiet seconds at a time, each step down smaller than the one before.
    const lags = [after];
    for (let atMs = 35_000; atMs <= 305_000; atMs += 10_000) {
      swarm.runUntil(atMs);
      lags.push(viewer.core.figures().lagMs);
    }
    expect(lags).toEqual([...lags].sort((a, b) => b - a));
    expect(after - (lags[3] ?? 0)).toBeLessThan(after / 10);
    expect(lags.at(-1)).toBeLessThan(after - (after - before) / 2);
    expect(timesOf(viewer, 'stalled').length).toBe(1);
    expect(faultsOf(viewer, source)).toEqual([]);
  });

  test('that a person set stays what it is', () => {
    const { swarm, viewer } = holed((seq, nowMs) => seq >= HOLE_SEQ && seq < 117 && nowMs < 18_300, LAG_MS);
    swarm.runUntil(60_000);
    expect(eventsOf(viewer)).toContain('stalled');
    expect(viewer.core.figures().lagMs).toBe(LAG_MS);
  });
});

describe('a reader that takes pieces as soon as they are whole', () => {
  test('waits the whole lag for a missing piece, and then reads all that has come meanwhile at once', () => {
    const { swarm, viewer, source } = holed((seq, nowMs) => seq === HOLE_SEQ && nowMs < 17_000, LAG_MS, true);
    swarm.runUntil(15_000);
    expect(viewer.reads.at(-1)?.seq).toBeGreaterThan(15_000 / PIECE_MS - 4);
    swarm.runUntil(16_900);
    expect(viewer.reads.at(-1)?.seq).toBe(HOLE_SEQ - 1);
    swarm.runUntil(19_000);
    expect(viewer.reads.at(-1)?.seq).toBeGreaterThan(19_000 / PIECE_MS - 4);
    expect(troubles(viewer)).toEqual([]);
    expect(faultsOf(viewer, source)).toEqual([]);
  });
});
