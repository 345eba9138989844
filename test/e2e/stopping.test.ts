/** How the apps end: with a last word, with all closed, and with nothing left running. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { needs, pathOf } from '../needs.js';
import { startSource, temporaryFolder, until } from './apps.js';
import { type AppName, runApp, spawnApp } from './command.js';

/** An app whose whole output is kept. */
function start(app: AppName, args: readonly string[]) {
  const { child, text } = spawnApp(app, args);
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1));
  });
  const events = () => text.out.split('\n').filter(Boolean).map(asObject);
  const has = (kind: string) => until(`'${kind}' of ${app}`, () => events().some(({ event }) => event === kind));
  return { child, pid: child.pid as number, text, ended, events, has };
}

function asObject(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  expect(Object.prototype.toString.call(value)).toBe('[object Object]');
  return value as Record<string, unknown>;
}

/** Processes that this one started, and those that they started. */
function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

const LOOPBACK = ['--host', '127.0.0.1', '--json'];

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s: a last stats line, exit code 0, and only JSON objects on standard output',
  async (signal) => {
    const folder = temporaryFolder();
    const file = join(folder, 'recording.ts');
    const disk = temporaryFolder();
    const source = start('tstream-source', ['live', '--out', folder, '--port', '0', ...LOOPBACK]);
    await source.has('ready');
    const tstream = String(source.events()[0]?.tstream);
    const apps = [
      start('tstream-peer', ['watch', tstream, '--disk', disk, ...LOOPBACK]),
      start('tstream-peer', ['record', tstream, file, '--disk', disk, ...LOOPBACK]),
      start('tstream-peer', ['seed', tstream, '--disk', disk, ...LOOPBACK]),
    ];
    await Promise.all(apps.slice(0, 2).map((app) => app.has('playing')));
    await Promise.all(apps.map((app) => app.has('stats')));
    await until('a recording', () => statSync(file).size > 100_000);
    // The source last: at its END viewers would end by themselves.
    for (const app of [...apps, source]) {
      const before = app.events().length;
      const startMs = performance.now();
      app.child.kill(signal);
      expect(await app.ended).toBe(0);
      expect(performance.now() - startMs).toBeLessThan(5000);
      expect(app.events().length).toBeGreaterThan(before);
      expect(app.events().at(-1)).toMatchObject({ event: 'stats', peers: expect.any(Number) });
      expect(isAlive(app.pid)).toBe(false);
    }
    expect(statSync(file).size % 188).toBe(0);
    expect(readdirSync(disk)).toEqual([]);
    expect(source.text.errors).toBe('');
  },
);

test('a signal while nothing has begun yet ends a viewer just so', async () => {
  const folder = temporaryFolder();
  const source = start('tstream-source', ['live', '--out', folder, '--port', '0', ...LOOPBACK]);
  await source.has('ready');
  const tstream = String(source.events()[0]?.tstream);
  source.child.kill('SIGKILL');
  await source.ended;
  const viewer = start('tstream-peer', ['watch', tstream, ...LOOPBACK]);
  await viewer.has('stats');
  expect(viewer.events().at(-1)).toMatchObject({ state: 'waiting', stateText: 'Waiting for the broadcast to begin.' });
  viewer.child.kill('SIGTERM');
  expect(await viewer.ended).toBe(0);
});

test('info --json prints one JSON object, and info the same for a person', async () => {
  const folder = temporaryFolder();
  const source = start('tstream-source', [
    'live',
    '--out',
    folder,
    '--port',
    '0',
    '--title',
    'Öffentlich',
    ...LOOPBACK,
  ]);
  await source.has('ready');
  const { tstream, infohash, tstreamUrl } = source.events()[0] as Record<string, string>;
  for (const from of [String(tstream), String(tstreamUrl)]) {
    const { out, errors, end } = await runApp('tstream-peer', ['info', from, '--json']);
    expect([end, errors]).toEqual([0, '']);
    expect(out.trimEnd()).not.toContain('\n');
    expect(asObject(out)).toMatchObject({ kind: 'live', name: 'test-clip', title: 'Öffentlich', infohash });
  }
  const { out } = await runApp('tstream-peer', ['info', String(tstream)]);
  expect(out).toContain('Öffentlich');
  expect(out).toContain(infohash);
});

test('an encoder that the source started goes with it, however it goes', { ...needs('ffmpeg') }, async () => {
  const folder = temporaryFolder();
  const film = join(folder, 'film.mp4');
  const made = spawnSync(pathOf('ffmpeg'), [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x90:rate=10',
    '-t',
    '60',
    '-pix_fmt',
    'yuv420p',
    film,
  ]);
  expect(made.status, made.stderr.toString()).toBe(0);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const source = startSource([film, '--out', folder, '--host', '127.0.0.1', '--port', '0']);
    await source.event('ready');
    await until('the encoder delivers', () => Number(source.stats().inBytes) > 0);
    const children = descendants(source.child.pid as number);
    expect(children).toHaveLength(1);
    expect(await source.stop(signal)).toBe(signal === 'SIGTERM' ? 0 : signal);
    await until('the encoder is gone', () => !children.some(isAlive), 5000);
  }
});
