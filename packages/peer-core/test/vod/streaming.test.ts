/** Readers in a swarm: in order, in time, and at once where they jump to. */
import { expect, test } from 'vitest';
import type { VodInput } from '../../src/index.js';
import { BLOCK, inTurn, PIECE, type VodNode, VodSwarm, vodConfig, whole } from './swarm.js';

const PIECES = 200;

function reads(reader: number, fromPiece: number, over: Partial<Extract<VodInput, { type: 'reader' }>> = {}): VodInput {
  return {
    type: 'reader',
    reader,
    fromByte: fromPiece * PIECE,
    toByte: PIECES * PIECE,
    playing: false,
    bytesPerSecond: 0,
    bufferedMs: 0,
    ...over,
  };
}

/** One seed with a line of ten pieces a second. */
function pair(fast = true): { swarm: VodSwarm; seed: VodNode; leech: VodNode } {
  const swarm = new VodSwarm();
  const seed = swarm.add('seed', vodConfig(PIECES, { held: whole(PIECES) }), { bytesPerSecond: 10 * PIECE, fast });
  const leech = swarm.add('leech', vodConfig(PIECES), { fast });
  swarm.connect(seed, leech);
  return { swarm, seed, leech };
}

/** A reader has been at the beginning for five seconds and another one comes at piece 160, the first one gone after it. @returns When that piece is there. */
function seekMs(swarm: VodSwarm, leech: VodNode): number {
  swarm.give(leech, reads(1, 0));
  swarm.runUntil(5000);
  swarm.give(leech, reads(2, 160));
  swarm.give(leech, { type: 'readerGone', reader: 1 });
  swarm.runUntil(20_000, () => leech.heldMs.has(160));
  return swarm.nowMs - 5000;
}

test.each([true, false])('a seek is served before what was asked for, with BEP 6: %s', (fast) => {
  const { swarm, leech } = pair(fast);
  swarm.give(leech, reads(1, 0));
  swarm.runUntil(5000);
  const before = leech.heldMs.size;
  expect(before).toBeGreaterThan(40);
  swarm.give(leech, reads(1, 160));
  swarm.runUntil(20_000, () => leech.heldMs.has(160));
  // A quarter of a second is on the seed's line; then a piece, and two ways. Without cancels it would be a second more.
  expect(swarm.nowMs - 5000).toBeLessThan(450);
  expect(leech.counts.get('cancel')).toBeGreaterThan(20);
  swarm.runUntil(60_000, () => leech.completeMs !== undefined);
  expect(leech.heldMs.size).toBe(PIECES);
  expect(leech.peer.figures(swarm.nowMs).wastedBytes).toBeLessThan(5 * PIECE);
});

test('a seek is served at once also when the old reader goes only after the new one has come', () => {
  const { swarm, leech } = pair();
  expect(seekMs(swarm, leech)).toBeLessThan(450);
});

test('who comes back a little before what was asked for gets the first pieces first', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  for (const name of ['one', 'two', 'three']) {
    swarm.connect(swarm.add(name, vodConfig(PIECES, { held: whole(PIECES), uploadBytesPerSecond: PIECE })), leech);
  }
  swarm.give(leech, reads(1, 20));
  swarm.runUntil(3000);
  const wasHeld = new Set(leech.heldMs.keys());
  swarm.give(leech, reads(1, 10));
  swarm.runUntil(6000);
  const since = [...leech.heldMs.keys()].filter((index) => !wasHeld.has(index));
  expect(since.slice(0, 4).sort((x, y) => x - y)).toEqual([10, 11, 12, 13]);
});

/** Seeds that send a piece a second each. */
function fourSeeds(): { swarm: VodSwarm; leech: VodNode } {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  for (const name of ['one', 'two', 'three', 'four']) {
    const seed = swarm.add(name, vodConfig(PIECES, { held: whole(PIECES), uploadBytesPerSecond: PIECE }));
    swarm.connect(seed, leech);
  }
  return { swarm, leech };
}

test('the first piece at a new place comes from all who have it', () => {
  const { swarm, leech } = fourSeeds();
  // From one alone it would be a second at least.
  expect(seekMs(swarm, leech)).toBeLessThan(1000);
});

test('the first piece at a new place comes from all also before anybody’s speed is known', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  for (const name of ['one', 'two', 'three', 'four']) {
    swarm.connect(swarm.add(name, vodConfig(PIECES, { held: whole(PIECES) }), { bytesPerSecond: PIECE }), leech);
  }
  swarm.give(leech, reads(1, 0));
  swarm.runUntil(500);
  swarm.give(leech, reads(1, 160));
  swarm.runUntil(20_000, () => leech.heldMs.has(160));
  // A second of what was asked for is on their lines; from one alone the piece would need another second.
  expect(swarm.nowMs - 500).toBeLessThan(1700);
});

test('a player that looks for the index at the end comes back to pieces that were gone on with', () => {
  const { swarm, leech } = fourSeeds();
  swarm.give(leech, reads(1, 0));
  swarm.runUntil(500);
  swarm.give(leech, { type: 'readerGone', reader: 1 });
  swarm.give(leech, reads(2, PIECES - 2));
  swarm.runUntil(3000);
  const held = [...leech.heldMs.keys()].sort((x, y) => x - y);
  expect(held).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, PIECES - 2, PIECES - 1]);
});

test('a seek takes requests back from no more neighbours than blocks are missing', () => {
  const cancels = (pieces: number) => {
    const swarm = new VodSwarm();
    const leech = swarm.add('leech', vodConfig(PIECES));
    for (let i = 0; i < 8; i++) {
      const seed = swarm.add(`seed ${i}`, vodConfig(PIECES, { held: whole(PIECES), uploadBytesPerSecond: PIECE }));
      swarm.connect(seed, leech);
    }
    swarm.give(leech, reads(1, 0));
    swarm.runUntil(2000);
    swarm.give(leech, { type: 'readerGone', reader: 1 });
    swarm.give(leech, reads(2, 160, { toByte: (160 + pieces) * PIECE }));
    return leech.counts.get('cancel') ?? 0;
  };
  expect(cancels(1)).toBeGreaterThan(0);
  // A piece is four blocks.
  expect(cancels(1)).toBe(cancels(2) / 2);
});

test('two readers at two places both get on', () => {
  const { swarm, leech } = pair();
  // This picker serves the first reader first: the second one begins when that has all it wants.
  swarm.give(leech, reads(1, 0, { toByte: 3 * PIECE }));
  swarm.give(leech, reads(2, 100));
  swarm.runUntil(2000);
  const held = [...leech.heldMs.keys()];
  expect(held.slice(0, 10)).toEqual([0, 1, 2, 100, 101, 102, 103, 104, 105, 106]);
});

test('a reader that is gone leaves the order to the picker', () => {
  const { swarm, leech } = pair();
  swarm.give(leech, reads(1, 100));
  swarm.runUntil(2000);
  swarm.give(leech, { type: 'readerGone', reader: 1 });
  swarm.runUntil(60_000, () => leech.completeMs !== undefined);
  expect(leech.heldMs.size).toBe(PIECES);
});

test('what a reader waits for at a slow neighbour is asked of a faster one', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  const slow = swarm.add('slow', vodConfig(PIECES, { held: whole(PIECES) }), { bytesPerSecond: BLOCK / 4 });
  const quick = swarm.add('quick', vodConfig(PIECES, { held: whole(PIECES) }), { bytesPerSecond: 10 * PIECE });
  // The slow one alone at first: it is asked for the first blocks.
  swarm.connect(leech, slow);
  swarm.give(leech, reads(1, 0));
  swarm.runUntil(6000);
  swarm.connect(leech, quick);
  swarm.runUntil(20_000, () => leech.heldMs.has(0));
  // Alone it would need 16 s for the piece.
  expect(swarm.nowMs).toBeLessThan(9000);
});

test('where all comes late, second copies stay a small part of what comes', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  for (let i = 0; i < 8; i++) {
    const bytesPerSecond = i % 2 === 0 ? BLOCK / 4 : BLOCK;
    swarm.connect(leech, swarm.add(`seed ${i}`, vodConfig(PIECES, { held: whole(PIECES) }), { bytesPerSecond }));
  }
  swarm.give(leech, reads(1, 0, { playing: true, bytesPerSecond: 20 * BLOCK }));
  swarm.runUntil(60_000);
  const { receivedBytes, wastedBytes } = leech.peer.figures(swarm.nowMs);
  expect(receivedBytes).toBeGreaterThan(60 * BLOCK);
  // A twentieth, and four blocks for the beginning.
  expect(wastedBytes).toBeLessThanOrEqual(0.05 * receivedBytes + 4 * BLOCK);
});

test('a picker sees readers at the first piece that they lack, and when they come to it', () => {
  const seen: unknown[] = [];
  const swarm = new VodSwarm();
  const held = whole(PIECES).fill(0, 12);
  const picker = {
    choose: (...[view, neighbour]: Parameters<typeof inTurn.choose>) => {
      seen.push(...view.readers.map(({ fromPiece, toPiece, dueInMs }) => ({ fromPiece, toPiece, dueInMs })));
      return inTurn.choose(view, neighbour);
    },
  };
  const seed = swarm.add('seed', vodConfig(PIECES, { held: whole(PIECES) }));
  const leech = swarm.add('leech', vodConfig(PIECES, { held, picker }));
  swarm.give(leech, reads(7, 10, { toByte: 50 * PIECE, playing: true, bytesPerSecond: PIECE, bufferedMs: 1500 }));
  swarm.runUntil(1000);
  swarm.connect(seed, leech);
  swarm.runUntil(1030, () => seen.length > 0);
  // Two pieces are there, and 1.5 s; a second went by, and three ways of 10 ms.
  expect(seen[0]).toEqual({ fromPiece: 12, toPiece: 49, dueInMs: 1500 + 2000 - 1030 });
});

test('reader places outside the torrent are the caller’s mistake', () => {
  const { swarm, leech } = pair();
  expect(() => swarm.give(leech, reads(1, 0, { toByte: PIECES * PIECE + 1 }))).toThrow(RangeError);
  expect(() => swarm.give(leech, reads(1, 0, { fromByte: -1 }))).toThrow(RangeError);
});
