import { expect, test } from 'vitest';
import { config, Loop, Publisher } from './loop.js';

test('a viewer plays what the source publishes, from an entry point to the end, without a gap', () => {
  const loop = new Loop();
  const source = loop.add('source', config('source'));
  const viewer = loop.add('viewer', config('viewer'));
  const publisher = new Publisher(loop, source, 5);
  publisher.stream(150, 20_000, () => publisher.beat(true));
  loop.at(3_000, () => loop.connect(viewer, source));
  loop.runUntil(30_000);
  const first = viewer.delivered[0]?.seq ?? -1;
  expect(first % 8).toBe(0);
  expect(viewer.delivered.map((d) => d.seq)).toEqual(
    Array.from({ length: publisher.seq - first }, (_, i) => first + i),
  );
  expect(viewer.events).toEqual(['runStarted', 'sourceFound', 'playing', 'ended']);
  expect(viewer.peer.figures()).toMatchObject({ stalls: 0, piecesDropped: 0, state: 'ended' });
});

test('twenty viewers: the source sends its limit, nobody stalls or drops', () => {
  const loop = new Loop();
  const source = loop.add('source', config('source', { uploadBytesPerSecond: 2 * 32712 * (1000 / 150) }));
  const publisher = new Publisher(loop, source, 5);
  const viewers = Array.from({ length: 20 }, (_, i) => loop.add(`viewer${i}`, config('viewer')));
  publisher.stream(150, 30_000, () => publisher.beat(true));
  for (const [i, viewer] of viewers.entries()) {
    loop.at(1000 + 100 * i, () => {
      loop.connect(viewer, source);
      for (const other of viewers.slice(0, i)) loop.connect(viewer, other);
    });
  }
  loop.runUntil(40_000);
  for (const viewer of viewers) {
    expect(viewer.peer.figures(), viewer.name).toMatchObject({ stalls: 0, piecesDropped: 0, state: 'ended' });
    expect(viewer.events).toContain('playing');
  }
  const fromSource = viewers.reduce((sum, viewer) => sum + viewer.peer.figures().bytesFromSource, 0);
  expect(loop.trace.filter((t) => t.from === 'source' && t.message.type === 'piece').length).toBeLessThan(
    2.2 * publisher.seq * 2,
  );
  expect(fromSource).toBeGreaterThan(0);
});
