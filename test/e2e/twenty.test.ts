import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startPeer, startSource, temporaryFolder } from './apps.js';
import { allPlay, story, troubles, type Viewer } from './recorders.js';

test('twenty viewers cost the source at most 2.2 times the bitrate, and none of them stalls', async () => {
  expect(await shareWithTwenty()).toBeLessThanOrEqual(2.2);
});

test('a source that may send 1.25 times the bitrate does, with twenty viewers, and none of them stalls', async () => {
  expect(await shareWithTwenty('--max-upload', String(Math.round(1.25 * CLIP_BITS_PER_SECOND)))).toBeLessThanOrEqual(
    1.25 * 1.1,
  );
});

/** @returns How many times its bitrate the source sends while twenty viewers play, all bytes on the wire counted. */
async function shareWithTwenty(...args: string[]): Promise<number> {
  const folder = temporaryFolder();
  const source = startSource(['--host', '127.0.0.1', '--port', '0', '--out', folder, ...args]);
  const { tstream } = await source.event('ready');
  const viewers: Viewer[] = [];
  for (let n = 1; n <= 20; n++) {
    viewers.push({ name: `viewer-${n}`, app: startPeer(['watch', tstream as string]) });
    await sleep(JOIN_EVERY_MS);
  }
  await allPlay(viewers, 90_000);
  await sleep(SETTLE_MS);

  const before = source.stats();
  const troublesBefore = troubles(viewers);
  await sleep(MEASURE_MS);
  const after = source.stats();
  expect(troubles(viewers), story(viewers, source)).toEqual(troublesBefore);
  expect(viewers.every(({ app }) => (app.stats().peers ?? 0) > 1)).toBe(true);
  return difference(after.upBytes, before.upBytes) / difference(after.inBytes, before.inBytes);
}

function difference(after = Number.NaN, before = Number.NaN): number {
  return after - before;
}

const CLIP_BITS_PER_SECOND = 579_040;
/** Each start costs half a second of one processor. */
const JOIN_EVERY_MS = 500;
/** The last one gathers its buffer. */
const SETTLE_MS = 3000;
const MEASURE_MS = 20_000;
