// How soon, how late and at what cost: one broadcaster and 1, 5, 20 viewers as processes on loopback.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endApp, startApp } from '../common/apps.mjs';
import { makeClip } from '../common/clip.mjs';
import { cpuSeconds, residentMiB } from '../common/processes.mjs';
import { quantile } from '../common/statistics.mjs';

const CROWDS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 5, 20];
const MEASURE_MS = 20_000;
const SETTLE_MS = 5000;
/** Each start of a process costs half a second of one processor. */
const JOIN_EVERY_MS = 1500;
const BITS_PER_SECOND = 2_000_000;

const folder = mkdtempSync(join(tmpdir(), 'tstream-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

const clip = makeClip(join(folder, 'clip.ts'), BITS_PER_SECOND);
console.log(
  `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${BITS_PER_SECOND / 1e6} Mbit/s H.264 + AAC\n`,
);
console.log(
  '| viewers | start-up p50 / p95 ms | latency p50 / p95 ms | source sends × bitrate | stalls | drops | CPU per viewer and Mbit/s | source CPU | memory per viewer MiB |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
for (const crowd of CROWDS) console.log(await measure(crowd));
process.exit(0);

/** @param {number} crowd */
async function measure(crowd) {
  const out = mkdtempSync(join(folder, 'run-'));
  const source = startApp('apps/source/dist/cli.js', [
    'live',
    clip,
    '--loop',
    '--name',
    'bench',
    '--out',
    out,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--json',
  ]);
  const { tstream } = await source.ready;
  await sleep(2000);
  const viewers = [];
  for (let i = 0; i < crowd; i++) {
    viewers.push(
      startApp('apps/node-peer/dist/cli.js', ['watch', tstream, '--host', '127.0.0.1', '--max-disk', '64M', '--json']),
    );
    await sleep(JOIN_EVERY_MS);
  }
  const startups = await Promise.all(viewers.map(({ playing }) => playing.then(({ startupMs }) => startupMs)));
  await sleep(SETTLE_MS);
  const all = [source, ...viewers];
  const before = all.map(({ child, stats }) => ({ cpuS: cpuSeconds(child.pid), ...stats.at(-1) }));
  const latencies = [];
  for (let i = 0; i < MEASURE_MS / 1000; i++) {
    await sleep(1000);
    latencies.push(...viewers.map(({ stats }) => stats.at(-1).latencyMs));
  }
  const after = all.map(({ child, stats }) => ({
    cpuS: cpuSeconds(child.pid),
    rssMiB: residentMiB(child.pid),
    ...stats.at(-1),
  }));
  const rise = (/** @type {number} */ i, /** @type {string} */ key) => after[i][key] - before[i][key];
  const indices = viewers.map((_, i) => i + 1);
  const mbits = (rise(0, 'inBytes') * 8) / 1e6 / (MEASURE_MS / 1000);
  const perViewer = indices.map((i) => rise(i, 'cpuS') / (MEASURE_MS / 1000) / mbits);
  const sum = (/** @type {string} */ key) => indices.reduce((total, i) => total + rise(i, key), 0);
  await Promise.all(all.map((app) => endApp(app)));
  return [
    '',
    ` ${crowd} `,
    ` ${quantile(startups, 0.5)} / ${quantile(startups, 0.95)} `,
    ` ${quantile(latencies, 0.5)} / ${quantile(latencies, 0.95)} `,
    ` ${(rise(0, 'upBytes') / rise(0, 'inBytes')).toFixed(2)} `,
    ` ${sum('stalls')} `,
    ` ${sum('piecesDropped')} `,
    ` ${(100 * quantile(perViewer, 0.5)).toFixed(1)} % `,
    ` ${((100 * rise(0, 'cpuS')) / (MEASURE_MS / 1000)).toFixed(1)} % `,
    ` ${quantile(
      indices.map((i) => after[i].rssMiB),
      0.5,
    ).toFixed(0)} `,
    '',
  ].join('|');
}
