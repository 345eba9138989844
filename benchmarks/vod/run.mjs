// How long a download takes on loopback, and how much work it is for whom: our peer, libtorrent, aria2 and WebTorrent, in turns.
//   node benchmarks/vod/run.mjs [--size MIB] [--rounds N] [--pairs ours-ours,libtorrent-libtorrent,…]

import { spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { libtorrentCommand } from '../../test/clients/commands.mjs';
import { startTracker } from '../../test/clients/tracker.mjs';
import { endApp, startProgram } from '../common/apps.mjs';
import { cpuSeconds, residentMiB } from '../common/processes.mjs';
import { median } from '../common/statistics.mjs';
import { CLIENTS } from './clients.mjs';

const MEBIBYTE = 2 ** 20;
const PIECE_LENGTH = MEBIBYTE;
const PAIRS = [
  'ours-ours',
  'ours-libtorrent',
  'libtorrent-ours',
  'libtorrent-libtorrent',
  'aria2-aria2',
  'WebTorrent-WebTorrent',
];
const AIMS = [
  { of: 'ours-ours', to: 'libtorrent-libtorrent', most: 1.5 },
  { of: 'ours-ours', to: 'WebTorrent-WebTorrent', most: 0.5 },
];

/** @typedef {{ wallS: number, seederCpuS: number, leecherCpuS: number, leecherMiB: number }} Cost */

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '3' },
    pairs: { type: 'string', default: PAIRS.join(',') },
  },
});
const sizeBytes = Number(values.size) * MEBIBYTE;
const pairs = values.pairs.split(',');

// In memory where that is possible: a disk that is slow today says nothing of a client.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tstream-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const torrent = await makeTorrent();
/** @type {Map<string, Cost[]>} */
const costs = new Map(pairs.map((pair) => [pair, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [pair, list] of costs) list.push(await transfer(pair));
}
report();
process.exit(0);

async function makeTorrent() {
  const film = join(folder, 'film.mp4');
  writeNoise(film, sizeBytes);
  const file = join(folder, 'film.torrent');
  const { first, ...app } = startProgram(...libtorrentCommand('make', film, String(PIECE_LENGTH), file));
  await first('made');
  await endApp(app);
  return { file, folder, film };
}

/**
 * Seconds count from the start of the downloading process to its word that all is there; the processor's also from there.
 * @param {string} pair
 * @returns {Promise<Cost>}
 */
async function transfer(pair) {
  const [from, to] = pair.split('-').map((name) => CLIENTS[/** @type {keyof typeof CLIENTS} */ (name)]);
  if (!from || !to) throw new RangeError(`expected two of ${Object.keys(CLIENTS).join(', ')}, got ${pair}`);
  const out = mkdtempSync(join(folder, 'out-'));
  const tracker = await startTracker();
  const seeder = await from.seed(torrent, tracker.url);
  const seederCpuBeforeS = cpuSeconds(seeder.child.pid);
  const begunMs = performance.now();
  const leecher = await to.download(torrent, seeder, out, tracker.url);
  await leecher.whole;
  const wallS = (performance.now() - begunMs) / 1000;
  const cost = {
    wallS,
    seederCpuS: cpuSeconds(seeder.child.pid) - seederCpuBeforeS,
    leecherCpuS: cpuSeconds(leecher.child.pid),
    leecherMiB: residentMiB(leecher.child.pid),
  };
  // Whoever writes a profile does so at an orderly end.
  const signal = process.env['TSTREAM_PROFILE'] === undefined ? to.endsBy : 'SIGTERM';
  await Promise.all([endApp(leecher, signal), endApp(seeder, signal)]);
  tracker.close();
  const { status, stdout } = spawnSync('cmp', [torrent.film, join(out, 'film.mp4')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${pair}: not the same bytes: ${stdout}`);
  rmSync(out, { recursive: true });
  return cost;
}

function report() {
  const gibibytes = sizeBytes / 2 ** 30;
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${values.size} MiB in pieces of ${PIECE_LENGTH / MEBIBYTE} MiB`,
  );
  console.log(`median of ${values.rounds} rounds, per GiB; ratios: medians of the rounds' ratios\n`);
  console.log(
    '| seeder → leecher | s | CPU s, seeder | CPU s, leecher | leecher MiB | s, × libtorrent | s, × WebTorrent |',
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const [pair, list] of costs) {
    const shown = (/** @type {keyof Cost} */ key) => (median(list.map((cost) => cost[key])) / gibibytes).toFixed(2);
    const memory = median(list.map(({ leecherMiB }) => leecherMiB)).toFixed(0);
    const ratios = ['libtorrent-libtorrent', 'WebTorrent-WebTorrent'].map((to) => ratio(pair, to)?.toFixed(2) ?? '–');
    console.log(
      `| ${[pair.replace('-', ' → '), shown('wallS'), shown('seederCpuS'), shown('leecherCpuS'), memory, ...ratios].join(' | ')} |`,
    );
  }
  for (const { of, to, most } of AIMS) {
    const is = ratio(of, to);
    if (is !== undefined)
      console.log(`\n${of} ≤ ${most} × ${to} in seconds: ${is <= most ? 'met' : 'missed'} (${is.toFixed(2)})`);
  }
}

/**
 * @param {string} of
 * @param {string} to
 */
function ratio(of, to) {
  const [above, below] = [costs.get(of), costs.get(to)];
  return above && below && median(above.map(({ wallS }, round) => wallS / /** @type {Cost} */ (below[round]).wallS));
}

/**
 * Of no use to a compressor, and no block of it twice.
 * @param {string} path
 * @param {number} lengthBytes
 */
function writeNoise(path, lengthBytes) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  const zeros = Buffer.alloc(MEBIBYTE);
  const file = openSync(path, 'w');
  for (let at = 0; at < lengthBytes; at += MEBIBYTE) writeSync(file, cipher.update(zeros));
  closeSync(file);
}
