import { expect, test } from 'vitest';
import type { Member, PeerMember, Swarm } from '../src/index.js';
import { eventsOf, faultsOf, rangeOf, swarmOf, TWO_MEGABIT, timesOf } from './worlds.js';

const DAY_MS = 86_400_000;

/** A source, four viewers that all know each other, and a message tap that hears of every piece that was signed. */
function broadcast(wallErrorMs = 0) {
  const swarm = swarmOf();
  const source = swarm.addSource(7, { uploadBytesPerSecond: 500_000, wallErrorMs });
  const viewers = Array.from({ length: 4 }, () => swarm.addViewer());
  connectAll(swarm, [source.member, ...viewers]);
  source.play(TWO_MEGABIT);
  return { swarm, source, viewers, signedTwice: watchHeaders(swarm) };
}

function connectAll(swarm: Swarm, members: readonly Member[]): void {
  for (const [i, member] of members.entries()) for (const other of members.slice(0, i)) swarm.connect(member, other);
}

/** Numbers under which two different headers went by. */
function watchHeaders(swarm: Swarm): string[] {
  const seen = new Map<string, string>();
  const twice: string[] = [];
  swarm.watch((_, __, ___, message) => {
    if (message.type !== 'offer') return;
    // Run and sequence number are bytes 4 … 15 of a header.
    const number = message.header.subarray(4, 16).join();
    const whole = message.header.join();
    if ((seen.get(number) ?? whole) !== whole) twice.push(number);
    seen.set(number, whole);
  });
  return twice;
}

test.each([
  ['a second', 0],
  ['a second, and its clock set back a day', -DAY_MS],
  ['a second, and its clock set forward a day', DAY_MS],
])('a source that dies and comes back after %s: all read on, exactly, and nothing twice', (_, wallErrorMs) => {
  const { swarm, source, viewers, signedTwice } = broadcast();
  swarm.runUntil(20_090);
  swarm.kill(source.member);
  swarm.runUntil(21_000);
  const again = swarm.addSource(8, { uploadBytesPerSecond: 500_000, wallErrorMs });
  for (const viewer of viewers) swarm.connect(again.member, viewer);
  again.play(TWO_MEGABIT);
  swarm.at(50_000, () => again.end());
  swarm.runUntil(60_000);
  for (const viewer of viewers) {
    expect(faultsOf(viewer, source, again)).toEqual([]);
    // The last piece was made 90 ms before the end: long enough to leave the source.
    expect(rangeOf(viewer, 7)).toEqual([0, source.made.length - 1]);
    expect(rangeOf(viewer, 8)).toEqual([0, again.made.length - 1]);
    expect(eventsOf(viewer)).not.toContain('dropped');
    expect(eventsOf(viewer).at(-1)).toBe('ended');
    expect(viewer.closings).toEqual([]);
  }
  expect(signedTwice).toEqual([]);
  expect(swarm.violations).toEqual([]);
});

test('what was buffered when the source died is played before the next run, at the lag that it had', () => {
  const { swarm, source, viewers } = broadcast();
  const [viewer] = viewers as [PeerMember];
  const late = swarm.addViewer({ lagMs: 8000 });
  for (const other of viewers) swarm.connect(late, other);
  swarm.runUntil(20_090);
  swarm.kill(source.member);
  swarm.runUntil(21_000);
  const again = swarm.addSource(8);
  for (const other of [...viewers, late]) swarm.connect(again.member, other);
  again.play(TWO_MEGABIT);
  swarm.runUntil(40_000);
  for (const each of [viewer, late]) expect(faultsOf(each, source, again)).toEqual([]);
  const latencies = late.reads.map((read) => read.latencyMs);
  expect(Math.min(...latencies.slice(60))).toBeGreaterThan(7900);
  expect(Math.max(...latencies.slice(60))).toBeLessThan(8300);
  expect(timesOf(late, 'stalled')).toEqual([]);
});

test('two sources with one key: the lower run stops and says so, and all viewers see one picture', () => {
  const { swarm, source, viewers, signedTwice } = broadcast();
  swarm.runUntil(20_000);
  const higher = swarm.addSource(9, { uploadBytesPerSecond: 500_000 });
  for (const viewer of viewers) swarm.connect(higher.member, viewer);
  higher.play(TWO_MEGABIT);
  swarm.runUntil(60_000);
  // The sources don't know each other: it is the viewers who tell.
  expect(source.member.events.map(({ event }) => event)).toContainEqual({ type: 'superseded', run: 9 });
  expect(timesOf(source.member, 'superseded')[0]).toBeLessThan(20_500);
  expect(eventsOf(higher.member)).not.toContain('superseded');
  for (const viewer of viewers) {
    expect(faultsOf(viewer, source, higher)).toEqual([]);
    expect(rangeOf(viewer, 9)?.[1]).toBeGreaterThan(250);
    // What the lower run made later is nobody's.
    expect(rangeOf(viewer, 7)?.[1]).toBeLessThan(140);
  }
  expect(signedTwice).toEqual([]);
});
