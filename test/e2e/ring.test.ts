import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { decodeMetainfo } from '../../packages/tstream-format/src/index.js';
import { type App, startSource, temporaryFolder, until } from './apps.js';
import { allEnd, startRecorder, story } from './recorders.js';
import { isPat, stretchesOf, writeLoopedClip } from './streams.js';

test('a ring of 40 s turns four times: memory stays, and recordings are exact across its seams', async () => {
  const folder = temporaryFolder();
  const input = writeLoopedClip(join(folder, 'input.ts'), 180);
  const ring = ['--ring', '40s', '--window', '10s', '--no-tracker'];
  const source = startSource([
    join(folder, 'input.ts'),
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--out',
    folder,
    ...ring,
  ]);
  const { tstream, port } = await source.event('ready');
  const ringPieces = ringPiecesOf(tstream as string);
  const joinAs = (name: string) =>
    startRecorder(tstream as string, folder, name, ['--host', '127.0.0.1', '--peer', `127.0.0.1:${port}`]);

  const viewers = [joinAs('first'), joinAs('second')];
  const memory: { source: number; viewer: number }[] = [];
  for (let turn = 1; turn <= 4; turn++) {
    await until(`turn ${turn}`, () => (source.stats().seq ?? 0) >= turn * ringPieces, 60_000);
    // In another phase of the ring than the first ones.
    if (turn === 2) viewers.push(joinAs('late'));
    memory.push(await medianMemory(source, (viewers[0] as { app: App }).app));
  }
  expect(await allEnd(viewers, source), story(viewers, source)).toEqual([0, 0, 0]);

  for (const { name, recording } of viewers) {
    const stretches = stretchesOf(recording(), input);
    expect(stretches, `${name}${story(viewers, source)}`).toEqual([
      { fromByte: expect.any(Number), toByte: input.length },
    ]);
    expect(isPat(input, stretches[0]?.fromByte as number)).toBe(true);
  }
  if (process.env['SHOW']) console.log(memory, ringPieces, story(viewers, source));
  const [first, ...later] = memory as [(typeof memory)[0], ...typeof memory];
  for (const { source: ofSource, viewer } of later) {
    const grownBytes = Math.max(ofSource - first.source, viewer - first.viewer);
    expect(grownBytes, JSON.stringify(memory)).toBeLessThan(20e6);
  }
});

function ringPiecesOf(tstream: string): number {
  const decoded = decodeMetainfo(readFileSync(tstream));
  if (!decoded.ok || decoded.value.kind !== 'live') throw new Error('expected a live stream');
  return decoded.value.ringPieces;
}

/** Resident memory, bytes: the median of some seconds, as it swings with the garbage. */
async function medianMemory(source: App, viewer: App): Promise<{ source: number; viewer: number }> {
  const samples = { source: [] as number[], viewer: [] as number[] };
  for (let i = 0; i < SAMPLES; i++) {
    samples.source.push(residentBytes(source));
    samples.viewer.push(residentBytes(viewer));
    await sleep(SAMPLE_MS);
  }
  return { source: median(samples.source), viewer: median(samples.viewer) };
}

function residentBytes({ child }: App): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

const SAMPLES = 15;
const SAMPLE_MS = 400;
