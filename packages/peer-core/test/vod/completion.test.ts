/** Swarms of two to ten on-demand peers: everybody gets everything. */
import { expect, test } from 'vitest';
import { atRandom, PIECE, VodSwarm, vodConfig, whole } from './swarm.js';

const PIECES = 40;

test('a peer gets all from one seed, each block once', () => {
  const swarm = new VodSwarm();
  const seed = swarm.add('seed', vodConfig(PIECES, { held: whole(PIECES) }), { bytesPerSecond: 1_000_000 });
  const leech = swarm.add('leech', vodConfig(PIECES));
  swarm.connect(seed, leech);
  swarm.runUntil(60_000, () => leech.completeMs !== undefined);
  expect(leech.heldMs.size).toBe(PIECES);
  expect(leech.peer.figures(swarm.nowMs)).toMatchObject({
    heldPieces: PIECES,
    missingPieces: 0,
    receivedBytes: PIECES * PIECE,
    wastedBytes: 0,
  });
  // The line is never idle: 2.6 s of blocks, a few round trips to begin with.
  expect(leech.completeMs).toBeLessThan(2.62 * 1000 + 200);
});

test('a torrent whose last piece is one byte comes whole', () => {
  const swarm = new VodSwarm();
  const lengthBytes = 3 * PIECE + 1;
  const seed = swarm.add('seed', vodConfig(4, { held: whole(4), lengthBytes }));
  const leech = swarm.add('leech', vodConfig(4, { lengthBytes }));
  swarm.connect(seed, leech);
  swarm.runUntil(60_000, () => leech.completeMs !== undefined);
  expect(leech.peer.figures(swarm.nowMs)).toMatchObject({ heldPieces: 4, receivedBytes: lengthBytes });
});

test.each([true, false])('ten peers share what one seed has, with BEP 6: %s', (fast) => {
  const swarm = new VodSwarm();
  const picker = atRandom;
  const seed = swarm.add('seed', vodConfig(PIECES, { held: whole(PIECES), picker }), { bytesPerSecond: 200_000, fast });
  for (let i = 0; i < 9; i++) {
    swarm.add(`leech ${i}`, vodConfig(PIECES, { picker }), { bytesPerSecond: 200_000, fast });
  }
  swarm.connectAll();
  const leeches = swarm.nodes.slice(1);
  swarm.runUntil(300_000, () => leeches.every(({ completeMs }) => completeMs !== undefined));
  expect(leeches.map(({ heldMs }) => heldMs.size)).toEqual(leeches.map(() => PIECES));
  const sentBytes = [...seed.sentTo.values()].reduce((sum, bytes) => sum + bytes, 0);
  // Nine copies came to them; they gave most of them to each other.
  expect(sentBytes / (PIECES * PIECE)).toBeLessThan(3.5);
});

test('who leaves in the middle is replaced', () => {
  const swarm = new VodSwarm();
  const seeds = [1, 2].map((i) =>
    swarm.add(`seed ${i}`, vodConfig(PIECES, { held: whole(PIECES) }), { bytesPerSecond: 500_000 }),
  );
  const leech = swarm.add('leech', vodConfig(PIECES));
  for (const seed of seeds) swarm.connect(seed, leech);
  swarm.runUntil(1000);
  swarm.disconnect(seeds[0] as (typeof seeds)[0], leech);
  swarm.runUntil(60_000, () => leech.completeMs !== undefined);
  expect(leech.heldMs.size).toBe(PIECES);
});
