import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Failure, systemReason } from '@tstream/command-line';
import { createLoopRewriter, isTransportStream, measureBitrate } from '@tstream/mpegts-cutter';
import type { Input } from './input.js';
import { pace } from './paced.js';

/** A transport stream in a file, by its own clock; looped, with continuous time stamps. */
export async function fileInput(path: string, loop: boolean): Promise<Input> {
  const prefix = await readPrefix(path);
  if (!isTransportStream(prefix)) {
    throw new Failure(
      `${path} is not an MPEG transport stream: convert it with ffmpeg, or give it another suffix to have that done`,
    );
  }
  const bitsPerSecond = measureBitrate(prefix);
  return {
    description: path,
    name: basename(path, extname(path)),
    bitsPerSecond,
    run: (sink, stop) =>
      pace(loop ? looped(path) : createReadStream(path), bitsPerSecond ?? FALLBACK_BITS_PER_SECOND, sink, stop),
  };
}

async function* looped(path: string): AsyncGenerator<Uint8Array> {
  const rewriter = createLoopRewriter();
  for (;;) {
    for await (const bytes of createReadStream(path)) yield rewriter.rewrite(bytes as Buffer);
    yield rewriter.nextLoop();
  }
}

async function readPrefix(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(PREFIX_BYTES), 0, PREFIX_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${systemReason(error)}`, { cause: error });
  }
}

/** Seconds of any broadcast: enough to measure the bitrate. */
const PREFIX_BYTES = 4 * 1024 * 1024;
/** Only for a stream without a clock. */
const FALLBACK_BITS_PER_SECOND = 2_000_000;
