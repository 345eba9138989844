/** Peers that promise and don't deliver, ask and don't answer, take and don't confirm: everybody else plays on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from './apps.js';
import { calmOf, expectBounded, expectUnharmed, sentAway, startAttackedSwarm } from './attacked-swarm.js';

interface Ending {
  readonly reason?: string;
  readonly peerId?: string;
}

test('who offers and never delivers, or never answers, is sent away; who takes and never confirms holds up nobody', async () => {
  const swarm = await startAttackedSwarm({
    seconds: 90,
    stuffing: 3,
    source: ['--piece-length', '16k', '--window', '30s', '--ring', '2m'],
    // A piece that was promised is waited for before another neighbour is asked: a lag of less would show that.
    viewers: ['--lag', '5s'],
  });
  const { attack, victim, victimPort, other, source, sourcePort } = swarm;
  const calm = { victim: await calmOf(victim.app), source: await calmOf(source) };
  const from = (host: number) => `127.0.3.${host}`;

  // All at once, at the viewer and at the source.
  const taking = [victimPort, sourcePort].flatMap((port, i) => [
    attack<{ bytes: number }>('leech', { port, from: from(10 + i), reads: true, ms: 20_000 }),
    attack<{ bytes: number }>('leech', { port, from: from(20 + i), reads: false, ms: 20_000 }),
  ]);

  const deaf = [victimPort, sourcePort].map((port, i) =>
    attack<Ending & { offers: number }>('noAnswer', { port, from: from(30 + i) }),
  );

  const stalling = { port: victimPort, from: from(1), ms: 40_000 };
  const staller = await attack<Ending & { accepted: number }>('noDelivery', stalling);
  expect(staller).toMatchObject({ reason: 'no-delivery' });
  expect(staller.accepted).toBeGreaterThan(0);
  expect(await attack('knock', { port: victimPort, from: from(1), peerId: staller.peerId })).toBe('kept out');

  for (const { offers, reason } of await Promise.all(deaf)) {
    expect(offers).toBeGreaterThan(0);
    expect(reason).toBe('timeout');
  }

  const [readerAtVictim, sleeperAtVictim, readerAtSource, sleeperAtSource] = await Promise.all(taking);
  expect(readerAtVictim?.bytes).toBeGreaterThan(0);
  expect(readerAtSource?.bytes).toBeGreaterThan(0);
  for (const sleeper of [sleeperAtVictim, sleeperAtSource]) expect(sleeper?.bytes).toBeLessThan(2_000_000);

  expectBounded(victim.app, calm.victim);
  expectBounded(source, calm.source);
  expect(sentAway(victim.app)).toEqual([{ whom: 'a neighbour', address: from(1), reason: 'no-delivery' }]);
  expect(sentAway(other.app)).toEqual([]);
  await sleep(1000);
  await until('viewers and the spy are all that is left', () => source.stats().peers === 3);
  await expectUnharmed(swarm);
});
