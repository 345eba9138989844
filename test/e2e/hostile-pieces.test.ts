/** Altered blocks, from a process of its own: no byte of them reaches a reader, a disk or another peer. */
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from './apps.js';
import { expectUnharmed, sentAway, startAttackedSwarm } from './attacked-swarm.js';
import { startRecorder } from './recorders.js';

const MARKER = 'ALTERED BLOCK OF A HOSTILE PEER ';
const PIECE_LENGTH = 32 * 1024;

interface Lie {
  readonly reason: string;
  readonly lies: number;
}

/** What a process keeps in its file of older pieces, which has no name any more. */
function disk(pid: number): Buffer {
  const files = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  const file = files.find((path) => linkOf(path).endsWith('/pieces (deleted)'));
  return file === undefined ? Buffer.alloc(0) : readFileSync(file);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Pieces in such a file, cut off at the zeros that were never written. */
function piecesIn(file: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < file.length; at += PIECE_LENGTH) {
    const slot = file.subarray(at, at + PIECE_LENGTH);
    let length = slot.length;
    while (length > 0 && slot[length - 1] === 0) length -= 1;
    if (length > 0) pieces.push(slot.subarray(0, length));
  }
  return pieces;
}

test('an altered block closes and bans who sent it, and reaches no reader, no disk and no other peer', async () => {
  const swarm = await startAttackedSwarm({
    seconds: 90,
    stuffing: 13,
    source: ['--piece-length', '32k'],
    viewers: ['--lag', '2s'],
    chain: true,
  });
  const { folder, tstream, attack, input, victim, victimPort, other, source } = swarm;
  mkdirSync(join(folder, 'disk'));
  // Keeps little in memory of what it plays, as all of them do: what is older than that is on its disk.
  const behind = startRecorder(tstream, folder, 'behind', [
    '--no-discovery',
    '--peer',
    `127.0.0.1:${victimPort}`,
    '--host',
    '127.0.0.1',
    '--lag',
    '2s',
    '--disk',
    join(folder, 'disk'),
  ]);
  await behind.app.event('playing');

  const liars = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6', '127.0.0.7'];
  for (const [i, from] of liars.entries()) {
    // Other bytes, and the true ones but for one bit.
    const lie = await attack<Lie>('alteredBlock', {
      port: victimPort,
      from,
      ...(i % 2 === 0 ? { marker: MARKER } : {}),
    });
    expect(lie).toMatchObject({ reason: 'bad-block' });
    expect(lie.lies).toBeGreaterThan(0);
  }

  const pid = (recorder: typeof victim) => recorder.app.child.pid as number;
  await until(
    'older pieces are on the disks',
    () => [victim, behind].every((one) => piecesIn(disk(pid(one))).length > 40),
    60_000,
  );
  for (const recorder of [victim, behind]) {
    const file = disk(pid(recorder));
    expect(file.includes(MARKER)).toBe(false);
    const strange = piecesIn(file).filter((piece) => {
      const at = input.indexOf(piece.subarray(0, 1000));
      return at < 0 || !input.subarray(at, at + piece.length).equals(piece);
    });
    expect(strange).toEqual([]);
  }

  expect(sentAway(victim.app)).toEqual(liars.map((address) => ({ whom: 'a neighbour', address, reason: 'bad-block' })));
  const counted = { piecesRejected: liars.length, peersBanned: liars.length };
  expect(victim.app.stats()).toMatchObject(counted);
  for (const app of [other.app, behind.app, source]) {
    expect(sentAway(app)).toEqual([]);
    expect(app.stats().peersBanned).toBe(0);
  }
  for (const app of [other.app, behind.app]) expect(app.stats().piecesRejected).toBe(0);
  await expectUnharmed(swarm, [behind]);
});
