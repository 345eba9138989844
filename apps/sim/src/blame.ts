import { basename } from 'node:path';
import { oneLine } from '@tstream/command-line';
import type { Job } from './jobs.js';

/** Why a run failed, for a person: with the line of their own picker or choker in which it did, if it was there. */
export function blameOf(error: unknown, { seed, picker, choker }: Pick<Job, 'seed' | 'picker' | 'choker'>): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const { file } of [picker, choker]) {
    const line = file === undefined ? undefined : lineIn(stack, file);
    if (file !== undefined && line !== undefined) return `seed ${seed}: ${basename(file)}:${line}: ${oneLine(error)}`;
  }
  return `seed ${seed}: ${oneLine(error)}`;
}

/** The number of the innermost line of a file in a stack. */
function lineIn(stack: string, file: string): string | undefined {
  const at = stack.indexOf(`${file}:`);
  return at === -1 ? undefined : /^\d+/.exec(stack.slice(at + file.length + 1))?.[0];
}
