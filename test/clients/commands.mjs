// Other people's BitTorrent clients as programs on loopback, for tests and benchmarks: how to start them.
import { fileURLToPath } from 'node:url';
import { programPath } from '../../scripts/programs.mjs';

const LIBTORRENT_CLIENT = fileURLToPath(new URL('libtorrent-client.py', import.meta.url));

/** @typedef {readonly [program: string, args: readonly string[]]} Command */

/**
 * @param {readonly string[]} args - As libtorrent-client.py says.
 * @returns {Command}
 */
export function libtorrentCommand(...args) {
  return [/** @type {string} */ (programPath('python3 libtorrent')), [LIBTORRENT_CLIENT, ...args]];
}

/**
 * aria2 finds peers through a tracker only, and says how far it is over RPC only.
 * @param {{ torrent: string, folder: string, tracker: string, port: number, rpcPort: number, uploadBytesPerSecond?: number, args?: readonly string[] }} options
 * @returns {Command}
 */
export function aria2Command({ torrent, folder, tracker, port, rpcPort, uploadBytesPerSecond = 0, args = [] }) {
  const settings = {
    'no-conf': true,
    dir: folder,
    'bt-tracker': tracker,
    'bt-tracker-interval': 1,
    'listen-port': port,
    'enable-rpc': true,
    'rpc-listen-port': rpcPort,
    'enable-dht': false,
    'enable-dht6': false,
    'bt-enable-lpd': false,
    'enable-peer-exchange': true,
    'bt-external-ip': '127.0.0.1',
    // A whole one serves until it is ended.
    'seed-ratio': '0.0',
    'check-integrity': true,
    'allow-overwrite': true,
    'file-allocation': 'none',
    'max-upload-limit': uploadBytesPerSecond,
    'summary-interval': 0,
    'console-log-level': 'warn',
    'stop-with-process': process.pid,
  };
  const words = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  return [/** @type {string} */ (programPath('aria2c')), [...words, ...args, torrent]];
}

/**
 * What aria2 says of its only download.
 * @param {number} rpcPort
 * @returns {Promise<{ heldBytes: number, wantedBytes: number, upBytes: number, peers: number } | undefined>} Undefined
 *   while it doesn't answer yet.
 */
export async function aria2Figures(rpcPort) {
  const question = JSON.stringify({ jsonrpc: '2.0', id: '1', method: 'aria2.tellActive', params: [] });
  try {
    const answer = await fetch(`http://127.0.0.1:${rpcPort}/jsonrpc`, { method: 'POST', body: question });
    const download = /** @type {any} */ (await answer.json()).result[0];
    return {
      heldBytes: Number(download.completedLength),
      wantedBytes: Number(download.totalLength),
      upBytes: Number(download.uploadLength),
      peers: Number(download.connections),
    };
  } catch {
    return undefined;
  }
}
