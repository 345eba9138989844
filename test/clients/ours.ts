/** Our own apps on demand: a source that makes a torrent and serves it, and a peer that downloads. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE_CLI, startApp, startPeer, temporaryFolder } from '../e2e/apps.js';

/** Makes a torrent of a file or folder and serves it. */
export async function startVod(path: string, pieceLength: number, ...args: readonly string[]) {
  const out = join(temporaryFolder(), 'ours.torrent');
  // What is in it is noise: nobody can tell how long it lasts.
  const lasts = statSync(path).isFile() ? ['--duration', '4:15'] : [];
  const pieces = ['--piece-length', `${pieceLength / 1024}k`];
  const words = ['vod', path, '--out', out, ...lasts, ...pieces, ...LOOPBACK, '--port', '0', ...args];
  const app = startApp(SOURCE_CLI, [...words, '--json']);
  const ready = await app.event('ready');
  const port = ready.port as number;
  return {
    app,
    torrent: ready.torrent as string,
    infohash: ready.infohash as string,
    magnet: ready.magnet as string,
    port,
    tracker: `http://127.0.0.1:${port}/announce`,
  };
}

/** Starts `tstream-peer download`, which hears of nobody but whom the arguments name. */
export function startDownload(source: string, folder: string, ...args: readonly string[]) {
  const app = startPeer(['download', source, '--out', folder, ...LOOPBACK, ...args]);
  return {
    name: 'ours',
    app,
    child: app.child,
    whole: async () => void (await app.event('complete', WHOLE_MS_MAX)),
    heldBytes: async () => app.stats()['bytesHeld'] ?? 0,
    sentBytes: async () => app.stats()['upBytes'] ?? 0,
    end: async () => void (await app.stop('SIGKILL')),
  };
}

const LOOPBACK = ['--host', '127.0.0.1'] as const;
const WHOLE_MS_MAX = 90_000;
