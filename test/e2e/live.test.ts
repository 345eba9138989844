import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { needs, pathOf } from '../needs.js';
import { temporaryFolder } from './apps.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
const WITH_SOUND = '--autoplay-policy=no-user-gesture-required';

test('pnpm live, on a fresh clone and an empty store, shows a moving picture with sound in a browser', {
  ...needs('chromium'),
  timeout: 600_000,
}, async () => {
  const folder = temporaryFolder();
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const live = startLive(clone, join(folder, 'store'));
  const link = await linkOf(live, 420_000);

  const browser = await chromium.launch({ executablePath: pathOf('chromium'), args: [...FLAGS, WITH_SOUND] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  await page.goto(link);
  await expect.poll(async () => (await playback(page)).timeS, { timeout: 30_000 }).toBeGreaterThan(2);
  const before = await playback(page);
  await page.waitForTimeout(20_000);
  const after = await playback(page);
  const shot = process.env.TSTREAM_SCREENSHOT;
  if (shot) await page.screenshot({ path: shot });

  expect(after.width).toBeGreaterThan(0);
  expect(after.timeS - before.timeS).toBeGreaterThan(18);
  expect(after.audioBytes).toBeGreaterThan(before.audioBytes);
  expect(after.muted).toBe(false);
  const frames = after.frames - before.frames;
  expect(frames).toBeGreaterThan(400);
  expect((after.dropped - before.dropped) / frames).toBeLessThanOrEqual(0.01);
  expect(after.picture).not.toBe(before.picture);

  expect(await endOf(live)).toEqual({ leftRunning: [] });
});

/** Runs the README's command, with nothing but what a newcomer has. */
function startLive(clone: string, store: string): ChildProcess {
  mkdirSync(store);
  const { CI: _ci, ...env } = process.env;
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(npm|pnpm)_/i.test(name)));
  const child = spawn('npx', ['--yes', 'pnpm@10', 'live'], {
    cwd: clone,
    env: { ...inherited, npm_config_store_dir: store },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // It has ended already.
    }
  });
  return child;
}

function linkOf(live: ChildProcess, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`no link within ${timeoutMs} ms:\n${text}`)), timeoutMs);
    const read = (bytes: Buffer) => {
      text += bytes.toString('utf8');
      const link = /Watch it here:\s+(http:\S+)/.exec(text)?.[1];
      if (link === undefined) return;
      clearTimeout(timer);
      resolve(link);
    };
    live.stdout?.on('data', read);
    live.stderr?.on('data', read);
    live.once('close', (code) => reject(new Error(`ended with code ${code}:\n${text}`)));
  });
}

/** Ends the package runner alone, as a process supervisor would, and looks for what it left behind. */
async function endOf(live: ChildProcess): Promise<{ leftRunning: string[] }> {
  live.kill('SIGTERM');
  let leftRunning: string[] = [];
  for (let i = 0; i < 100; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    leftRunning = processesOf(live.pid as number);
    if (leftRunning.length === 0) break;
  }
  return { leftRunning };
}

function processesOf(group: number): string[] {
  return execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => Number(line.trim().split(/\s+/)[0]) === group && !/^\s*\d+\s+Z/.test(line));
}

interface Playback {
  readonly timeS: number;
  readonly width: number;
  readonly frames: number;
  readonly dropped: number;
  readonly audioBytes: number;
  readonly muted: boolean;
  /** The picture, small, as text. */
  readonly picture: string;
}

function playback(page: Page): Promise<Playback> {
  return page.evaluate<Playback>(PLAYBACK);
}

// Runs in the page.
const PLAYBACK = `(() => {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 18;
  canvas.getContext('2d').drawImage(video, 0, 0, 32, 18);
  const quality = video.getVideoPlaybackQuality();
  return {
    timeS: video.currentTime,
    width: video.videoWidth,
    frames: quality.totalVideoFrames,
    dropped: quality.droppedVideoFrames,
    audioBytes: video.webkitAudioDecodedByteCount ?? 0,
    muted: video.muted,
    picture: canvas.toDataURL(),
  };
})()`;
