import { expect, test } from 'vitest';
import { type Broadcast, FAST_LINE, type Member, type PeerMember, type Swarm } from '../src/index.js';
import { faultsOf, rangeOf, swarmOf, TWO_MEGABIT } from './worlds.js';

/** 40 s and 10 s in pieces of 150 ms. */
const RING = { ringPieces: 266, windowPieces: 66 };
/** When each of four runs begins, milliseconds: neither the length of a run nor the pause before it is a multiple of the ring's. */
const BEGIN_MS = [0, 460_000, 905_000, 1_351_000];
const END_MS = 1_800_000;
const PAUSE_MS = 4000;

test('a ring of 40 s and a window of 10 s, half an hour, four runs: joins in every phase of the ring read exactly', () => {
  const swarm = swarmOf(RING);
  const viewers: PeerMember[] = [];
  const sources = broadcastRuns(swarm, viewers);
  // One joins each 37 s, so each time in a phase of the ring 3 s earlier, and stays for over a minute; the first stays on.
  for (let atMs = 1000; atMs < END_MS; atMs += 37_000) {
    swarm.at(atMs, () => join(swarm, viewers, sources.at(-1)));
  }
  swarm.runUntil(END_MS + 10_000);
  for (const viewer of viewers) expect(faultsOf(viewer, ...sources)).toEqual([]);
  // Whoever was there at its end read each run to its last piece, and the first viewer read all of all of them.
  const [first, ...others] = viewers;
  expect(sources.map(({ run }) => first && rangeOf(first, run))).toEqual(
    sources.map(({ made }) => [0, made.length - 1]),
  );
  for (const viewer of others.slice(0, -2)) expect(viewer.reads.length).toBeGreaterThan(400);
  expect(sources.reduce((sum, { made }) => sum + made.length, 0)).toBeGreaterThan(11_800);
  expect(swarm.members.flatMap((member) => member.closings)).toEqual([]);
  expect(swarm.violations).toEqual([]);
});

test('a seed on a ring of 40 s keeps the window and no more, and serves it whole to who joins', () => {
  const swarm = swarmOf(RING);
  const source = swarm.addSource(7);
  const seed = swarm.addSeed();
  swarm.connect(seed, source.member);
  source.play(TWO_MEGABIT);
  for (let atMs = 10_000; atMs <= 180_000; atMs += 9900) {
    swarm.runUntil(atMs);
    expect(seed.store.pieces).toBeLessThanOrEqual(67);
    const viewer = swarm.addViewer();
    swarm.connect(viewer, seed);
    swarm.runUntil(atMs + 3000);
    expect(faultsOf(viewer, source)).toEqual([]);
    swarm.kill(viewer);
  }
  expect(seed.store.pieces).toBeGreaterThanOrEqual(65);
  expect(swarm.violations).toEqual([]);
});

/** Four runs, one after the other; each source but the last dies without a word. */
function broadcastRuns(swarm: Swarm, viewers: readonly PeerMember[]): Broadcast[] {
  const sources: Broadcast[] = [];
  for (const [i, beginMs] of BEGIN_MS.entries()) {
    swarm.at(beginMs, () => {
      const source = swarm.addSource(7 + i, { line: FAST_LINE });
      for (const viewer of viewers) swarm.connect(source.member, viewer);
      source.play(TWO_MEGABIT);
      sources.push(source);
    });
    const endMs = (BEGIN_MS[i + 1] ?? END_MS + PAUSE_MS) - PAUSE_MS;
    // Pieces are made at multiples of 150 ms from the beginning of the run: 140 ms later the last one has spread.
    const killMs = beginMs + Math.floor((endMs - beginMs) / 150) * 150 + 140;
    swarm.at(killMs, () => kill(swarm, sources.at(-1)?.member));
  }
  return sources;
}

function join(swarm: Swarm, viewers: PeerMember[], source: Broadcast | undefined): void {
  const viewer = swarm.addViewer();
  for (const other of [source?.member, viewers[0], viewers.at(-1)]) if (other) swarm.connect(viewer, other);
  viewers.push(viewer);
  if (viewers.length > 3) kill(swarm, viewers.at(-3));
}

function kill(swarm: Swarm, member: Member | undefined): void {
  if (member) swarm.kill(member);
}
