// A scenario as processes: a broadcaster and its viewers, each in a namespace with a line of its own.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endApp, startApp } from '../common/apps.mjs';
import { makeClip } from '../common/clip.mjs';
import { median } from '../common/statistics.mjs';
import { createNetwork, sentBytes } from './network.mjs';

/** Lines are what limits uploads, as in the simulation. */
const NO_LIMIT = '1G';
const PORT = 8764;

/**
 * @param {import('@tstream/swarm-sim').Scenario} scenario
 * @param {string} folder - For what only this needs.
 */
export function preparedFor(scenario, folder) {
  const clip = makeClip(join(folder, 'clip.ts'), scenario.video.bitsPerSecond);
  return () => runReal(scenario, clip, mkdtempSync(join(folder, 'run-')));
}

/**
 * @param {import('@tstream/swarm-sim').Scenario} scenario
 * @param {string} clip
 * @param {string} folder
 */
async function runReal(scenario, clip, folder) {
  const { video, source, peers, links } = scenario;
  const bytesPerSecond = video.bitsPerSecond / 8;
  const line = (/** @type {number} */ upload, download = Infinity) => ({
    uploadBytesPerSecond: upload * bytesPerSecond,
    downloadBytesPerSecond: download * bytesPerSecond,
  });
  const visits = visitsOf(peers);
  const lines = [line(source.upload), ...visits.map(({ upload, download }) => line(upload, download))];
  const network = await createNetwork(lines, Number(links.oneWayDelayMs));
  const [home, ...homes] = /** @type {[import('./network.mjs').Host]} */ (network.hosts);
  const broadcast = startSource(home, clip, folder, video.pieceBytes);
  const { tstream } = await broadcast.ready;
  const beganMs = performance.now();
  const at = (/** @type {number} */ seconds) => sleep(Math.max(0, beganMs + seconds * 1000 - performance.now()));
  const viewers = [];
  for (const [i, { atSeconds }] of visits.entries()) {
    await at(atSeconds);
    viewers.push(startViewer(/** @type {import('./network.mjs').Host} */ (homes[i]), tstream));
  }
  await at(scenario.measureFromSeconds);
  const before = look(network.hosts, broadcast, viewers);
  const latenciesMs = [];
  for (let second = scenario.measureFromSeconds + 1; second <= scenario.seconds; second++) {
    await at(second);
    latenciesMs.push(...viewers.flatMap(({ stats }) => stats.at(-1)?.latencyMs ?? []));
  }
  const after = look(network.hosts, broadcast, viewers);
  const rise = (/** @type {number} */ from, /** @type {number} */ to, overMs = after.ms - before.ms) =>
    ((to - from) * 1000) / overMs / bytesPerSecond;
  const startupsMs = viewers.map(({ startupMs }) => startupMs ?? Infinity);
  await Promise.all([broadcast, ...viewers].map((app) => endApp(app)));
  const { lateMs, dropped } = await network.close();
  return {
    startUpMs: median(startupsMs),
    sourceShare: rise(before.sourceBytes, after.sourceBytes),
    lagMs: median(latenciesMs),
    sentByAll: rise(before.allBytes, after.allBytes),
    stalls: after.stalls - before.stalls,
    piecesDropped: after.piecesDropped - before.piecesDropped,
    bitrateShare: rise(before.inBytes, after.inBytes, after.uptimeMs - before.uptimeMs),
    neighbours: median(viewers.map(({ stats }) => stats.at(-1)?.peers ?? 0)),
    switchLateMs: lateMs.p99,
    packetsDropped: dropped,
  };
}

/**
 * Each viewer with its line and the time at which it comes, in the order of coming.
 * @param {import('@tstream/swarm-sim').Scenario['peers']} peers
 */
function visitsOf(peers) {
  const visits = peers.flatMap(({ count, upload, download, arrive }) =>
    Array.from({ length: count }, (_, i) => {
      const atSeconds = arrive && 'atSecondsEach' in arrive ? arrive.atSecondsEach[i] : undefined;
      if (atSeconds === undefined)
        throw new Error('expected a scenario that gives each viewer its time: atSecondsEach');
      return { upload, download, atSeconds };
    }),
  );
  return visits.sort((a, b) => a.atSeconds - b.atSeconds);
}

/**
 * @param {import('./network.mjs').Host} host
 * @param {string} clip
 * @param {string} folder
 * @param {number} pieceBytes
 */
function startSource({ address, enter }, clip, folder, pieceBytes) {
  const stream = [clip, '--loop', '--name', 'reality', '--out', folder, '--piece-length', `${pieceBytes}`];
  const place = ['--host', address, '--port', `${PORT}`, '--max-upload', NO_LIMIT];
  return startApp('apps/source/dist/cli.js', ['live', ...stream, ...place, '--json'], enter);
}

/**
 * @param {import('./network.mjs').Host} host
 * @param {string} tstream
 */
function startViewer({ address, enter }, tstream) {
  const place = ['--host', address, '--max-disk', '0', '--max-upload', NO_LIMIT];
  const viewer = startApp('apps/node-peer/dist/cli.js', ['watch', tstream, ...place, '--json'], enter);
  const { child, stats } = viewer;
  const found = { child, stats, startupMs: /** @type {number | undefined} */ (undefined) };
  void viewer.playing.then(({ startupMs }) => (found.startupMs = startupMs));
  return found;
}

/**
 * All that is counted, at this moment.
 * @param {import('./network.mjs').Host[]} hosts - The source's first.
 * @param {{ stats: any[] }} broadcast
 * @param {{ stats: any[] }[]} viewers
 */
function look(hosts, { stats }, viewers) {
  const ms = performance.now();
  const [sourceBytes = 0, ...others] = hosts.map(sentBytes);
  const { inBytes, uptimeMs } = stats.at(-1);
  const sum = (/** @type {string} */ key) =>
    viewers.reduce((total, viewer) => total + (viewer.stats.at(-1)?.[key] ?? 0), 0);
  const allBytes = others.reduce((total, bytes) => total + bytes, sourceBytes);
  return { ms, sourceBytes, allBytes, inBytes, uptimeMs, stalls: sum('stalls'), piecesDropped: sum('piecesDropped') };
}
