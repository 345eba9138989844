// The main job in one command: a broadcast of the test clip, three viewers, and the link to watch it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onEnd } from './starter.mjs';

const VIEWERS = 3;
const source = fileURLToPath(new URL('../apps/source/dist/cli.js', import.meta.url));
const peer = fileURLToPath(new URL('../apps/node-peer/dist/cli.js', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'tstream-live-'));
/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
let ending = false;
const endOnce = new Promise((resolve) => onEnd(() => resolve(undefined)));

const broadcast = await start(source, [
  'live',
  '--name',
  'test-clip',
  '--title',
  'tstream test clip',
  '--out',
  folder,
  '--host',
  '127.0.0.1',
  '--port',
  '0',
  '--json',
]);
console.log(`Broadcasting the test clip: ${broadcast.ready.page}`);
/** @type {Awaited<ReturnType<typeof start>>[]} */
const viewers = [];
for (let i = 0; i < VIEWERS; i++) {
  viewers.push(
    await start(peer, ['watch', broadcast.ready.tstreamUrl, '--host', '127.0.0.1', '--max-disk', '64M', '--json']),
  );
}
console.log(`${VIEWERS} viewers are watching, and forward what they have to each other.\n`);
console.log(`  Watch it here:  ${viewers[0]?.ready.http}/\n`);
console.log(`  In VLC or mpv:  ${viewers[0]?.ready.stream}`);
console.log(`  One more peer:  node apps/node-peer/dist/cli.js watch ${broadcast.ready.tstreamUrl}\n`);
console.log('Ctrl-C ends it.\n');
const report = setInterval(tell, 5000);

await endOnce;
clearInterval(report);
ending = true;
for (const child of children) child.kill('SIGTERM');
await Promise.all([...children].map((child) => new Promise((resolve) => child.once('close', resolve))));
await rm(folder, { recursive: true, force: true });
process.exit(0);

/**
 * Starts one of the apps and waits until it is ready. The channel lets it notice that this process died.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ ready: Record<string, any>, stats: Record<string, any> }>}
 */
function start(program, args) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  children.add(child);
  const running = { ready: {}, stats: {} };
  return new Promise((resolve) => {
    child.once('close', (code) => {
      children.delete(child);
      if (ending) return;
      console.error(`${args[0]} ended with code ${code}`);
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    });
    createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'stats') running.stats = event;
      if (event.event !== 'ready') return;
      running.ready = event;
      resolve(running);
    });
  });
}

function tell() {
  const { upBitsPerSecond = 0, uploadMultiple = 0, peers = 0 } = broadcast.stats;
  const latencies = viewers.map(({ stats }) => stats.latencyMs ?? 0);
  const stalls = viewers.reduce((sum, { stats }) => sum + (stats.stalls ?? 0), 0);
  console.log(
    `${peers} viewers; the broadcaster sends ${Math.round(upBitsPerSecond / 1000)} kbit/s = ${uploadMultiple} × the bitrate; ` +
      `viewers are ${Math.min(...latencies)}–${Math.max(...latencies)} ms behind it, ${stalls} stalls`,
  );
}
