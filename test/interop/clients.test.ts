import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTorrent, openTracker, startAria2, startLibtorrent } from '../clients/clients.js';
import { expectSame, placed, writeFilm, writeSeries } from '../clients/films.js';
import { fetchByLibrary, serveByLibrary } from '../clients/library-wire.js';
import { temporaryFolder } from '../e2e/apps.js';
import { needs } from '../needs.js';

/** That the other clients work as they are started here: what fails with one of ours is then ours. */
describe.each([
  ['a file of 64 MiB', writeFilm],
  ['a folder of five files', writeSeries],
])('%s', needs('python3 libtorrent', 'aria2c'), (_what, write) => {
  test('goes from libtorrent to aria2', async () => {
    const { original, torrent, folder } = await given(write);
    const tracker = await openTracker();
    await startLibtorrent(torrent, original.parent, '--whole', '--tracker', tracker.url);
    const aria2 = await startAria2(torrent, folder, tracker.url);
    await aria2.whole();
    await aria2.end();
    expectSame(join(folder, original.name), original.path);
  });

  test('goes from aria2 to libtorrent', async () => {
    const { original, torrent, folder } = await given(write);
    const tracker = await openTracker();
    const aria2 = await startAria2(torrent, original.parent, tracker.url);
    await aria2.whole();
    const libtorrent = await startLibtorrent(torrent, folder, '--peer', `127.0.0.1:${aria2.port}`);
    await libtorrent.whole();
    expectSame(join(folder, original.name), original.path);
    expect(await aria2.sentBytes()).toBeGreaterThan(0);
  });
});

describe.each([false, true])(
  'the library bittorrent-protocol, fast extension: %s',
  needs('python3 libtorrent'),
  (fast) => {
    test('fetches from libtorrent, and serves it', async () => {
      const { original, torrent, folder, infohash } = await given(writeFilm);
      const content = readFileSync(original.path);
      const shared = { infohash, pieceLength: PIECE_LENGTH, lengthBytes: content.length, fast };
      const seeder = await startLibtorrent(torrent, original.parent, '--whole');
      expect(content.equals(await fetchByLibrary(shared, seeder.port))).toBe(true);
      const port = await serveByLibrary(shared, content);
      const leecher = await startLibtorrent(torrent, folder, '--peer', `127.0.0.1:${port}`);
      await leecher.whole();
      expectSame(join(folder, original.name), original.path);
    });
  },
);

async function given(write: (parent: string) => string) {
  const original = placed(write);
  const torrent = join(temporaryFolder(), 'reference.torrent');
  const infohash = Buffer.from(await makeTorrent(original.path, PIECE_LENGTH, torrent), 'hex');
  return { original, torrent, infohash, folder: temporaryFolder() };
}

const PIECE_LENGTH = 2 ** 18;
