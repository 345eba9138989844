/** What the witness scheme gives to liars, crews and Sybils, and what to those who pass video on. */
import { type Choker, type NeighbourFacts, witness } from '@tstream/g2g-choker';
import { createPeer } from '@tstream/peer-core';
import { describe, expect, test } from 'vitest';
import { vouch } from '../src/behaviours/vouching.js';
import {
  type Behaviour,
  type Broadcast,
  Crew,
  createBehaviour,
  FAST_LINE,
  type MakePeer,
  type Member,
  type PeerMember,
  type Swarm,
} from '../src/index.js';
import { swarmOf, TWO_MEGABIT } from './worlds.js';

const SEEDS = [1, 2];
const BYTES_PER_SECOND = 250_000;

describe.each(SEEDS)('seed %i', (seed) => {
  test('liars about forwarding rank no better than peers that forward nothing', () => {
    const world = worldOf(seed);
    const honest = world.add(12, 2);
    const liars = world.addCrew(4, 2, 'forward-liar');
    const riders = world.addCrew(4, 2, 'free-rider');
    world.play(40_000);
    expect(world.rankOf(riders)).toBe(0);
    expect(world.rankOf(liars)).toBe(0);
    expect(world.creditOf(honest)).toBeGreaterThan(500);
  });

  test('a coalition gains less than honest forwarding of a tenth of its upload would', () => {
    const world = worldOf(seed);
    world.add(12, 2);
    const crew = world.addCrew(4, 2, 'coalition');
    const modest = world.add(4, 0.2);
    world.play(40_000);
    expect(world.rankOf(crew)).toBeLessThan(world.rankOf(modest) / 10);
  });

  test('a coalition that does give to others gains at most a tenth by vouching for itself', () => {
    const world = worldOf(seed);
    world.add(12, 2);
    const crew = new Crew();
    const givers = world.add(4, 1, (config, nowMs) => vouch(createPeer(config, nowMs), config, nowMs, crew));
    for (const { id } of givers) crew.enlist(id);
    world.play(40_000);
    const received = world.rankOf(givers) - world.creditOf(givers);
    expect(world.creditOf(givers)).toBeGreaterThan(0);
    // A purse lasts longer than what is counted as received: near the same, not quite.
    expect(world.creditOf(givers)).toBeLessThan(received * 0.12);
  });

  test('many Sybils share the newcomers’ part with one who comes alone', () => {
    const world = worldOf(seed);
    world.add(10, 2);
    // Until nobody of them is a newcomer.
    world.play(21_000);
    const sybils = world.addCrew(100, 2, 'sybil');
    const alone = world.add(1, 2);
    world.connect(sybils, 8);
    world.connect(alone, 8);
    world.play(40_000);
    // One ranking in sixteen, though nine of ten neighbours are newcomers.
    expect(world.favoured([...sybils, ...alone])).toBeGreaterThan(0.02);
    expect(world.favoured([...sybils, ...alone])).toBeLessThan(0.12);
    expect(world.favoured(alone)).toBeGreaterThan(0.01);
    // What they are worth otherwise: nothing.
    expect(world.rankOf(sybils)).toBe(0);
  });
});

interface World {
  /** Viewers with so many times the bitrate of upload. */
  add(count: number, upload: number, make?: MakePeer): PeerMember[];
  addCrew(count: number, upload: number, behaviour: Behaviour): PeerMember[];
  connect(members: readonly PeerMember[], neighbours: number): void;
  play(untilMs: number): void;
  /** What these rank with their neighbours, on average, bytes; and how much of it they owe to witnesses. */
  rankOf(members: readonly PeerMember[]): number;
  creditOf(members: readonly PeerMember[]): number;
  /** Of all rankings by those who know one of these, the share in which one of them went first as a newcomer. */
  favoured(members: readonly PeerMember[]): number;
}

/** One neighbour in one ranking. */
interface Ranking {
  readonly owner: () => Member;
  readonly facts: readonly NeighbourFacts[];
  readonly ranks: readonly number[];
}

/** A source with four times the bitrate, and viewers who all rank by witnesses; what each ranked is written down. */
function worldOf(seed: number): World {
  const swarm = swarmOf({ seed });
  const source = swarm.addSource(7, { line: lineOf(4), choker: witness });
  const rankings: Ranking[] = [];
  const settled = () => rankings.slice(rankings.length / 2);
  let playing = false;
  return {
    add: (count, upload, make) => Array.from({ length: count }, () => addObserved(swarm, rankings, upload, make)),
    addCrew: (count, upload, behaviour) => addCrew(swarm, count, upload, behaviour),
    connect: (members, neighbours) => {
      for (const member of members) {
        const honest = swarm.members.filter((other) => !members.includes(other as PeerMember));
        for (let i = 0; i < neighbours; i += 1)
          swarm.connect(member, honest[(member.number + i) % honest.length] as Member);
      }
    },
    play(untilMs) {
      if (!playing) begin(swarm, source);
      playing = true;
      swarm.runUntil(untilMs);
    },
    rankOf: (members) =>
      average(settled(), members, ({ receivedBytes, forwardedBytes }) => receivedBytes + forwardedBytes),
    creditOf: (members) => average(settled(), members, ({ forwardedBytes }) => forwardedBytes),
    favoured: (members) => favouredShare(rankings, members),
  };
}

function begin(swarm: Swarm, source: Broadcast): void {
  swarm.connectAtRandom(swarm.members, 8);
  source.play(TWO_MEGABIT);
}

function addObserved(swarm: Swarm, rankings: Ranking[], upload: number, make: MakePeer | undefined): PeerMember {
  const choker: Choker = {
    rank(facts, random) {
      const ranks = witness.rank(facts, random);
      rankings.push({ owner: () => member, facts, ranks });
      return ranks;
    },
  };
  const member: PeerMember = swarm.addViewer({ line: lineOf(upload), lagMs: 4000, choker }, make);
  return member;
}

/** They rank as they like: nobody writes that down. */
function addCrew(swarm: Swarm, count: number, upload: number, behaviour: Behaviour): PeerMember[] {
  const crew = new Crew();
  const members: PeerMember[] = [];
  for (let i = 0; i < count; i += 1) {
    const sharing = behaviour === 'sybil' ? members[0] : undefined;
    const config = { line: lineOf(upload), lagMs: 4000, sharing, choker: witness };
    const member = swarm.addViewer(config, (own, nowMs) => createBehaviour(behaviour, own, { nowMs, crew }));
    crew.enlist(member.id);
    members.push(member);
  }
  return members;
}

function average(
  rankings: readonly Ranking[],
  members: readonly Member[],
  bytesOf: (facts: NeighbourFacts) => number,
): number {
  let bytes = 0;
  let count = 0;
  const strangers = rankings.filter(({ owner }) => !members.includes(owner()));
  for (const { owner, facts } of strangers.length > 0 ? strangers : rankings) {
    for (const fact of facts) {
      const other = owner().pipes.get(fact.id)?.to;
      if (!other || !members.includes(other)) continue;
      bytes += bytesOf(fact);
      count += 1;
    }
  }
  return bytes / count;
}

function favouredShare(rankings: readonly Ranking[], members: readonly Member[]): number {
  let favoured = 0;
  let count = 0;
  for (const { owner, facts, ranks } of rankings) {
    const theirs = facts.map(({ id }) => members.includes(owner().pipes.get(id)?.to as Member));
    if (!theirs.includes(true)) continue;
    count += 1;
    if (theirs.some((isTheirs, i) => isTheirs && ranks[i] === Infinity)) favoured += 1;
  }
  return favoured / count;
}

/** A line whose upload is so many times the bitrate. */
function lineOf(upload: number) {
  return { ...FAST_LINE, uploadBytesPerSecond: BYTES_PER_SECOND * upload };
}
