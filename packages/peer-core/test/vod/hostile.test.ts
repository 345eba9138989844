/** Bad pieces, mute neighbours, and those who take without asking. */
import { expect, test } from 'vitest';
import { atRandom, BLOCK, PIECE, VodSwarm, vodConfig, whole } from './swarm.js';

const PIECES = 60;
const seedConfig = () => vodConfig(PIECES, { held: whole(PIECES) });

test('who alone sent a bad piece is banned, and another one gives it', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  const liar = swarm.add('liar', seedConfig(), { bytesPerSecond: 10 * PIECE, spoils: (index) => index === 5 });
  swarm.connect(leech, liar);
  swarm.runUntil(20_000, () => leech.closed.length > 0);
  expect(leech.closed).toEqual([{ name: 'liar', reason: 'bad-block', ban: true }]);
  const honest = swarm.add('honest', seedConfig(), { bytesPerSecond: 10 * PIECE });
  swarm.connect(leech, honest);
  swarm.runUntil(60_000, () => leech.completeMs !== undefined);
  expect(leech.heldMs.size).toBe(PIECES);
});

test.each([1, 3])(
  'one liar in %s+1 neighbours is found by what it sends alone, and no honest one is banned',
  (honest) => {
    const swarm = new VodSwarm();
    const leech = swarm.add('leech', vodConfig(PIECES, { picker: atRandom }));
    const liar = swarm.add('liar', seedConfig(), { bytesPerSecond: 5 * PIECE, spoils: (_, begin) => begin === BLOCK });
    swarm.connect(leech, liar);
    for (let i = 0; i < honest; i++) {
      swarm.connect(leech, swarm.add(`honest ${i}`, seedConfig(), { bytesPerSecond: 5 * PIECE }));
    }
    swarm.runUntil(120_000, () => leech.completeMs !== undefined);
    expect(leech.heldMs.size).toBe(PIECES);
    expect(leech.closed.filter(({ ban }) => ban)).toEqual([{ name: 'liar', reason: 'bad-block', ban: true }]);
  },
);

test('who spoils only what it shares with others goes as well, by the number of them', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES, { picker: atRandom }));
  let spoilt = 0;
  const liar = swarm.add('liar', seedConfig(), { bytesPerSecond: 5 * PIECE, spoils: () => spoilt++ % 7 === 6 });
  swarm.connect(leech, liar);
  for (let i = 0; i < 3; i++) {
    swarm.connect(leech, swarm.add(`honest ${i}`, seedConfig(), { bytesPerSecond: 5 * PIECE }));
  }
  swarm.runUntil(120_000, () => leech.completeMs !== undefined);
  expect(leech.heldMs.size).toBe(PIECES);
  expect(leech.closed.filter(({ ban, name }) => ban && name !== 'liar')).toEqual([]);
});

test('what a mute neighbour owes is got elsewhere', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  const mute = swarm.add('mute', seedConfig(), { mute: true });
  swarm.connect(leech, mute);
  swarm.runUntil(1000);
  expect(leech.peer.figures(1000).neighbours[0]).toMatchObject({ requestsOut: 4 });
  swarm.connect(leech, swarm.add('honest', seedConfig(), { bytesPerSecond: 20 * PIECE }));
  swarm.runUntil(120_000, () => leech.completeMs !== undefined);
  // By the endgame, before the mute one is found out.
  expect(leech.completeMs).toBeLessThan(10_000);
});

test('a snub is asked for one block at a time', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  swarm.connect(leech, swarm.add('mute', seedConfig(), { mute: true }));
  swarm.runUntil(25_000);
  expect(leech.peer.figures(swarm.nowMs).neighbours[0]).toMatchObject({ requestsOut: 1 });
  expect(leech.counts.get('cancel')).toBe(4);
});

test('mute neighbours that were found out don’t keep the last blocks', () => {
  const swarm = new VodSwarm();
  const small = () => vodConfig(2, { held: whole(2) });
  const leech = swarm.add('leech', vodConfig(2));
  for (let i = 0; i < 10; i++) swarm.connect(leech, swarm.add(`mute ${i}`, small(), { mute: true }));
  swarm.runUntil(90_000);
  swarm.connect(leech, swarm.add('honest', small()));
  swarm.runUntil(200_000, () => leech.completeMs !== undefined);
  expect(leech.completeMs).toBeLessThan(95_000);
});

test('blocks that nobody asked for are counted, and too many end it', () => {
  const swarm = new VodSwarm();
  const leech = swarm.add('leech', vodConfig(PIECES));
  const pusher = swarm.add('pusher', seedConfig());
  swarm.connect(leech, pusher);
  const push = () => {
    const block = { byteLength: BLOCK };
    swarm.give(leech, { type: 'message', connection: 1, message: { type: 'piece', index: 50, begin: 0, block } });
  };
  for (let i = 0; i < 64; i++) push();
  expect(leech.peer.figures(0)).toMatchObject({ wastedBytes: 64 * BLOCK, neighbours: [{ connection: 1 }] });
  push();
  expect(leech.closed).toEqual([{ name: 'pusher', reason: 'unexpected', ban: true }]);
});
