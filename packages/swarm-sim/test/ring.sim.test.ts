import { expect, test } from 'vitest';
import type { PeerMember } from '../src/index.js';
import { faultsOf, swarmOf, TWO_MEGABIT } from './worlds.js';

test('a ring of 40 s and a window of 10 s, half an hour: joins in every phase of the ring read exactly', () => {
  const swarm = swarmOf({ ringPieces: 266, windowPieces: 66 });
  const source = swarm.addSource(7);
  source.play(TWO_MEGABIT);
  const viewers: PeerMember[] = [];
  let first: PeerMember | undefined;
  // One joins each 37 s and stays for a minute: in a half hour every phase of the ring has seen a join.
  for (let atMs = 1000; atMs < 1_800_000; atMs += 37_000) {
    swarm.runUntil(atMs);
    const viewer = swarm.addViewer();
    swarm.connect(viewer, source.member);
    if (first) swarm.connect(viewer, first);
    first ??= viewer;
    viewers.push(viewer);
    const leaver = viewers.at(-3);
    if (leaver && leaver !== first) swarm.kill(leaver);
  }
  swarm.runUntil(1_800_000);
  for (const viewer of viewers) expect(faultsOf(viewer, source)).toEqual([]);
  expect(first?.reads.at(-1)?.seq).toBeGreaterThan(11_980);
  expect(swarm.members.flatMap((member) => member.closings)).toEqual([]);
  expect(swarm.violations).toEqual([]);
});
