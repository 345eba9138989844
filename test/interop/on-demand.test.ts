import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTorrent, openTracker, startAria2, startLibtorrent } from '../clients/clients.js';
import { expectSame, placed, writeFilm, writeSeries } from '../clients/films.js';
import { fetchByLibrary, lookByLibrary, serveByLibrary } from '../clients/library-wire.js';
import { startDownload, startVod } from '../clients/ours.js';
import { startRangeServer } from '../clients/range-server.js';
import { temporaryFolder } from '../e2e/apps.js';
import { needs } from '../needs.js';

describe.each([
  ['a file of 64 MiB', writeFilm],
  ['a folder of five files', writeSeries],
])('%s', needs('python3 libtorrent', 'aria2c'), (_what, write) => {
  test('has the infohash that libtorrent gives it', async () => {
    const { original, infohash } = await referred(write);
    const source = await startVod(original.path, PIECE_LENGTH);
    expect(source.infohash).toBe(infohash);
  });

  test('goes from our source to libtorrent', async () => {
    const original = placed(write);
    const folder = temporaryFolder();
    const source = await startVod(original.path, PIECE_LENGTH);
    const libtorrent = await startLibtorrent(source.torrent, folder, '--peer', `127.0.0.1:${source.port}`);
    await libtorrent.whole();
    expectSame(join(folder, original.name), original.path);
  });

  test('goes from our source to aria2, which asks our tracker', async () => {
    const original = placed(write);
    const folder = temporaryFolder();
    const source = await startVod(original.path, PIECE_LENGTH);
    const aria2 = await startAria2(source.torrent, folder, source.tracker);
    await aria2.whole();
    await aria2.end();
    expectSame(join(folder, original.name), original.path);
  });

  test('goes from libtorrent to our download', async () => {
    const { original, torrent } = await referred(write);
    const folder = temporaryFolder();
    const seeder = await startLibtorrent(torrent, original.parent, '--whole');
    const leecher = startDownload(torrent, folder, '--no-discovery', '--peer', `127.0.0.1:${seeder.port}`);
    await leecher.whole();
    expect(await leecher.app.ended).toBe(0);
    expectSame(join(folder, original.name), original.path);
  });

  test('goes from aria2 to our download', async () => {
    const { original, torrent } = await referred(write);
    const folder = temporaryFolder();
    const tracker = await openTracker();
    const seeder = await startAria2(torrent, original.parent, tracker.url);
    await seeder.whole();
    const leecher = startDownload(torrent, folder, '--no-discovery', '--peer', `127.0.0.1:${seeder.port}`);
    await leecher.whole();
    expect(await leecher.app.ended).toBe(0);
    expectSame(join(folder, original.name), original.path);
  });

  test('goes by a magnet link from libtorrent to our download', async () => {
    const { original, torrent, infohash } = await referred(write);
    const folder = temporaryFolder();
    const seeder = await startLibtorrent(torrent, original.parent, '--whole');
    const magnet = `magnet:?xt=urn:btih:${infohash}&x.pe=127.0.0.1:${seeder.port}`;
    const leecher = startDownload(magnet, folder, '--no-discovery');
    await leecher.whole();
    expectSame(join(folder, original.name), original.path);
  });

  test('goes by our magnet link to libtorrent', async () => {
    const original = placed(write);
    const folder = temporaryFolder();
    const source = await startVod(original.path, PIECE_LENGTH);
    const libtorrent = await startLibtorrent(source.magnet, folder, '--peer', `127.0.0.1:${source.port}`);
    await libtorrent.whole();
    expect(libtorrent.app.events.map(({ event }) => event)).toContain('metadata');
    expectSame(join(folder, original.name), original.path);
  });

  test('comes from an HTTP server alone', async () => {
    const original = placed(write);
    const folder = temporaryFolder();
    const server = await startRangeServer(original.parent);
    // BEP 19: of a folder, where the folder is.
    const url = write === writeFilm ? `${server.url}${original.name}` : server.url;
    const torrent = join(temporaryFolder(), 'web.torrent');
    await makeTorrent(original.path, PIECE_LENGTH, torrent, '--webseed', url);
    const leecher = startDownload(torrent, folder, '--no-discovery');
    await leecher.whole();
    expectSame(join(folder, original.name), original.path);
  });
});

describe.each([false, true])(
  'the library bittorrent-protocol, fast extension: %s',
  needs('python3 libtorrent'),
  (fast) => {
    test('fetches from our source', async () => {
      const original = placed(writeFilm);
      const content = readFileSync(original.path);
      const source = await startVod(original.path, PIECE_LENGTH);
      const infohash = Buffer.from(source.infohash, 'hex');
      const shared = { infohash, pieceLength: PIECE_LENGTH, lengthBytes: content.length, fast };
      expect(content.equals(await fetchByLibrary(shared, source.port))).toBe(true);
    });

    test('is shown the first pieces alone by our source while another one sees all', async () => {
      const original = placed(writeFilm);
      const lengthBytes = readFileSync(original.path).length;
      const source = await startVod(original.path, PIECE_LENGTH);
      const infohash = Buffer.from(source.infohash, 'hex');
      const shared = { infohash, pieceLength: PIECE_LENGTH, lengthBytes, fast };
      const first = await lookByLibrary(shared, source.port);
      const second = await lookByLibrary(shared, source.port);
      await expect.poll(() => second).toEqual([0, 1, 2, 3]);
      expect(first).toHaveLength(Math.ceil(lengthBytes / PIECE_LENGTH));
    });

    test('serves our download', async () => {
      const { original, torrent, infohash } = await referred(writeFilm);
      const content = readFileSync(original.path);
      const folder = temporaryFolder();
      const shared = {
        infohash: Buffer.from(infohash, 'hex'),
        pieceLength: PIECE_LENGTH,
        lengthBytes: content.length,
        fast,
      };
      const port = await serveByLibrary(shared, content);
      const leecher = startDownload(torrent, folder, '--no-discovery', '--peer', `127.0.0.1:${port}`);
      await leecher.whole();
      expectSame(join(folder, original.name), original.path);
    });
  },
);

/** A torrent that libtorrent made. */
async function referred(write: (parent: string) => string) {
  const original = placed(write);
  const torrent = join(temporaryFolder(), 'reference.torrent');
  return { original, torrent, infohash: await makeTorrent(original.path, PIECE_LENGTH, torrent) };
}

const PIECE_LENGTH = 2 ** 18;
