import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeTorrent, startLibtorrent } from '../clients/clients.js';
import { expectSame, LENGTH_BYTES, placed, writeFilm } from '../clients/films.js';
import { startDownload } from '../clients/ours.js';
import { needs } from '../needs.js';
import { temporaryFolder, until } from './apps.js';

/** SIGKILL leaves no time to write anything down. */
test(
  'a download that is killed twenty times has no wrong byte, and fetches hardly anything again',
  needs('python3 libtorrent'),
  async () => {
    const original = placed(writeFilm);
    const content = readFileSync(original.path);
    const torrent = join(temporaryFolder(), 'film.torrent');
    const folder = temporaryFolder();
    const copy = join(folder, original.name);
    await makeTorrent(original.path, PIECE_LENGTH, torrent);
    const args = ['--whole', '--upload', `${BYTES_PER_SECOND}`];
    const seeders = [
      await startLibtorrent(torrent, original.parent, ...args),
      await startLibtorrent(torrent, original.parent, ...args),
    ];
    const peers = seeders.flatMap(({ port }) => ['--peer', `127.0.0.1:${port}`]);
    const start = async () => {
      const leecher = startDownload(torrent, folder, '--no-discovery', ...peers);
      await leecher.app.event('ready');
      return leecher;
    };

    for (let kills = 0; kills < KILLS; kills++) {
      const leecher = await start();
      await sleep(Math.random() * LIFE_MS_MAX);
      await leecher.end();
      const rightBytes = rightPieces(copy, content) * PIECE_LENGTH;
      expect(rightBytes, 'not all of it yet').toBeLessThan(LENGTH_BYTES);
      const lostBytes = (await sentBytes()) - rightBytes;
      expect(lostBytes, `after ${kills + 1} kills`).toBeLessThanOrEqual((kills + 1) * LOST_BYTES_MAX);
    }
    // What the disk holds counts: nothing of it is fetched once more.
    const before = rightPieces(copy, content);
    const last = await start();
    await until('it has said what it holds', () => last.app.stats()['piecesHeld'] !== undefined);
    expect(last.app.stats()['piecesHeld']).toBeGreaterThanOrEqual(before);
    await last.whole();
    expect(await last.app.ended).toBe(0);
    expectSame(copy, original.path);
    expect((await sentBytes()) - LENGTH_BYTES).toBeLessThanOrEqual(KILLS * LOST_BYTES_MAX);

    async function sentBytes() {
      // What was under way is counted when the connection has ended.
      await until('the seeders have noticed', () => seeders.every(({ app }) => app.stats()['peers'] === 0));
      const sent = await Promise.all(seeders.map((seeder) => seeder.sentBytes()));
      return sent.reduce((sum, bytes) => sum + bytes, 0);
    }
  },
);

/** Pieces that a file holds, right to the last byte. */
function rightPieces(path: string, content: Buffer): number {
  const copy = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  let right = 0;
  for (let from = 0; from < content.length; from += PIECE_LENGTH) {
    const to = Math.min(from + PIECE_LENGTH, content.length);
    if (copy.length >= to && copy.compare(content, from, to, from, to) === 0) right++;
  }
  return right;
}

const PIECE_LENGTH = 2 ** 18;
const KILLS = 20;
/** Of each of two seeders: so slow that it is not all there after twenty lives. */
const BYTES_PER_SECOND = 1_500_000;
const LIFE_MS_MAX = 1500;
/** Two pieces for each of two connections. */
const LOST_BYTES_MAX = 2 * 2 * PIECE_LENGTH;
