/** Headers and certificates that aren't what they say, from a process of its own: who tells them is closed and kept out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLiveMetainfo, decodeMetainfo, type LiveMetainfo } from '../../packages/tstream-format/src/index.js';
import { until } from './apps.js';
import {
  type AttackedSwarm,
  calmOf,
  expectBounded,
  expectUnharmed,
  sentAway,
  startAttackedSwarm,
} from './attacked-swarm.js';

/** What is told, and the reason for which it is refused. */
const LIES: readonly (readonly [attack: string, options: Readonly<Record<string, unknown>>, reason: string])[] = [
  ['alteredHeader', { as: 'offer' }, 'bad-header'],
  ['alteredHeader', { as: 'edge' }, 'bad-header'],
  ['otherStream', { what: 'certificate' }, 'bad-certificate'],
  ['otherStream', { what: 'header' }, 'bad-header'],
  ['future', { ahead: 'time' }, 'future'],
  ['future', { ahead: 'pieces' }, 'future'],
  ['falseSource', {}, 'bad-certificate'],
  // Last: by now the first headers are out of the window.
  ['replay', {}, 'stale'],
];

/** The metainfo of another stream of the same broadcaster. */
function writeOther({ folder, tstream }: AttackedSwarm): string {
  const decoded = decodeMetainfo(readFileSync(tstream));
  const { pieceLength, ringPieces, windowPieces, streamKey } = (decoded as { value: LiveMetainfo }).value;
  const path = join(folder, 'other.tstream');
  writeFileSync(path, createLiveMetainfo({ name: 'other', pieceLength, ringPieces, windowPieces, streamKey }));
  return path;
}

interface Ending {
  readonly reason: string;
  readonly peerId: string;
}

test('altered, foreign, old and future headers close and ban who sends them, and nobody else', async () => {
  const swarm = await startAttackedSwarm({
    seconds: 90,
    stuffing: 3,
    source: ['--piece-length', '16k', '--window', '6s', '--ring', '24s'],
    viewers: ['--lag', '2s'],
  });
  const { attack, victim, victimPort, other, source, sourcePort } = swarm;
  const otherPath = writeOther(swarm);
  const calm = { victim: await calmOf(victim.app), source: await calmOf(source) };

  for (const [where, app, port] of [
    ['source', source, sourcePort],
    ['victim', victim.app, victimPort],
  ] as const) {
    const expected = [];
    for (const [i, [name, options, reason]] of LIES.entries()) {
      const from = `127.0.1.${i + 1}`;
      const ending = await attack<Ending>(name, { port, from, otherPath, ...options });
      expect([where, name, options, ending.reason]).toEqual([where, name, options, reason]);
      expected.push({ whom: 'a neighbour', address: from, reason });
      const knock = (options: object) => attack<string>('knock', { port, from, ...options });
      // The pair of address and peer id is kept out; neither of them alone is.
      expect(await knock({ peerId: ending.peerId })).toBe('kept out');
      expect(await knock({ peerId: ending.peerId, from: '127.0.0.9' })).toBe('let in');
      expect(await knock({})).toBe('let in');
    }
    expect(sentAway(app)).toEqual(expected);
    await until('all are counted', () => app.stats().peersBanned === LIES.length);
  }
  expect(victim.app.stats().piecesRejected).toBe(LIES.filter(([, , reason]) => reason !== 'bad-certificate').length);

  // From the third offence on the whole address is kept out, and no other.
  const [name, options, reason] = LIES[0] as (typeof LIES)[number];
  for (const port of [victimPort, sourcePort]) {
    const knock = (from: string) => attack<string>('knock', { port, from });
    for (let i = 0; i < 3; i++) {
      expect(await knock('127.0.2.1')).toBe('let in');
      expect(await attack<Ending>(name, { port, from: '127.0.2.1', ...options })).toMatchObject({ reason });
    }
    expect(await knock('127.0.2.1')).toBe('kept out');
    expect(await knock('127.0.2.2')).toBe('let in');
    // Everybody on this machine has 127.0.0.1.
    for (let i = 0; i < 4; i++) await attack<Ending>(name, { port, from: '127.0.0.1', ...options });
    expect(await knock('127.0.0.1')).toBe('let in');
  }
  for (const app of [victim.app, source]) {
    const everybody = sentAway(app).filter(({ whom }) => whom === 'everybody');
    expect(everybody).toEqual([{ whom: 'everybody', address: '127.0.2.1', reason }]);
  }

  expectBounded(victim.app, calm.victim);
  expectBounded(source, calm.source);
  expect(sentAway(other.app)).toEqual([]);
  // Viewers and the hostile process's own neighbour, which did nothing wrong.
  await until('they are all that is left', () => source.stats().peers === 3);
  await expectUnharmed(swarm);
});
