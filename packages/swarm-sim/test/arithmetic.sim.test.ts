import type { Message } from '@tstream/wire-ext';
import { describe, expect, test } from 'vitest';
import { type Behaviour, FAST_LINE, type Member, runScenario, type Scenario, type Swarm } from '../src/index.js';
import { swarmOf } from './worlds.js';

// What the simulator says where arithmetic says it, too.

const BYTES_PER_SECOND = 125_000;
const PIECE_BYTES = 16_384;
const PIECE_MS = 131;
const DELAY_MS = 5;
const UPLOAD = 4;

/** A block with its 13-byte head takes twelve packets of 52 bytes of heads: at four times the bitrate, milliseconds. */
const TRANSFER_MS = ((PIECE_BYTES + 13 + 12 * 52) * 1000) / (UPLOAD * BYTES_PER_SECOND);

const LINE = { ...FAST_LINE, uploadBytesPerSecond: UPLOAD * BYTES_PER_SECOND };

/** Each piece's way: when the source had it, and when this peer had it whole, milliseconds. */
function followWhole(swarm: Swarm): Map<Member, Map<number, number>> {
  const whole = new Map<Member, Map<number, number>>();
  swarm.observe({
    sent: () => {},
    arrived: () => {},
    asked(member, output, atMs) {
      if (output.type !== 'store' || !output.whole) return;
      const own = whole.get(member) ?? new Map<number, number>();
      whole.set(member, own.set(output.header.seq, atMs));
    },
  });
  return whole;
}

/** A source, and behind it peers that each know only the one before. */
function chain(hops: number) {
  const swarm = swarmOf({ delayMs: () => DELAY_MS, pieceBytes: PIECE_BYTES });
  const source = swarm.addSource(1, { line: LINE });
  const whole = followWhole(swarm);
  const peers: Member[] = [source.member];
  for (let hop = 0; hop < hops; hop += 1) {
    const peer = swarm.addViewer({ line: LINE });
    swarm.connect(peer, peers[hop] as Member);
    peers.push(peer);
  }
  source.play({ pieces: Infinity, everyMs: PIECE_MS, bytes: () => PIECE_BYTES, entryEvery: 8, entryOffset: 0 });
  swarm.runUntil(20_000);
  return { swarm, peers, whole };
}

/** Median over the pieces of the last ten seconds, from "the source has it" to "whole here". */
function medianMs(whole: ReadonlyMap<number, number> | undefined): number {
  const ways = [...(whole ?? [])].filter(([seq]) => seq >= 75).map(([seq, atMs]) => atMs - (seq + 1) * PIECE_MS);
  expect(ways.length).toBeGreaterThan(70);
  return ways.sort((a, b) => a - b)[ways.length >> 1] as number;
}

describe('a chain', () => {
  const hops = 6;
  const { peers, whole } = chain(hops);

  test('the first hop takes an offer, a request, and a transfer', () => {
    expect(medianMs(whole.get(peers[1] as Member))).toBeGreaterThanOrEqual(Math.floor(3 * DELAY_MS + TRANSFER_MS));
    expect(medianMs(whole.get(peers[1] as Member))).toBeLessThan(3 * DELAY_MS + TRANSFER_MS + 4);
  });

  test('each further hop takes a transfer and a delay: offer and request cross while the piece comes in', () => {
    const ways = peers.slice(1).map((peer) => medianMs(whole.get(peer)));
    for (const [i, way] of ways.entries()) {
      const expected = 2 * DELAY_MS + (i + 1) * (TRANSFER_MS + DELAY_MS);
      expect(way).toBeGreaterThanOrEqual(Math.floor(expected));
      // Control messages share the line: some milliseconds a hop.
      expect(way).toBeLessThan(expected + 4 * (i + 1));
    }
  });
});

describe('one source and one viewer', () => {
  const result = runScenario(star(1, 'honest'), { seed: 1 });

  test('the viewer gets everything, once, from the source', () => {
    expect(result.classes['viewers']).toMatchObject({ peers: 1, lossShare: 0, duplicateShare: 0, stalls: 0 });
    expect(result.source.videoUploadMultiple).toBeCloseTo(1, 1);
    expect(result.fedBy.classes).toMatchObject([{ receiver: 'viewers', sender: 'source' }]);
    expect(result.fedBy.hops.map(({ hops }) => hops)).toEqual([1]);
  });

  test('in as long as an offer, a request and a transfer take', () => {
    const { diffusionMs, diffusionTau } = result.classes['viewers'] ?? {};
    const expected = 3 * DELAY_MS + TRANSFER_MS;
    expect(diffusionMs?.p50).toBeGreaterThanOrEqual(Math.floor(expected));
    expect(diffusionMs?.p50).toBeLessThan(expected + 4);
    expect(diffusionTau?.p50).toBeCloseTo((diffusionMs?.p50 ?? 0) / result.pieceMs, 9);
  });

  test('and begins to play when its lag is over', () => {
    const { startUpMs, lagMs } = result.classes['viewers'] ?? {};
    expect(startUpMs?.max).toBeGreaterThanOrEqual(4000);
    expect(startUpMs?.max).toBeLessThan(4000 + PIECE_MS);
    expect(lagMs?.p50).toBeGreaterThanOrEqual(4000);
    expect(lagMs?.p50).toBeLessThan(4000 + PIECE_MS);
  });
});

describe('a star whose viewers forward nothing', () => {
  test.each([3, 8, 16])('%i of them get what the source can send, and no more', (viewers) => {
    const result = runScenario(star(viewers, 'free-rider'), { seed: 1 });
    const fed = result.fedBy.classes.flatMap(({ bytes }) => bytes).reduce((sum, bytes) => sum + bytes, 0);
    const share = fed / (viewers * BYTES_PER_SECOND * result.virtualSeconds);
    const capacity = (UPLOAD * PIECE_BYTES) / (PIECE_BYTES + 13 + 12 * 52);
    expect(share).toBeLessThanOrEqual(Math.min(1, capacity / viewers));
    expect(share).toBeGreaterThan(0.85 * Math.min(1, capacity / viewers));
    // What waits for the line at the end has been counted already.
    expect(result.source.uploadMultiple).toBeLessThanOrEqual(UPLOAD * 1.01);
  });
});

describe('an idle swarm', () => {
  test('sends heartbeats along, and nothing else', () => {
    const swarm = swarmOf();
    const source = swarm.addSource(1);
    for (let i = 0; i < 8; i += 1) swarm.addViewer();
    swarm.connectAtRandom(swarm.members, 4);
    source.play({ pieces: 20, everyMs: 100, bytes: () => 10_000, entryEvery: 5, entryOffset: 0 });
    swarm.runUntil(15_000);
    const types = new Map<Message['type'], number>();
    swarm.watch((_atMs, _from, _to, { type }) => types.set(type, (types.get(type) ?? 0) + 1));
    swarm.runUntil(25_000);
    const connections = swarm.members.reduce((sum, { pipes }) => sum + pipes.size, 0) / 2;
    expect([...types.keys()]).toEqual(['edge']);
    // Each of ten heartbeats crosses each connection, at most once in each direction.
    expect(types.get('edge')).toBeGreaterThanOrEqual(10 * 8);
    expect(types.get('edge')).toBeLessThanOrEqual(10 * 2 * connections);
  });
});

/** A source and viewers, on perfect links. */
function star(count: number, behaviour: Behaviour): Scenario {
  return {
    title: 'star',
    about: 'one source and its viewers',
    seconds: 20,
    measureFromSeconds: 5,
    video: { bitsPerSecond: 8 * BYTES_PER_SECOND, pieceBytes: PIECE_BYTES, entryEverySeconds: 1 },
    neighbours: 20,
    lagSeconds: 4,
    links: { oneWayDelayMs: DELAY_MS, lossPerMillion: 0 },
    source: { upload: UPLOAD },
    peers: [{ name: 'viewers', count, upload: 1, download: 100, behaviour }],
    bounds: [],
  };
}
