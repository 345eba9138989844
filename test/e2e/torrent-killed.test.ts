/** A download that is killed again and again, at any moment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createVodMetainfo } from '../../packages/tstream-format/src/index.js';
import { temporaryFolder } from './apps.js';

const PROCESS = fileURLToPath(new URL('torrent-process.mjs', import.meta.url));
const PIECE = 131_072;
const PIECES = 256;
const SEEDERS = 2;
const KILLS = 20;

interface Started {
  readonly child: ChildProcess;
  readonly ready: Promise<{ readonly port: number; readonly held: number }>;
  readonly ended: Promise<number | null>;
}

function start(parameters: Record<string, unknown>): Started {
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(parameters)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  return {
    child,
    ready: new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line)))),
    ended: new Promise((resolve) => child.once('exit', resolve)),
  };
}

test('a killed download goes on: nothing is corrupt, and little is fetched again', { timeout: 300_000 }, async () => {
  const home = temporaryFolder();
  const content = randomBytes(PIECE * PIECES);
  const file = join(home, 'film.torrent');
  const hashes = Array.from({ length: PIECES }, (_, index) =>
    createHash('sha1')
      .update(content.subarray(index * PIECE, (index + 1) * PIECE))
      .digest(),
  );
  writeFileSync(
    file,
    createVodMetainfo({
      name: 'film.bin',
      pieceLength: PIECE,
      pieceHashes: new Uint8Array(Buffer.concat(hashes)),
      content: { lengthBytes: content.length },
    }),
  );
  writeFileSync(join(home, 'film.bin'), content);
  const seeders = Array.from({ length: SEEDERS }, () =>
    start({ role: 'seed', folder: home, file, log: join(home, 'seed.log'), ports: [] }),
  );
  const ports = (await Promise.all(seeders.map(({ ready }) => ready))).map(({ port }) => port);
  const folder = join(home, 'copy');
  for (let kills = 0; kills < KILLS; ) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    let [runs, verified, came] = [0, 0, 0];
    for (let isWhole = false; !isWhole; runs += 1) {
      const log = join(folder, 'log');
      rmSync(log, { force: true });
      // As fast as it goes, and slowly, in turn.
      const bitsPerSecond = kills % 2 === 0 ? 80_000_000 : undefined;
      const run = start({ role: 'get', folder, file, log, ports, bitsPerSecond });
      await run.ready;
      const timer = setTimeout(() => run.child.kill('SIGKILL'), randomInt(bitsPerSecond === undefined ? 300 : 1500));
      isWhole = (await run.ended) === 0;
      clearTimeout(timer);
      const lines = readFileSync(log, 'utf8').trim().split('\n').filter(Boolean);
      const counts = lines.filter((line) => line !== 'held');
      verified += lines.length - counts.length;
      came += Number(counts.at(-1) ?? 0);
    }
    kills += runs - 1;
    expect(readFileSync(join(folder, 'film.bin')).equals(content)).toBe(true);
    const allowed = 2 * SEEDERS * (runs - 1);
    expect(verified - PIECES).toBeLessThanOrEqual(allowed);
    // Messages beside the blocks are less than 0.3 % of what comes.
    expect(came).toBeLessThanOrEqual(content.length * 1.003 + allowed * PIECE);
  }
});
