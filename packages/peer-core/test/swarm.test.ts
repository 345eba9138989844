import { describe, expect, test } from 'vitest';
import { config, EPOCH_MS, Loop, type Node, Publisher } from './loop.js';

const PIECE_BYTES = 32712;
const BITRATE_BYTES = (PIECE_BYTES * 1000) / 150;

/** A source and viewers that all know each other. */
function crowd(
  viewers: number,
  uploadMultiple: number,
): { loop: Loop; source: Node; publisher: Publisher; viewers: Node[] } {
  const loop = new Loop();
  const source = loop.add('source', config('source', { uploadBytesPerSecond: uploadMultiple * BITRATE_BYTES }));
  const publisher = new Publisher(loop, source, 5);
  const all = Array.from({ length: viewers }, (_, i) => loop.add(`viewer${i}`, config('viewer')));
  for (const [i, viewer] of all.entries()) {
    loop.at(1000 + 200 * i, () => {
      loop.connect(viewer, source);
      for (const other of all.slice(0, i)) loop.connect(viewer, other);
    });
  }
  return { loop, source, publisher, viewers: all };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

test('a viewer plays what the source publishes, from an entry point to the end, without a gap', () => {
  const { loop, publisher, viewers } = crowd(1, Infinity);
  publisher.stream(150, 20_000, () => publisher.beat(true));
  loop.runUntil(30_000);
  const [viewer] = viewers as [Node];
  const first = viewer.delivered[0]?.seq ?? -1;
  expect(first % 8).toBe(0);
  expect(viewer.delivered.map((d) => d.seq)).toEqual(range(first, publisher.seq));
  expect(viewer.delivered[0]?.fromByte).toBe(188);
  expect(viewer.delivered.slice(1).every((d) => d.fromByte === 0)).toBe(true);
  expect(viewer.events).toEqual(['runStarted', 'sourceFound', 'playing', 'ended']);
  expect(viewer.peer.figures()).toMatchObject({ stalls: 0, piecesDropped: 0, state: 'ended' });
});

test.each([2, 1.25])('eight viewers on a source with %s × the bitrate: once all play, nobody stalls', (multiple) => {
  const { loop, publisher, viewers } = crowd(8, multiple);
  publisher.stream(150, 20_000, () => publisher.beat(true));
  loop.runUntil(4_000);
  const stalls = viewers.map((viewer) => viewer.peer.figures().stalls);
  loop.runUntil(30_000);
  expect(viewers.map((viewer) => viewer.peer.figures().stalls)).toEqual(stalls);
  for (const viewer of viewers) {
    expect(viewer.peer.figures(), viewer.name).toMatchObject({ piecesDropped: 0, state: 'ended' });
    expect(viewer.delivered.map((d) => d.seq)).toEqual(range(viewer.delivered[0]?.seq ?? -1, publisher.seq));
  }
  const sent = loop.trace.filter((t) => t.from === 'source' && t.message.type === 'piece').length;
  expect(sent).toBeLessThan(multiple * 1.1 * publisher.seq * 2);
});

test('a viewer that dies takes nothing from the others', () => {
  const { loop, publisher, viewers } = crowd(6, 2);
  publisher.stream(150, 15_000, () => publisher.beat(true));
  loop.at(8_000, () => {
    for (const viewer of viewers.slice(0, 3)) loop.kill(viewer);
  });
  loop.runUntil(25_000);
  for (const viewer of viewers.slice(3)) {
    expect(viewer.peer.figures(), viewer.name).toMatchObject({ stalls: 0, piecesDropped: 0, state: 'ended' });
  }
});

test('a later run is played from its beginning when the one before is over', () => {
  const loop = new Loop();
  const source = loop.add('source', config('source'));
  const viewer = loop.add('viewer', config('viewer'));
  const first = new Publisher(loop, source, 5);
  loop.connect(viewer, source);
  first.stream(150, 5_000, () => loop.kill(source));
  let second: Publisher | undefined;
  loop.at(8_000, () => {
    const restarted = loop.add('restarted', config('source'));
    loop.connect(viewer, restarted);
    // Its clock was set back a day meanwhile.
    const publisher = new Publisher(loop, restarted, 6, 8, EPOCH_MS - 86_400_000);
    second = publisher;
    publisher.stream(150, 14_000, () => publisher.beat(true));
  });
  loop.runUntil(20_000);
  const inRun = (run: number) => viewer.delivered.filter((d) => d.run === run).map((d) => d.seq);
  expect(inRun(5)).toEqual(range(inRun(5)[0] ?? -1, first.seq));
  expect(inRun(6)).toEqual(range(0, second?.seq ?? -1));
  expect(viewer.peer.figures()).toMatchObject({ state: 'ended', piecesDropped: 0 });
});

test('a source whose key signs a later run elsewhere stops offering and says so', () => {
  const loop = new Loop();
  const one = loop.add('one', config('source'));
  const other = loop.add('other', config('source'));
  const lower = new Publisher(loop, one, 5);
  const higher = new Publisher(loop, other, 6);
  loop.connect(one, other);
  lower.publish();
  higher.publish();
  loop.runUntil(1_000);
  expect(one.log.map((l) => l.event)).toContainEqual({ type: 'superseded', run: 6 });
  expect(other.events).not.toContain('superseded');
});

describe('the clock of a viewer', () => {
  test.each([3_600_000, -3_600_000])('may be %d ms off', (offMs) => {
    const { loop, publisher, viewers } = crowd(2, 2);
    for (const viewer of viewers) loop.give(viewer, { type: 'wallClock', offsetMs: EPOCH_MS + offMs });
    publisher.stream(150, 10_000, () => publisher.beat(true));
    loop.runUntil(20_000);
    for (const viewer of viewers)
      expect(viewer.peer.figures()).toMatchObject({ state: 'ended', stalls: 0, piecesDropped: 0 });
  });
});

describe('the reader', () => {
  test('that pauses keeps its place and goes on later, further behind', () => {
    const { loop, publisher, viewers } = crowd(1, 4);
    const [viewer] = viewers as [Node];
    publisher.stream(150, 15_000, () => publisher.beat(true));
    loop.at(4_000, () => loop.give(viewer, { type: 'reader', taking: false }));
    loop.at(7_000, () => loop.give(viewer, { type: 'reader', taking: true }));
    loop.runUntil(30_000);
    expect(viewer.delivered.map((d) => d.seq)).toEqual(range(viewer.delivered[0]?.seq ?? -1, publisher.seq));
    expect(viewer.peer.figures().lagMs).toBeGreaterThan(3_000);
    expect(viewer.peer.figures().stalls).toBe(0);
  });

  test('that pauses for longer than the window goes on at the oldest entry point that is left', () => {
    const { loop, publisher, viewers } = crowd(1, 4);
    const [viewer] = viewers as [Node];
    publisher.stream(150, 30_000, () => publisher.beat(true));
    loop.at(4_000, () => loop.give(viewer, { type: 'reader', taking: false }));
    loop.at(25_000, () => loop.give(viewer, { type: 'reader', taking: true }));
    loop.runUntil(60_000);
    const seqs = viewer.delivered.map((d) => d.seq);
    const jump = seqs.findIndex((seq, i) => i > 0 && seq !== (seqs[i - 1] ?? 0) + 1);
    expect((seqs[jump] ?? -1) % 8).toBe(0);
    expect(viewer.delivered[jump]?.fromByte).toBe(188);
    expect(seqs.slice(jump)).toEqual(range(seqs[jump] ?? -1, publisher.seq));
    expect(viewer.peer.figures().piecesDropped).toBe((seqs[jump] ?? 0) - (seqs[jump - 1] ?? 0) - 1);
  });
});

test('the same inputs give the same messages', () => {
  const messages = () => {
    const { loop, publisher } = crowd(4, 2);
    publisher.stream(150, 6_000);
    loop.runUntil(7_000);
    return loop.trace.map((t) => `${t.atMs} ${t.from} ${t.to} ${t.message.type}`);
  };
  expect(messages()).toEqual(messages());
});
