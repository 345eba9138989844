/** Downloading and seeding as people do it: from disks as they are, and stopped at any moment. */
import { readdirSync, truncateSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { expectSame, placed, writeFilm } from '../clients/films.js';
import { startDownload, startVod } from '../clients/ours.js';
import { PEER_CLI, startProgram, temporaryFolder, until } from './apps.js';
import { runApp, spawnApp } from './command.js';
import { needsSmallDisk, throughReadOnlyDisk } from './small-disk.js';

const FILM_BYTES = 3_000_000;
const placedFilm = () => placed((parent) => writeFilm(parent, 'film.mp4', FILM_BYTES));
const LOOPBACK = ['--host', '127.0.0.1'] as const;

/** A film, and its torrent. */
async function madeTorrent() {
  const film = placedFilm();
  const torrent = join(temporaryFolder(), 'film.torrent');
  const made = await runApp('tstream-source', ['vod', film.path, '--duration', '1:00', '--no-seed', '--out', torrent]);
  expect([made.end, made.errors]).toEqual([0, '']);
  return { film, torrent };
}

test('what lies on a disk that takes no writing is seeded', needsSmallDisk, async () => {
  const { film, torrent } = await madeTorrent();
  const [program, ...words] = throughReadOnlyDisk(temporaryFolder(), film.path);
  const folder = words.at(-2) as string;
  const args = ['seed', torrent, '--dir', folder, '--no-discovery', ...LOOPBACK, '--json'];
  const seeder = startProgram(program, [...words, process.execPath, PEER_CLI, ...args]);
  const { peerPort } = await seeder.event('ready');
  const copy = temporaryFolder();
  const leecher = startDownload(torrent, copy, '--no-discovery', '--peer', `127.0.0.1:${peerPort}`);
  await leecher.whole();
  expect(await leecher.app.ended).toBe(0);
  expectSame(join(copy, film.name), film.path);
  expect(seeder.errors()).toBe('tstream-peer: Checking what is there already.\n');
});

test('a download that is stopped before all is here ends with 130 and a line; the same command goes on', async () => {
  const film = placedFilm();
  const source = await startVod(film.path, 65_536, '--max-upload', '8M');
  const copy = temporaryFolder();
  const args = [source.torrent, copy, '--no-discovery', '--peer', `127.0.0.1:${source.port}`] as const;
  const first = startDownload(...args);
  await until('some of it is here', () => Number(first.app.stats()['bytesHeld']) > 0);
  expect(await first.app.stop('SIGINT')).toBe(130);
  expect(first.app.errors()).toBe('tstream-peer: not all of film.mp4 is here yet: the same command goes on\n');
  const second = startDownload(...args);
  await second.whole();
  expect(await second.app.ended).toBe(0);
  expectSame(join(copy, film.name), film.path);
});

test('those who download a private film find each other by its tracker, and serve each other', async () => {
  const film = placedFilm();
  const source = await startVod(film.path, 65_536, '--private', '--max-upload', '4M');
  const copies = [temporaryFolder(), temporaryFolder()];
  const downloads = copies.map((copy) => startDownload(source.torrent, copy, '--seed'));
  await Promise.all(downloads.map(({ whole }) => whole()));
  for (const copy of copies) expectSame(join(copy, film.name), film.path);
  for (const { app } of downloads) expect(app.stats()['peers']).toBe(2);
  const sent = await Promise.all(downloads.map(({ sentBytes }) => sentBytes()));
  expect(Math.max(...sent.map(Number))).toBeGreaterThan(FILM_BYTES / 10);
});

test('a viewer that is stopped while a server keeps it waiting ends at once, without a word', async () => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }) => asked.push(url)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await until('it listens', () => server.listening);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.torrent`;
  const { child, text } = spawnApp('tstream-peer', ['watch', url, ...LOOPBACK]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await until('it asks', () => asked.length > 0);
  child.kill('SIGINT');
  expect(await Promise.race([ended, sleep(3000, 'still there')])).toBe(130);
  expect(text).toEqual({ out: '', errors: '' });
});

test('hashing that is stopped ends with 130 and writes no torrent', async () => {
  const film = placedFilm();
  // Holes take no space, and as long to hash as anything: it is stopped long before the end.
  truncateSync(film.path, 8 * 2 ** 30);
  const folder = temporaryFolder();
  const args = [
    'vod',
    film.path,
    '--duration',
    '1:00',
    '--out',
    join(folder, 'film.torrent'),
    '--port',
    '0',
    ...LOOPBACK,
  ];
  const { child, text } = spawnApp('tstream-source', args);
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await until('it hashes', () => text.out.includes('Hashing'));
  child.kill('SIGTERM');
  expect(await ended).toBe(130);
  expect(text.errors).toBe('');
  expect(readdirSync(folder)).toEqual([]);
});
