import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTorrent, openTracker, startAria2, startLibtorrent } from '../clients/clients.js';
import { expectSame, LENGTH_BYTES, placed, writeFilm } from '../clients/films.js';
import { startDownload } from '../clients/ours.js';
import { temporaryFolder, until } from '../e2e/apps.js';
import { needs } from '../needs.js';

test('two of ours, two libtorrent and two aria2 share what a seeder gave once', {
  ...needs('python3 libtorrent', 'aria2c'),
  timeout: 240_000,
}, async () => {
  const original = placed(writeFilm);
  const torrent = join(temporaryFolder(), 'film.torrent');
  const tracker = await openTracker();
  await makeTorrent(original.path, PIECE_LENGTH, torrent, '--tracker', tracker.url);
  const seeder = await startLibtorrent(
    torrent,
    original.parent,
    '--whole',
    '--sparing',
    '--upload',
    `${SEEDER_BYTES_PER_SECOND}`,
  );
  const calls = ['--peer', `127.0.0.1:${seeder.port}`];
  const slowly = ['--upload', `${LEECHER_BYTES_PER_SECOND}`];
  const folders = Array.from({ length: 6 }, () => temporaryFolder()) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const leechers = [
    await startDownloader(folders[0]),
    await startDownloader(folders[1]),
    await startLibtorrent(torrent, folders[2], ...calls, ...slowly),
    await startLibtorrent(torrent, folders[3], ...calls, ...slowly),
    await startAria2(torrent, folders[4], tracker.url, { uploadBytesPerSecond: LEECHER_BYTES_PER_SECOND }),
    await startAria2(torrent, folders[5], tracker.url, { uploadBytesPerSecond: LEECHER_BYTES_PER_SECOND }),
  ];

  // Each piece is with somebody, and nobody has them all.
  await until('the seeder has given everything once', () => spread() === PIECES, 100_000);
  const heldBytes = await Promise.all(leechers.map((leecher) => leecher.heldBytes()));
  const sentBytes = await seeder.sentBytes();
  await seeder.end();
  expect(Math.max(...heldBytes)).toBeLessThan(LENGTH_BYTES);
  expect(sentBytes).toBeLessThan(2 * LENGTH_BYTES);

  await Promise.all(leechers.map((leecher) => leecher.whole()));
  for (const folder of folders) expectSame(join(folder, original.name), original.path);
  for (const { name, sentBytes } of leechers) expect(await sentBytes(), name).toBeGreaterThan(0);

  function spread() {
    return seeder.app.stats()['spreadPieces'];
  }
  async function startDownloader(folder: string) {
    const leecher = startDownload(
      torrent,
      folder,
      '--seed',
      '--max-upload',
      `${LEECHER_BYTES_PER_SECOND * 8}`,
      ...calls,
    );
    await leecher.app.event('ready');
    return leecher;
  }
});

const PIECE_LENGTH = 2 ** 18;
const PIECES = Math.ceil(LENGTH_BYTES / PIECE_LENGTH);
const SEEDER_BYTES_PER_SECOND = 12_000_000;
/** So slow that all of it is out before anybody has all. */
const LEECHER_BYTES_PER_SECOND = 4_000_000;
