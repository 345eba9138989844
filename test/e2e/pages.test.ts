import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { needs, pathOf } from '../needs.js';
import { examplesOf } from '../repo/examples.js';
import { type Fixture, type PageKind, servePage } from './pages-fixture.js';

const WEB_PEER = new URL('../../apps/web-peer/', import.meta.url);
const PAGES: readonly PageKind[] = ['viewer', 'source', 'vod-viewer', 'vod-source'];
const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
const SCRIPT_URL = 'javascript:document.title="owned"';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
const WITH_SOUND = '--autoplay-policy=no-user-gesture-required';
const MUTED_ONLY = '--autoplay-policy=user-gesture-required';

const run = promisify(execFile);

beforeAll(async () => {
  await run(process.execPath, [fileURLToPath(new URL('build.mjs', WEB_PEER))]);
});

describe('the built pages', () => {
  test.each(PAGES)('%s.html asks nobody for anything', async (name) => {
    const html = await readFile(new URL(`dist/${name}.html`, WEB_PEER), 'utf8');
    const [head = ''] = html.split('<script');
    expect(html).not.toMatch(/<script[^>]+src=|<link[^>]+(?:stylesheet|preload)|@import/);
    expect(head).toMatch(/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
  });

  test('are found as the README says', async () => {
    const [example] = examplesOf(await readFile(new URL('README.md', WEB_PEER), 'utf8'));
    const file = ['--input-type=module', '--eval', example?.code ?? ''];
    const { stdout } = await run(process.execPath, file, { cwd: fileURLToPath(WEB_PEER) });
    expect(stdout).toContain('viewer.html');
  });
});

describe('in a browser', needs('chromium', 'ffmpeg'), () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(WITH_SOUND);
  });
  afterAll(() => browser?.close());

  const problems: string[] = [];
  afterEach(() => {
    expect(problems.splice(0)).toEqual([]);
  });

  async function open(kind: PageKind, width = 1280, from = browser): Promise<{ page: Page; fixture: Fixture }> {
    const fixture = await servePage(new URL(`dist/${kind}.html`, WEB_PEER), kind, pathOf('ffmpeg'));
    const page = await from.newPage({ viewport: { width, height: 800 } });
    onTestFinished(async () => {
      await page.close();
      await fixture.close();
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (/^http/.test(origin) && `${origin}/` !== fixture.url) problems.push(`asked for ${request.url()}`);
    });
    // Chromium's own word for a figure that didn't come; the tests that need one say so.
    page.on('console', (line) => {
      if (line.type() === 'error' && !line.text().includes('503')) problems.push(line.text());
    });
    return { page, fixture };
  }

  test('the viewer page shows a moving picture, with sound, and drops few frames', async () => {
    const { page, fixture } = await open('viewer');
    await page.goto(fixture.url);
    await playsOn(page, 2);
    const before = await playback(page);
    await page.waitForTimeout(5000);
    const after = await playback(page);
    expect(after.width).toBe(640);
    expect(after.muted).toBe(false);
    expect(after.timeS - before.timeS).toBeGreaterThan(4);
    expect(after.frames - before.frames).toBeGreaterThan(100);
    // A page too heavy for a machine without graphics drops most of them; a busy machine drops one now and then.
    expect((after.dropped - before.dropped) / (after.frames - before.frames)).toBeLessThan(0.1);
    expect(fixture.streams).toBe(1);
  });

  test('the viewer page draws pieces, figures and who feeds whom', async () => {
    const { page, fixture } = await open('viewer');
    await page.goto(fixture.url);
    await waitForText(page, 'state', 'Live');
    await waitForText(page, 'sentence', 'Playing, 2.1 seconds behind the broadcaster.');
    await waitForText(page, 'from-peers', /^8\d\s%$/);
    await waitForText(
      page,
      'peers',
      /broadcaster.*198\.51\.100\.23.*6 neighbours, 1 quiet|6 neighbours, 1 quiet.*broadcaster/s,
    );
    expect(await page.locator('[data-testid=peers] svg .ribbon').count()).toBe(7);
    expect(await page.locator('[data-testid=peers] svg .ribbon.source').count()).toBe(1);
    expect(await paintedColours(page)).toBeGreaterThan(2);
  });

  test('nothing that comes from the network becomes markup', async () => {
    for (const kind of PAGES) {
      const { page, fixture } = await open(kind);
      const rates = { downBitsPerSecond: 1e6, upBitsPerSecond: 1e6 };
      const neighbours = [{ id: HOSTILE, address: HOSTILE, client: HOSTILE, ...rates }];
      const names = { title: HOSTILE, name: HOSTILE, infohash: HOSTILE, stateText: HOSTILE };
      const files = [{ number: HOSTILE, path: HOSTILE, playable: true }];
      const urls = { tstreamUrl: SCRIPT_URL, torrentUrl: SCRIPT_URL, magnet: SCRIPT_URL };
      fixture.figures = { ...names, ...urls, neighbours, files, trouble: HOSTILE };
      await page.goto(fixture.url);
      await waitForText(page, 'title', HOSTILE);
      expect(await page.title()).toBe(HOSTILE);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(1);
      expect(await page.locator('[href^=javascript]').count()).toBe(0);
    }
  });

  test('the viewer page waits for a broadcast that has not begun, then starts by itself', async () => {
    const { page, fixture } = await open('viewer');
    fixture.figures = { state: 'waiting', playRun: 0, neighbours: [] };
    await page.goto(fixture.url);
    await waitForText(page, 'state', 'Not begun');
    await waitForText(page, 'message', /this page starts by itself/);
    expect(fixture.streams).toBe(0);
    fixture.figures = {};
    await playsOn(page, 1);
  });

  test('the viewer page connects again when the stream ends and the broadcast does not', async () => {
    const { page, fixture } = await open('viewer');
    await page.goto(fixture.url);
    await playsOn(page, 1);
    fixture.cutStreams();
    await expect.poll(() => fixture.streams, { timeout: 15_000 }).toBe(2);
    await playsOn(page, 1);
  });

  test('the viewer page goes over to a run whose clock begins anew', async () => {
    const { page, fixture } = await open('viewer');
    await page.goto(fixture.url);
    await playsOn(page, 4);
    fixture.figures = { playRun: 1_793_000_001 };
    await page.waitForTimeout(1200);
    fixture.restartClock();
    await expect.poll(() => fixture.streams, { timeout: 15_000 }).toBe(2);
    await playsOn(page, 1);
  });

  test('the viewer page says that it is over once the last picture is shown', async () => {
    const { page, fixture } = await open('viewer');
    await page.goto(fixture.url);
    await playsOn(page, 1);
    fixture.figures = { state: 'ended', stateText: 'The broadcast is over.' };
    await waitForText(page, 'state', 'Last seconds');
    fixture.cutStreams();
    await waitForText(page, 'state', 'Ended');
    await waitForText(page, 'message', /The broadcast is over/);
    expect(fixture.streams).toBe(1);
  });

  test('the viewer page says when the local peer does not answer, and recovers', async () => {
    const { page, fixture } = await open('viewer');
    await page.goto(fixture.url);
    await waitForText(page, 'state', 'Live');
    fixture.answers = false;
    await waitForText(page, 'state', 'No answer');
    fixture.answers = true;
    await waitForText(page, 'state', 'Live');
  });

  test('the viewer page plays a stream that is sound alone', async () => {
    const { page, fixture } = await open('viewer');
    fixture.soundOnly = true;
    await page.goto(fixture.url);
    await playsOn(page, 2);
    expect((await playback(page)).width).toBe(0);
    await page.locator('.sound-sign').waitFor({ state: 'visible' });
  });

  test('space pauses and M mutes', async () => {
    const { page, fixture } = await open('viewer');
    await page.goto(fixture.url);
    await playsOn(page, 1);
    await page.keyboard.press('m');
    await page.keyboard.press('Space');
    expect(await playback(page)).toMatchObject({ muted: true, paused: true });
    await page.keyboard.press('M');
    await page.keyboard.press('Space');
    expect(await playback(page)).toMatchObject({ muted: false, paused: false });
    await playsOn(page, 1);
  });

  test('a browser that refuses sound plays without, and offers it', async () => {
    const strict = await launch(MUTED_ONLY);
    onTestFinished(() => strict.close());
    const { page, fixture } = await open('viewer', 1280, strict);
    await page.goto(fixture.url);
    await expect.poll(() => fixture.streams).toBe(1);
    // Whatever Playwright evaluates in a page counts as a person's touch, after which sound is allowed: look only later.
    await page.waitForTimeout(3000);
    await playsOn(page, 1);
    expect((await playback(page)).muted).toBe(true);
    await page.getByTestId('sound-refused').click();
    await expect.poll(() => playback(page)).toMatchObject({ muted: false, paused: false });
    expect(await page.getByTestId('sound-refused').isVisible()).toBe(false);
  });

  test('the source page shows the link, the commands, a code and the figures', async () => {
    const { page, fixture } = await open('source');
    await page.goto(fixture.url);
    const link = 'http://203.0.113.5:8764/harbour.tstream';
    await waitForText(page, 'link', link);
    await waitForText(page, 'command-watch', `tstream-peer watch ${link}`);
    await waitForText(page, 'command-vlc', `tstream-peer watch ${link} --player vlc`);
    await waitForText(page, 'viewers', '23');
    await waitForText(page, 'multiple', /^1\.5\s×$/);
    await waitForText(page, 'state', 'Live');
    expect(await page.getByTestId('save').getAttribute('href')).toBe(link);
    expect(await page.getByTestId('save').getAttribute('download')).toBe('harbour.tstream');
    expect(await page.locator('[data-testid=qr] svg path').getAttribute('d')).toMatch(/^M4 4h1v1h-1z/);
    await page.getByTestId('copy-link').click();
    expect(await page.evaluate('getSelection().toString()')).toBe(link);
  });

  const widths = PAGES.flatMap((kind) => [380, 2200].map((width) => [kind, width] as const));
  test.each(widths)('the %s page fits a window %d pixels wide', async (kind, width) => {
    const { page, fixture } = await open(kind, width);
    await page.goto(fixture.url);
    await waitForText(page, 'title', 'Harbour camera, Saturday evening');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});

function launch(policy: string): Promise<Browser> {
  // Playwright mutes every page by itself, which would let the strictest policy play.
  const ignoreDefaultArgs = ['--mute-audio'];
  return chromium.launch({ executablePath: pathOf('chromium'), args: [...FLAGS, policy], ignoreDefaultArgs });
}

interface Playback {
  readonly timeS: number;
  readonly width: number;
  readonly muted: boolean;
  readonly paused: boolean;
  readonly frames: number;
  readonly dropped: number;
}

// In strings, as they run in the page: this side is compiled without the DOM.
function playback(page: Page): Promise<Playback> {
  return page.evaluate<Playback>(`(() => {
    const video = document.querySelector('[data-testid=video]');
    const { totalVideoFrames: frames, droppedVideoFrames: dropped } = video.getVideoPlaybackQuality();
    const { currentTime: timeS, videoWidth: width, muted, paused } = video;
    return { timeS, width, muted, paused, frames, dropped };
  })()`);
}

/** Waits until the picture has gone on for so many seconds from now, or from where a new connection begins. */
async function playsOn(page: Page, seconds: number): Promise<void> {
  let { timeS: last } = await playback(page);
  let played = 0;
  await expect
    .poll(
      async () => {
        const { timeS } = await playback(page);
        if (timeS > last && timeS - last < 1) played += timeS - last;
        last = timeS;
        return played;
      },
      { timeout: 20_000, interval: 200 },
    )
    .toBeGreaterThan(seconds);
}

async function waitForText(page: Page, testId: string, text: string | RegExp): Promise<void> {
  const found = () => page.getByTestId(testId).textContent();
  const matcher = expect.poll(found, { timeout: 15_000 });
  await (typeof text === 'string' ? matcher.toBe(text) : matcher.toMatch(text));
}

function paintedColours(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('[data-testid=pieces] canvas');
    const { data } = canvas.getContext('2d').getImageData(0, canvas.height - 2, canvas.width, 1);
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) colours.add(data.slice(i, i + 3).join());
    return colours.size;
  })()`);
}
