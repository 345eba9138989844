import { expect, test } from 'vitest';
import { FAST_LINE, type PeerMember } from '../src/index.js';
import { swarmOf, TWO_MEGABIT, timesOf } from './worlds.js';

const RATE = 250_000;
const RUN_MS = 60_000;
/** Until the lag has grown to what these lines need. */
const SETTLED_MS = 15_000;

/** A line whose upload is so many tenths of the bitrate. */
function line(tenths: number) {
  return { ...FAST_LINE, uploadBytesPerSecond: (RATE * tenths) / 10 };
}

// Nobody set a limit: the peers find out by themselves what their lines carry, two thirds of which are needed.
test.each([6, 12, 20])('narrow lines, %i viewers: nobody is left behind, and hardly a piece is lost', (n) => {
  const swarm = swarmOf();
  const source = swarm.addSource(7, { line: line(20) });
  const viewers: PeerMember[] = Array.from({ length: n }, () => swarm.addViewer({ line: line(15) }));
  swarm.connectAtRandom(swarm.members, 8);
  source.play(TWO_MEGABIT);
  const droppedBefore = new Map<PeerMember, number>();
  swarm.at(SETTLED_MS, () => {
    for (const viewer of viewers) droppedBefore.set(viewer, viewer.core.figures().piecesDropped);
  });
  swarm.runUntil(RUN_MS);
  let dropped = 0;
  let stallMs = 0;
  for (const viewer of viewers) {
    const figures = viewer.core.figures();
    dropped += figures.piecesDropped - (droppedBefore.get(viewer) ?? 0);
    stallMs += figures.stallMs;
    expect(timesOf(viewer, 'playing')[0]).toBeLessThan(3000);
    // Less than six seconds behind the edge.
    expect(source.made.length - (viewer.reads.at(-1)?.seq ?? 0)).toBeLessThan(40);
    expect(viewer.closings).toEqual([]);
  }
  const wanted = (n * (RUN_MS - SETTLED_MS)) / TWO_MEGABIT.everyMs;
  expect(dropped / wanted).toBeLessThan(0.01);
  expect(stallMs / (n * RUN_MS)).toBeLessThan(0.03);
  expect(swarm.violations).toEqual([]);
});
