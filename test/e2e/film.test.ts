/** Films in a browser while they download: from the built apps, over real sockets, held to little more than their own bitrate. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { needs, pathOf } from '../needs.js';
import { type App, SOURCE_CLI, startApp, startPeer, temporaryFolder, until } from './apps.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--autoplay-policy=no-user-gesture-required',
];
const DURATION_S = 90;
// Small, so that it is soon encoded, with noise, so that it needs its bitrate all the same.
const PICTURE = ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=25:duration=${DURATION_S},noise=alls=60:allf=t`];
const SOUND = ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${DURATION_S}`];
const CODECS = {
  // Its index (moov) is written last, at its end.
  mp4: ['-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '1M', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  webm: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M', '-g', '50', '-c:a', 'libopus'],
} as const;

const run = promisify(execFile);

interface Film {
  readonly seeder: App;
  readonly viewer: App;
  readonly page: Page;
  readonly url: string;
}

describe('in a browser', needs('chromium', 'ffmpeg'), () => {
  let browser: Browser;
  let films: string;
  beforeAll(async () => {
    films = mkdtempSync(join(tmpdir(), 'tstream-films-'));
    for (const [kind, codecs] of Object.entries(CODECS)) {
      await run(pathOf('ffmpeg'), ['-v', 'error', ...PICTURE, ...SOUND, ...codecs, join(films, `film.${kind}`)]);
    }
    browser = await chromium.launch({ executablePath: pathOf('chromium'), args: FLAGS });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(films, { recursive: true, force: true });
  });

  /** A seeder that is held to 1.5 × the film's bitrate, a viewer, and its page. */
  async function open(kind: keyof typeof CODECS): Promise<Film> {
    const folder = temporaryFolder();
    const film = join(films, `film.${kind}`);
    const bitsPerSecond = Math.round((statSync(film).size * 8) / DURATION_S);
    const args = [film, '--port', '0', '--host', '127.0.0.1', '--out', join(folder, 'film.torrent')];
    const seeder = startApp(SOURCE_CLI, ['vod', ...args, '--max-upload', String(1.5 * bitsPerSecond), '--json']);
    const { torrent, port } = await seeder.event('ready');
    const where = ['--no-discovery', '--peer', `127.0.0.1:${port}`, '--out', join(folder, 'viewed')];
    const viewer = startPeer(['watch', String(torrent), ...where]);
    const url = `${(await viewer.event('ready')).http}/`;
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    return { seeder, viewer, page, url };
  }

  test.each(['mp4', 'webm'] as const)(
    'a film (%s) of which a tenth is here plays, and goes on from where it is sought, with what lies between left for later',
    async (kind) => {
      const { page, url } = await open(kind);
      await page.goto(url);
      await playsFrom(page, 0);
      await until('a tenth is here', async () => heldShare(await piecesOf(url)) >= 0.1);
      const before = await piecesOf(url);
      expect(heldShare(before)).toBeLessThan(0.5);

      await page.evaluate(
        'document.querySelector("video").currentTime = document.querySelector("video").duration * 0.8',
      );
      await playsFrom(page, 0.8 * DURATION_S);
      const after = await piecesOf(url);
      const cameIn = (fromShare: number, toShare: number) =>
        heldShare(part(after, fromShare, toShare)) - heldShare(part(before, fromShare, toShare));
      // What is shown now came first; what lies between both places did not have to.
      expect(cameIn(0.8, 0.85)).toBeGreaterThan(0.3);
      expect(cameIn(0.5, 0.75)).toBeLessThan(cameIn(0.8, 0.85) / 2);
      expect(heldShare(after)).toBeLessThan(0.6);
    },
  );

  test('the page of a film that plays shows its name and who feeds it, and no words over the picture', async () => {
    const { page, url } = await open('mp4');
    await page.goto(url);
    await playsFrom(page, 0);
    expect(await page.title()).toBe('film.mp4');
    expect(await page.getByTestId('state').textContent()).toBe('Playing');
    expect(await page.getByTestId('message').isHidden()).toBe(true);
    expect(await page.getByTestId('peers').textContent()).toContain('127.0.0.1');
  });
});

interface Stats {
  /** `#` held, one character a piece, or a stretch of them. */
  readonly pieces: string;
}

async function piecesOf(url: string): Promise<string> {
  const response = await fetch(new URL('stats.json', url));
  return ((await response.json()) as Stats).pieces;
}

function heldShare(pieces: string): number {
  return Array.from(pieces).filter((piece) => piece === '#').length / pieces.length;
}

function part(pieces: string, fromShare: number, toShare: number): string {
  return pieces.slice(Math.round(fromShare * pieces.length), Math.round(toShare * pieces.length));
}

/** Waits until it has gone on for a second from this place. */
async function playsFrom(page: Page, placeS: number): Promise<void> {
  await until(`it plays from ${placeS} s`, async () => {
    const timeS = await page.evaluate<number>('document.querySelector("video").currentTime');
    return timeS >= placeS + 1;
  });
}
