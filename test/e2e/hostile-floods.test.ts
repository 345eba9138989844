/** Too much of everything, and bytes that mean nothing: memory and processor stay bounded, and everybody else plays on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type App, until } from './apps.js';
import {
  type AttackedSwarm,
  calmOf,
  expectBounded,
  expectUnharmed,
  sentAway,
  startAttackedSwarm,
  usageOf,
} from './attacked-swarm.js';
import { startRecorder } from './recorders.js';

/** A swarm at rest, and both that are attacked in it. */
async function start() {
  const swarm = await startAttackedSwarm({
    seconds: 100,
    stuffing: 3,
    source: ['--piece-length', '16k'],
    viewers: ['--lag', '2s'],
  });
  const { victim, victimPort, source, sourcePort } = swarm;
  const targets = [
    { app: victim.app, port: victimPort, calm: await calmOf(victim.app) },
    { app: source, port: sourcePort, calm: await calmOf(source) },
  ];
  return { swarm, targets };
}

async function expectOthersKept({ source, other }: AttackedSwarm): Promise<void> {
  expect(sentAway(other.app)).toEqual([]);
  await until('viewers and the spy are all that is left', () => source.stats().peers === 3);
}

test('malformed, oversized and truncated messages and hostile bencode close who sent them, with a reason', async () => {
  const { swarm, targets } = await start();
  const { attack } = swarm;
  for (const { app, port, calm } of targets) {
    // From the address that everybody on this machine has, so that each is judged for itself.
    const malformed = await attack<Record<string, string>>('malformed', { port, from: '127.0.0.1' });
    expect(Object.keys(malformed).length).toBeGreaterThan(25);
    expect(Object.entries(malformed).filter(([, reason]) => reason !== 'malformed')).toEqual([]);
    const strange = await attack<Record<string, string>>('strange', { port, from: '127.0.0.1' });
    expect(Object.entries(strange).filter(([, end]) => end !== 'closed')).toEqual([]);
    // A line that breaks off is nobody's fault.
    const before = sentAway(app).length;
    await attack('truncated', { port, from: '127.0.4.1' });
    expect(await attack('knock', { port, from: '127.0.4.1' })).toBe('let in');
    expect(sentAway(app)).toHaveLength(before);
    expect(new Set(sentAway(app).map(({ reason }) => reason))).toEqual(new Set(['malformed']));
    expectBounded(app, calm);
  }
  await expectOthersKept(swarm);
  await expectUnharmed(swarm);
});

const ENDLESS = [
  'requests that nothing allowed',
  'keep-alives',
  'haves',
  'wants',
  'starts',
  'bitmaps',
  'certificates that are known',
  'handshakes that came before',
];

test('whoever says one thing without end is closed for it, and kept out', async () => {
  const { swarm, targets } = await start();
  const { attack } = swarm;
  for (const { app, port, calm } of targets) {
    const addresses = ENDLESS.map((_what, i) => `127.0.5.${i + 1}`);
    for (const [i, what] of ENDLESS.entries()) {
      const from = addresses[i] as string;
      const ending = await attack<{ reason: string; peerId: string }>('endless', { port, from, what, ms: 20_000 });
      expect([what, ending.reason]).toEqual([what, 'flood']);
      expect(await attack('knock', { port, from, peerId: ending.peerId })).toBe('kept out');
      await sleep(1000);
    }
    expect(sentAway(app)).toEqual(addresses.map((address) => ({ whom: 'a neighbour', address, reason: 'flood' })));
    expectBounded(app, calm);
  }
  await expectOthersKept(swarm);
  await expectUnharmed(swarm);
});

const HALF_OPEN = [
  'no byte',
  'half a handshake',
  'a handshake and no more',
  'a handshake byte by byte',
  'a web request byte by byte',
];
const SLOW = ['a neighbour that says nothing', 'a neighbour that speaks byte by byte'];

test('half-open and slow connections by the hundred take neither the places nor the time of others', async () => {
  const { swarm, targets } = await start();
  const { attack, source, victim, folder, tstream } = swarm;
  const files = targets.map(({ calm }) => calm.usage.openFiles);
  let host = 0;
  for (const kind of [...HALF_OPEN, ...SLOW]) {
    for (const { port } of targets) await attack('gather', { kind, count: 150, port, from: `127.0.6.${++host}` });
  }
  // One address has 64 half-open connections at most, and a quarter of the neighbours.
  const most = HALF_OPEN.length * 64 + SLOW.length * 12;
  for (const [i, { app }] of targets.entries()) {
    expect(usageOf(app).openFiles - (files[i] as number)).toBeLessThanOrEqual(most + 8);
  }
  const peersOf = (app: App) => Number(app.stats().peers);
  await until('slow ones are neighbours', () => peersOf(source) > 12);
  expect(peersOf(source)).toBeLessThanOrEqual(3 + SLOW.length * 12);

  // There is room for who comes now, and it plays at once.
  const late = startRecorder(tstream, folder, 'late', ['--host', '127.0.0.1', '--lag', '2s']);
  const { startupMs } = await late.app.event('playing', 15_000);
  expect(startupMs).toBeLessThan(5000);
  await until('it has neighbours', () => peersOf(late.app) >= 2);

  // Half-open ones have ten seconds, and who looks after them looks every two.
  const slowMost = targets.length * SLOW.length * 12;
  const left = () => attack<number>('crowdSize');
  await until('no half-open one is left', async () => (await left()) <= slowMost, 20_000);
  for (const { app, calm } of targets) expectBounded(app, calm);
  for (const { app } of [victim, swarm.other, late]) expect(sentAway(app)).toEqual([]);
  expect(sentAway(source)).toEqual([]);

  await attack('disperse');
  await until('viewers and the spy are all that is left', () => peersOf(source) === 4 && peersOf(victim.app) === 3);
  for (const [i, { app }] of targets.entries()) {
    expect(usageOf(app).openFiles - (files[i] as number)).toBeLessThanOrEqual(8);
  }
  await expectUnharmed(swarm, [late]);
});
