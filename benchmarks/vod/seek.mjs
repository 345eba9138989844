// How soon a browser plays on after a seek to 80 % of a film of which 10 % is here, from seeders that together give 1.5 × its bitrate.
//   node benchmarks/vod/seek.mjs [--runs N]
import { execFileSync } from 'node:child_process';
import { linkSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { programPath } from '../../scripts/programs.mjs';
import { endApp, startProgram } from '../common/apps.mjs';
import { median } from '../common/statistics.mjs';

const AIM_MS = 2000;
const DURATION_S = 300;
const SEEDERS = 3;
/** Of all seeders together, × the bitrate. */
const UPLOAD = 1.5;
const HELD_SHARE = 0.1;
const SEEK_TO = 0.8;
const PICTURE = `-f lavfi -i testsrc2=size=320x180:rate=25:duration=${DURATION_S},noise=alls=60:allf=t`;
const SOUND = `-f lavfi -i sine=frequency=440:duration=${DURATION_S}`;
/** The index of an MP4 (moov) is written at its end, by default. */
const FILMS = {
  'film.mp4': '-c:v libx264 -preset ultrafast -b:v 2M -g 50 -pix_fmt yuv420p -c:a aac',
  'film.webm': '-c:v libvpx -deadline realtime -cpu-used 8 -b:v 2M -g 50 -c:a libopus',
};
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--autoplay-policy=no-user-gesture-required'];

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const folder = mkdtempSync(join(tmpdir(), 'tstream-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const browser = await chromium.launch({
  executablePath: /** @type {string} */ (programPath('chromium')),
  args: FLAGS,
});
console.log(
  `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${browser.version()}, ${values.runs} runs each\n`,
);
console.log('| film | Mbit/s | start-up ms, median / worst | seek ms, median / worst | held at the seek |');
console.log('|---|---|---|---|---|');
/** @type {string[]} */
const late = [];
for (const [name, codecs] of Object.entries(FILMS)) console.log(await measure(name, codecs));
await browser.close();
console.log(`\nplays on within ${AIM_MS} ms of a seek: ${late.length === 0 ? 'met' : `missed by ${late.join(', ')}`}`);
process.exit(0);

/**
 * @param {string} name
 * @param {string} codecs
 */
async function measure(name, codecs) {
  const film = join(folder, name);
  execFileSync('ffmpeg', `-v error ${PICTURE} ${SOUND} ${codecs} ${film}`.split(' '));
  const bitsPerSecond = (statSync(film).size * 8) / DURATION_S;
  const torrent = join(folder, `${name}.torrent`);
  execFileSync(process.execPath, [cli('source'), 'vod', film, '--out', torrent, '--no-seed', '--json']);
  const rounds = [];
  for (let i = 0; i < Number(values.runs); i++) rounds.push(await watch(film, torrent, bitsPerSecond));
  const seekMs = rounds.map((round) => round.seekMs);
  if (median(seekMs) > AIM_MS) late.push(name);
  const shown = (/** @type {number[]} */ list) => `${median(list).toFixed(0)} / ${Math.max(...list).toFixed(0)}`;
  const held = median(rounds.map(({ held }) => held));
  const columns = [shown(rounds.map(({ startMs }) => startMs)), shown(seekMs), `${(100 * held).toFixed(0)} %`];
  return `| ${[name, (bitsPerSecond / 1e6).toFixed(1), ...columns].join(' | ')} |`;
}

/**
 * @param {string} film
 * @param {string} torrent
 * @param {number} bitsPerSecond
 */
async function watch(film, torrent, bitsPerSecond) {
  const upload = String(Math.round((UPLOAD * bitsPerSecond) / SEEDERS));
  const seeders = Array.from({ length: SEEDERS }, () => {
    // A folder each: two processes that write down what is there would be in each other's way.
    const own = mkdtempSync(join(folder, 'seeder-'));
    linkSync(film, join(own, basename(film)));
    return startPeer('seed', torrent, '--dir', own, '--host', '127.0.0.1', '--no-discovery', '--max-upload', upload);
  });
  const ports = await Promise.all(seeders.map(async ({ first }) => (await first('ready')).peerPort));
  const peers = ports.flatMap((port) => ['--peer', `127.0.0.1:${port}`]);
  const out = mkdtempSync(join(folder, 'out-'));
  const viewer = startPeer('watch', torrent, '--out', out, '--host', '127.0.0.1', '--no-discovery', ...peers);
  const { http } = await viewer.first('ready');
  const page = await browser.newPage();
  const begunMs = performance.now();
  await page.goto(`${http}/`);
  await page.evaluate(moves);
  const startMs = performance.now() - begunMs;
  let held = 0;
  while ((held = await heldShare(`${http}/stats.json`)) < HELD_SHARE) await sleep(100);
  const seekMs = await page.evaluate(seek, SEEK_TO);
  await page.close();
  await Promise.all([viewer, ...seeders].map((app) => endApp(app)));
  rmSync(out, { recursive: true });
  return { startMs, seekMs, held };
}

/** In the page: resolves when the picture moves. */
function moves() {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const timer = setInterval(() => {
        const video = /** @type {any} */ (globalThis).document.querySelector('video');
        if (!video || video.currentTime < 0.05) return;
        clearInterval(timer);
        resolve();
      }, 10);
    })
  );
}

/**
 * In the page: milliseconds from the seek to the first time that moves on from there.
 * @param {number} share
 * @returns {Promise<number>}
 */
function seek(share) {
  const video = /** @type {any} */ (globalThis).document.querySelector('video');
  const toS = video.duration * share;
  const begunMs = performance.now();
  video.currentTime = toS;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (video.seeking || video.currentTime < toS + 0.05) return;
      clearInterval(timer);
      resolve(performance.now() - begunMs);
    }, 10);
  });
}

/** @param {string} url */
async function heldShare(url) {
  const { pieces } = /** @type {{ pieces: string }} */ (await (await fetch(url)).json());
  return Array.from(pieces).filter((piece) => piece === '#').length / pieces.length;
}

/** @param {string[]} args */
function startPeer(...args) {
  return startProgram(process.execPath, [cli('node-peer'), ...args, '--json']);
}

/** @param {string} app */
function cli(app) {
  return fileURLToPath(new URL(`../../apps/${app}/dist/cli.js`, import.meta.url));
}
