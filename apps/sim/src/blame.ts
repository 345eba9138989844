import { blameFile, oneLine } from '@tstream/command-line';
import type { Job } from './jobs.js';

/** Why a run failed, for a person: with the line of their own picker or choker in which it did, if it was there. */
export function blameOf(error: unknown, { seed, picker, choker }: Pick<Job, 'seed' | 'picker' | 'choker'>): string {
  const files = [picker, choker].flatMap(({ file }) => file ?? []);
  const blamed = files.map((file) => blameFile(error, file)).find((told) => told !== undefined);
  return `seed ${seed}: ${blamed ?? oneLine(error)}`;
}
