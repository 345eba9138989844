/** What each behaviour does, and what becomes of those who do it. */
import { type Choker, witness } from '@tstream/g2g-choker';
import { describe, expect, test } from 'vitest';
import type { Behaviour, Member, SimBlock } from '../src/index.js';
import { type Crowd, crowdWith } from './crowd.js';

const SEEDS = [1, 2, 3];
const FEW = { honest: 8, others: 3 };

describe.each<Behaviour>(['free-rider', 'forward-liar', 'sybil', 'replayer', 'staller'])('%s', (behaviour) => {
  test('takes video and sends none', () => {
    const { swarm, others } = crowdWith(behaviour, FEW);
    swarm.runUntil(10_000);
    for (const other of others) {
      expect(other.receivedVideoBytes).toBeGreaterThan(1_000_000);
      expect(other.sentVideoBytes).toBe(0);
    }
    expect(swarm.violations).toEqual([]);
  });
});

test('a coalition sends video to its own and to nobody else', () => {
  const { swarm, others } = crowdWith('coalition', FEW);
  const crew = new Set<Member>(others);
  let inside = 0;
  let outside = 0;
  swarm.watch((_atMs, from, to, message) => {
    if (message.type !== 'piece' || !crew.has(from)) return;
    if (crew.has(to)) inside += 1;
    else outside += 1;
  });
  swarm.runUntil(10_000);
  expect(inside).toBeGreaterThan(20);
  expect(outside).toBe(0);
});

test.each<Behaviour>(['forward-liar', 'coalition', 'sybil'])(
  '%s: nobody credits what its own have witnessed',
  (behaviour) => {
    const credits: { readonly id: number; readonly bytes: number }[] = [];
    const observed: Choker = {
      rank(facts, random) {
        for (const { id, forwardedBytes } of facts) credits.push({ id, bytes: forwardedBytes });
        return witness.rank(facts, random);
      },
    };
    const crowd = crowdWith(behaviour, { ...FEW, choker: observed });
    let told = 0;
    const liars = new Set<Member>(crowd.others);
    crowd.swarm.watch((_atMs, from, to, message) => {
      if (message.type === 'witness' && liars.has(from) && !liars.has(to)) told += message.reports.length;
    });
    crowd.swarm.runUntil(20_000);
    const ofLiars = new Set(crowd.others.flatMap((other) => [...other.pipes.keys()]));
    expect(told).toBeGreaterThan(1000);
    expect(credits.filter(({ id, bytes }) => ofLiars.has(id) && bytes > 0)).toEqual([]);
    expect(credits.some(({ bytes }) => bytes > 0)).toBe(true);
  },
);

test('Sybils share one line', () => {
  const { swarm, others } = crowdWith('sybil', { ...FEW, oneLine: true, downloadTenths: 15 });
  swarm.runUntil(10_000);
  const taken = others.reduce((sum, other) => sum + other.receivedVideoBytes, 0);
  expect(taken).toBeGreaterThan(0.7 * 1.5 * 250_000 * 10);
  expect(taken).toBeLessThan(1.5 * 250_000 * 10);
});

test.each(SEEDS)('polluters, seed %i: closed by everybody at the first bad block, of which nothing is kept', (seed) => {
  const crowd = crowdWith('polluter', { seed });
  const polluters = new Set<Member>(crowd.others);
  const bad = new Map<string, number>();
  crowd.swarm.watch((atMs, from, to, message) => {
    if (message.type !== 'piece' || isTrue(crowd, message.index, message.begin, message.block as SimBlock)) return;
    // Nobody honest passes it on.
    expect(polluters.has(from)).toBe(true);
    const way = `${from.number} to ${to.number}`;
    if (!bad.has(way)) bad.set(way, atMs);
  });
  crowd.swarm.runUntil(20_000);
  const closed = new Map<string, number>();
  for (const viewer of [...crowd.honest, ...crowd.others]) {
    for (const { atMs, remote, reason, ban } of viewer.closings) {
      expect([reason, ban, polluters.has(crowd.swarm.members[remote] as Member)]).toEqual(['bad-block', true, true]);
      closed.set(`${remote} to ${viewer.number}`, atMs);
    }
  }
  expect(closed).toEqual(bad);
  expect(closed.size).toBeGreaterThan(10);
  expect(falseBlocks(crowd)).toBe(0);
});

test.each(SEEDS)('replayers, seed %i: sent away as stale once what they offer is', (seed) => {
  // A window of 15 s, and 10 s of tolerance.
  const crowd = crowdWith('replayer', { ...FEW, seed, windowPieces: 100 });
  crowd.swarm.runUntil(24_000);
  expect(reasonsOf(crowd).has('stale')).toBe(false);
  crowd.swarm.runUntil(40_000);
  expect([...reasonsOf(crowd)].filter((reason) => reason !== 'no-delivery')).toEqual(['stale']);
  for (const replayer of crowd.others) expect(replayer.pipes.size).toBe(0);
});

test.each(SEEDS)('edge-liars, seed %i: sent away at the first lie, which moves nobody', (seed) => {
  const crowd = crowdWith('edge-liar', { seed });
  crowd.swarm.runUntil(10_000);
  expect([...reasonsOf(crowd)]).toEqual(['bad-header']);
  for (const liar of crowd.others) expect(liar.pipes.size).toBe(0);
  for (const viewer of crowd.honest) {
    expect(viewer.core.figures().edgeSeq).toBeLessThan(crowd.source.made.length);
    expect(viewer.events.filter(({ event }) => event.type === 'ended')).toEqual([]);
  }
});

test.each(SEEDS)('stallers, seed %i: each is tried by each neighbour a few times, then not', (seed) => {
  const crowd = crowdWith('staller', { seed });
  const stallers = new Set<Member>(crowd.others);
  const tried = new Map<string, number>();
  crowd.swarm.watch((_atMs, from, to, message) => {
    if (message.type !== 'request' || message.begin !== 0 || !stallers.has(to)) return;
    const way = `${from.number} to ${to.number}`;
    tried.set(way, (tried.get(way) ?? 0) + 1);
  });
  crowd.swarm.runUntil(40_000);
  expect([...reasonsOf(crowd)]).toEqual(['no-delivery']);
  // Eight that did not come, and what had been accepted until the eighth was given up, up to 2.5 s: 17 at most in these three.
  expect(Math.max(...tried.values())).toBeLessThanOrEqual(20);
});

test('have-liars claim pieces that nobody has made', () => {
  const { swarm, source, others } = crowdWith('have-liar', FEW);
  let claims = 0;
  const liars = new Set<Member>(others);
  swarm.watch((_atMs, from, _to, message) => {
    if (
      message.type === 'live-have' &&
      liars.has(from) &&
      message.base + 8 * message.bitmap.length > source.made.length
    )
      claims += 1;
  });
  swarm.runUntil(10_000);
  expect(claims).toBeGreaterThan(100);
});

const BEHAVIOURS: readonly Behaviour[] = [
  'honest',
  'slow',
  'free-rider',
  'have-liar',
  'forward-liar',
  'coalition',
  'sybil',
  'polluter',
  'replayer',
  'edge-liar',
  'staller',
];

test.each(BEHAVIOURS)('%s: same seed, same trace', (behaviour) => {
  const traces = [1, 2].map(() => {
    const { swarm } = crowdWith(behaviour, { honest: 6, others: 3, seed: 5 });
    swarm.runUntil(6000);
    return swarm.traceHash;
  });
  expect(traces[0]).toBe(traces[1]);
});

/** Whether a block is what the source made of that place. */
function isTrue({ source }: Crowd, index: number, begin: number, block: SimBlock): boolean {
  const digest = source.made[index]?.digests[begin / 16_384];
  return digest !== undefined && block.digest.join() === digest.join();
}

/** Blocks that honest viewers keep and the source didn't make. */
function falseBlocks(crowd: Crowd): number {
  let found = 0;
  for (const viewer of crowd.honest) {
    for (const { run, seq, digests } of crowd.source.made) {
      for (const [i] of digests.entries()) {
        const block = viewer.store.block(run, seq, i * 16_384) as SimBlock | undefined;
        if (block && !isTrue(crowd, seq, i * 16_384, block)) found += 1;
      }
    }
  }
  return found;
}

/** Why the honest sent anybody away; it has to be one of the others, and for good. */
function reasonsOf({ honest, others, source }: Crowd): Set<string> {
  const numbers = new Set(others.map(({ number }) => number));
  const reasons = new Set<string>();
  for (const member of [source.member, ...honest]) {
    for (const { remote, reason, ban } of member.closings) {
      expect([numbers.has(remote), ban]).toEqual([true, true]);
      reasons.add(reason);
    }
  }
  return reasons;
}
