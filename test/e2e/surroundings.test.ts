/** What surrounds an app fails or is missing: a tracker, a disk, ffmpeg. The rest goes on. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startPeer, startSource, temporaryFolder, until } from './apps.js';
import { expectOneLine, runApp } from './command.js';
import { needsSmallDisk, throughSmallDisk } from './small-disk.js';
import { stretchesOf, writeLoopedClip } from './streams.js';

const LOOPBACK = ['--host', '127.0.0.1'];

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await sleep(50);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a tracker that cannot be reached is told of once and tried again; the broadcast goes on', async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  const trackers = ['--tracker', `http://127.0.0.1:${port}/announce`, `udp://127.0.0.1:${port}/announce`];
  const source = startSource(['--out', folder, '--port', '0', ...LOOPBACK, ...trackers]);
  const { tstream, port: sourcePort } = await source.event('ready');
  const viewer = startPeer(['watch', String(tstream), ...LOOPBACK, '--peer', `127.0.0.1:${sourcePort}`]);
  await viewer.event('playing');
  for (const app of [source, viewer]) {
    await until('both trackers are told of', () => (app.errors().match(/does not answer/g) ?? []).length >= 2);
  }

  const announces: string[] = [];
  const tracker = createServer((request, response) => {
    announces.push(request.url ?? '');
    response.end('d8:intervali60e5:peers0:e');
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void tracker.close());
  await until('both announce to the tracker that is back', () => announces.length >= 2, 40_000);
  expect(announces.every((path) => path.startsWith('/announce?'))).toBe(true);

  for (const app of [source, viewer]) {
    expect(app.errors().match(/http:\S* does not answer/g)).toHaveLength(1);
    expect(app.errors().match(/udp:\S* does not answer/g)).toHaveLength(1);
  }
  expect(viewer.stats()).toMatchObject({ state: 'playing', stalls: 0, piecesDropped: 0 });
  expect(await viewer.stop()).toBe(0);
  expect(await source.stop()).toBe(0);
});

test('a disk that fills up while recording: one line, and what was recorded is kept', needsSmallDisk, async () => {
  const folder = temporaryFolder();
  const disk = mkdtempSync(join(folder, 'disk-'));
  const keep = mkdtempSync(join(folder, 'kept-'));
  const input = writeLoopedClip(join(folder, 'input.ts'), 60);
  const source = startSource([join(folder, 'input.ts'), '--out', folder, '--port', '0', ...LOOPBACK]);
  const { tstream } = await source.event('ready');
  const bytes = 256 * 1024;
  const through = throughSmallDisk({ folder: disk, bytes, keep });
  const outcome = await runApp('tstream-peer', ['record', String(tstream), join(disk, 'r.ts'), ...LOOPBACK], {
    through,
  });
  expectOneLine(outcome, 1, /cannot go on writing .*r\.ts: the disk is full; what was recorded is kept/);
  const recording = readFileSync(join(keep, 'r.ts'));
  expect(recording.length).toBe(bytes);
  const [stretch, ...more] = stretchesOf(recording.subarray(0, bytes - (bytes % 188)), input);
  expect(stretch?.fromByte).toBeGreaterThanOrEqual(0);
  expect(more).toEqual([]);
  // Nobody else is troubled.
  expect(source.child.exitCode).toBeNull();
});

test('the test clip is broadcast and watched where there is no ffmpeg, nor any other program', async () => {
  const folder = temporaryFolder();
  const env = { ...process.env, PATH: mkdtempSync(join(folder, 'no-programs-')) };
  const source = startSource(['--out', folder, '--port', '0', ...LOOPBACK], { env });
  const { tstream } = await source.event('ready');
  const file = join(folder, 'recording.ts');
  const viewer = startPeer(['record', String(tstream), file, ...LOOPBACK], { env });
  await viewer.event('playing');
  await until('some seconds are recorded', () => Number(viewer.stats().bytesFromSource) > 300_000);
  expect(await source.stop()).toBe(0);
  await viewer.event('ended');
  expect(await viewer.ended).toBe(0);
  const recording = readFileSync(file);
  expect(recording.length).toBeGreaterThan(200_000);
  for (let at = 0; at < recording.length; at += 188) expect(recording[at]).toBe(0x47);
});

test('a player or browser that is not there is told of, and the stream plays on', async () => {
  const folder = temporaryFolder();
  const env = { ...process.env, PATH: mkdtempSync(join(folder, 'no-programs-')) };
  const source = startSource(['--out', folder, '--port', '0', ...LOOPBACK]);
  const { tstream } = await source.event('ready');
  const viewer = startPeer(['watch', String(tstream), ...LOOPBACK, '--player', 'mpv', '--open'], { env });
  await viewer.event('playing');
  await until(
    'both are told',
    () => /mpv is not installed/.test(viewer.errors()) && /no browser/.test(viewer.errors()),
  );
  expect(viewer.errors()).toMatch(/open http:\/\/127\.0\.0\.1:\d+\/stream in any player/);
  expect(await viewer.stop('SIGINT')).toBe(0);
});

test('a player that was started ends with the viewer; one that fails, and a browser that does, are told of', async () => {
  const folder = temporaryFolder();
  const programs = mkdtempSync(join(folder, 'programs-'));
  const script = (name: string, text: string) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  script('mpv', `echo $$ > ${join(folder, 'mpv.pid')}; exec sleep 300`);
  script('vlc', 'exit 2');
  script('xdg-open', 'exit 3');
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
  const source = startSource(['--out', folder, '--port', '0', ...LOOPBACK]);
  const { tstream } = await source.event('ready');
  const failing = startPeer(['watch', String(tstream), ...LOOPBACK, '--player', 'vlc', '--open'], { env });
  await until(
    'both are told',
    () => /vlc ended with 2: open http:/.test(failing.errors()) && /no browser could be/.test(failing.errors()),
  );
  const viewer = startPeer(['watch', String(tstream), ...LOOPBACK, '--player', 'mpv'], { env });
  const pidFile = join(folder, 'mpv.pid');
  await until('the player runs', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
  const status = `/proc/${Number(readFileSync(pidFile, 'utf8'))}/status`;
  const isAlive = () => existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
  expect(isAlive()).toBe(true);
  expect(await viewer.stop('SIGINT')).toBe(0);
  await until('the player is gone', () => !isAlive());
});
