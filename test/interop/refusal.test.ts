import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startAria2 } from '../clients/clients.js';
import { type App, type AppStats, startPeer, startSource, temporaryFolder, until } from '../e2e/apps.js';
import { needs, pathOf } from '../needs.js';

const run = promisify(execFile);

/** What a client that speaks BitTorrent but knows nothing of live streams makes of one, and what that does to the stream. */
describe('a live .tstream in a client that knows no live streams', () => {
  test('libtorrent refuses the file', needs('python3 libtorrent'), async () => {
    const { tstream } = await broadcast();
    const script =
      'import sys, libtorrent as lt\ntry:\n lt.torrent_info(sys.argv[1])\nexcept Exception as e:\n print("refused:", e)\nelse:\n print("taken")';
    const { stdout } = await run(pathOf('python3 libtorrent'), ['-c', script, tstream]);
    expect(stdout).toMatch(/^refused: /);
  });

  test(
    'libtorrent that joins by infohash gets nothing, is left alone, and the stream plays on',
    needs('python3 libtorrent'),
    async () => {
      const { source, viewer, infohash, port } = await broadcast();
      const script = [
        'import sys, time, libtorrent as lt',
        's = lt.session({"listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False})',
        'p = lt.parse_magnet_uri("magnet:?xt=urn:btih:" + sys.argv[1])',
        'p.save_path = sys.argv[3]',
        'h = s.add_torrent(p)',
        'h.connect_peer(("127.0.0.1", int(sys.argv[2])))',
        'time.sleep(6)',
        'print("metadata" if h.status().has_metadata else "no metadata")',
      ].join('\n');
      const before = viewer.stats();
      const { stdout } = await run(pathOf('python3 libtorrent'), [
        '-c',
        script,
        infohash,
        String(port),
        temporaryFolder(),
      ]);
      expect(stdout.trim()).toBe('no metadata');
      await expectUnharmed(source, viewer, before);
    },
  );

  test('aria2 refuses the file', needs('aria2c'), async () => {
    const { tstream } = await broadcast();
    const folder = temporaryFolder();
    const args = [
      '--dir',
      folder,
      '--enable-dht=false',
      '--bt-enable-lpd=false',
      '--bt-stop-timeout=5',
      '--seed-time=0',
      tstream,
    ];
    const outcome = await run(pathOf('aria2c'), args, { timeout: 30_000 }).then(
      () => 'downloaded',
      (error: { code?: number | null }) => (typeof error.code === 'number' ? 'refused' : 'hung'),
    );
    expect(outcome).toBe('refused');
  });

  test('aria2 that joins by infohash gets nothing, and the stream plays on', needs('aria2c'), async () => {
    const { source, viewer, infohash, port } = await broadcast();
    const folder = temporaryFolder();
    const before = viewer.stats();
    const tracker = `http://127.0.0.1:${port}/announce`;
    const magnet = `magnet:?xt=urn:btih:${infohash}&tr=${encodeURIComponent(tracker)}`;
    const aria2 = await startAria2(magnet, folder, tracker, { args: ['--console-log-level=info'] });
    await until('the source has answered', () => aria2.said().includes(`From: 127.0.0.1:${port} handshake`));
    await sleep(6000);
    expect(aria2.child.exitCode).toBe(null);
    await aria2.end();
    expect(readdirSync(folder)).toEqual([]);
    await expectUnharmed(source, viewer, before);
  });
});

/** The stream goes on, without a gap, and nobody was sent away for good. */
async function expectUnharmed(source: App, viewer: App, before: AppStats): Promise<void> {
  await sleep(1500);
  expect(viewer.stats().playSeq).toBeGreaterThan(before.playSeq ?? 0);
  expect(viewer.stats().piecesDropped).toBe(before.piecesDropped);
  expect(source.stats().peersBanned).toBe(0);
}

async function broadcast() {
  const folder = temporaryFolder();
  const source = startSource(['--out', folder, '--name', 'clip', '--host', '127.0.0.1', '--port', '0']);
  const ready = await source.event('ready');
  const viewer = startPeer(['watch', join(folder, 'clip.tstream'), '--host', '127.0.0.1', '--max-disk', '0']);
  await viewer.event('playing');
  await viewer.event('stats');
  return {
    source,
    viewer,
    tstream: ready.tstream as string,
    infohash: ready.infohash as string,
    port: ready.port as number,
  };
}
