import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createLooper, measureBitrate } from '@tstream/mpegts-cutter';
import type { Input } from './input.js';
import { pace } from './paced.js';

/** The clip that comes with the program, for ever: a broadcast that needs no camera and no encoder. */
export async function clipInput(): Promise<Input> {
  const clip = await readFile(createRequire(import.meta.url).resolve('@tstream/source/clip.mpegts'));
  const bitsPerSecond = measureBitrate(clip);
  return {
    description: 'the test clip',
    name: 'test-clip',
    bitsPerSecond,
    run: (sink, stop) => pace(endless(clip), bitsPerSecond ?? FALLBACK_BITS_PER_SECOND, sink, stop),
  };
}

function* endless(clip: Uint8Array): Generator<Uint8Array> {
  const looper = createLooper(clip);
  for (;;) yield looper.read(PORTION_PACKETS);
}

const PORTION_PACKETS = 64;
/** Only for a clip without a clock. */
const FALLBACK_BITS_PER_SECOND = 1_000_000;
