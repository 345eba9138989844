// The clients that are compared, each with a way to seed a file that is there and a way to download it.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { aria2Command, aria2Figures, libtorrentCommand } from '../../test/clients/commands.mjs';
import { freePort } from '../../test/clients/tracker.mjs';
import { startProgram } from '../common/apps.mjs';

/**
 * @typedef {object} Torrent
 * @property {string} file - The .torrent file.
 * @property {string} folder - Where the content is.
 */

/**
 * @typedef {object} Seeder
 * @property {import('node:child_process').ChildProcess} child
 * @property {number} port
 */

/**
 * @typedef {object} Client
 * @property {NodeJS.Signals} endsBy - SIGKILL, unless what it says that it has may not be in the file yet.
 * @property {(torrent: Torrent, tracker: string) => Promise<Seeder>} seed - Has looked at the content when it resolves.
 * @property {(torrent: Torrent, seeder: Seeder, folder: string, tracker: string) => Promise<{ child: import('node:child_process').ChildProcess, whole: Promise<unknown> }>} download -
 *   Resolves as soon as it is started.
 */

/** @type {Readonly<Record<'ours' | 'libtorrent' | 'aria2' | 'WebTorrent', Client>>} */
export const CLIENTS = {
  ours: {
    endsBy: 'SIGKILL',
    async seed({ file, folder }) {
      const { child, first } = startOurs(['seed', file, '--dir', folder, '--host', '127.0.0.1', '--no-discovery']);
      return { child, port: (await first('ready')).peerPort };
    },
    async download({ file }, { port }, folder) {
      const peer = ['--peer', `127.0.0.1:${port}`, '--no-discovery'];
      const { child, first } = startOurs(['download', file, '--out', folder, '--host', '127.0.0.1', ...peer]);
      return { child, whole: first('complete') };
    },
  },
  libtorrent: {
    endsBy: 'SIGKILL',
    async seed({ file, folder }) {
      const { child, first } = startProgram(...libtorrentCommand('run', file, folder));
      await first('whole');
      return { child, port: (await first('ready')).port };
    },
    async download({ file }, { port }, folder) {
      const { child, first } = startProgram(...libtorrentCommand('run', file, folder, '--peer', `127.0.0.1:${port}`));
      return { child, whole: first('whole') };
    },
  },
  aria2: {
    endsBy: 'SIGTERM',
    async seed({ file, folder }, tracker) {
      const { child, port, whole } = await startAria2(file, folder, tracker);
      await whole;
      return { child, port };
    },
    async download({ file }, _seeder, folder, tracker) {
      return await startAria2(file, folder, tracker);
    },
  },
  WebTorrent: {
    endsBy: 'SIGTERM',
    async seed({ file, folder }) {
      const { child, first } = startWebTorrent(file, folder);
      await first('whole');
      return { child, port: (await first('ready')).port };
    },
    async download({ file }, { port }, folder) {
      const { child, first } = startWebTorrent(file, folder, `127.0.0.1:${port}`);
      return { child, whole: first('whole') };
    },
  },
};

/** @param {string[]} args */
function startOurs(args) {
  const cli = fileURLToPath(new URL('../../apps/node-peer/dist/cli.js', import.meta.url));
  return startProgram(process.execPath, [...profiling(), cli, ...args, '--json']);
}

/** @param {string[]} args */
function startWebTorrent(...args) {
  return startProgram(process.execPath, [fileURLToPath(new URL('webtorrent.mjs', import.meta.url)), ...args]);
}

/**
 * @param {string} torrent
 * @param {string} folder
 * @param {string} tracker
 */
async function startAria2(torrent, folder, tracker) {
  const [port, rpcPort] = [await freePort(), await freePort()];
  const { child } = startProgram(...aria2Command({ torrent, folder, tracker, port, rpcPort }));
  return { child, port, whole: aria2Whole(rpcPort) };
}

/** @param {number} rpcPort */
async function aria2Whole(rpcPort) {
  for (;;) {
    const figures = await aria2Figures(rpcPort);
    if (figures && figures.wantedBytes > 0 && figures.heldBytes === figures.wantedBytes) return;
    await sleep(ARIA2_POLL_MS);
  }
}

/** With TSTREAM_PROFILE=FOLDER, our own processes write there where their time goes. */
function profiling() {
  const folder = process.env['TSTREAM_PROFILE'];
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

const ARIA2_POLL_MS = 50;
