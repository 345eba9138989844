import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Failure, systemReason } from '@tstream/command-line';
import { clipInput } from './clip.js';
import { ffmpegInput } from './ffmpeg.js';
import { fileInput } from './file.js';
import type { Input } from './input.js';
import { standardInput } from './standard-input.js';

/**
 * Finds out what INPUT means: nothing = the test clip, `-` = standard input, a `.ts` file, or anything that ffmpeg reads.
 * @throws {Failure} If there is no such file, or it can't be broadcast.
 */
export async function chooseInput(argument: string | undefined, loop: boolean): Promise<Input> {
  if (argument === undefined) return clipInput();
  if (argument === '-') return standardInput();
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(argument)) return ffmpegInput(argument, { isUrl: true, loop });
  await expectFile(argument);
  const suffix = extname(argument).toLowerCase();
  if (TRANSPORT_STREAM_SUFFIXES.has(suffix)) return fileInput(argument, loop);
  return ffmpegInput(argument, { isUrl: false, loop });
}

async function expectFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) throw new Failure(`cannot read ${path}: it is a folder`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`cannot read ${path}: ${systemReason(error)}`, { cause: error });
  }
}

const TRANSPORT_STREAM_SUFFIXES: ReadonlySet<string> = new Set(['.ts', '.mpegts', '.m2t']);
