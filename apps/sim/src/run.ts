/** `tstream-sim run`: scenarios over one or more seeds. */
import { UsageError } from '@tstream/command-line';
import type { Command } from 'commander';
import { deliver } from './deliver.js';
import { execute, planVariant } from './execute.js';
import { declareOptions, declarePolicies, type Given, readOptions } from './options.js';
import { readScenarioFile } from './scenario-file.js';

export function declareRun(command: Command): Command {
  return declareOptions(declarePolicies(command), 'seed 1 alone')
    .option('--trace <file>', 'write every message of the run, one JSON object a line; with one seed only')
    .option('--stop-at <seconds>', 'stop at this virtual time');
}

export async function run(paths: readonly string[], given: Given, stop: AbortSignal): Promise<void> {
  const options = readOptions(given, 1);
  const traceFile = given.trace as string | undefined;
  if (traceFile !== undefined && options.seeds.length * paths.length > 1) {
    throw new UsageError('--trace writes one run: give one file and one --seed');
  }
  const stopAtMs = stopAt(given.stopAt as string | undefined);
  const files = await Promise.all(paths.map(readScenarioFile));
  const variants = files.map((file) => planVariant(file, options, files.length > 1 ? file.path : ''));
  const what = { kind: 'run', over: null, variants } as const;
  await deliver(await execute(what, options, { stopAtMs, traceFile }, stop), options.delivery);
}

function stopAt(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--stop-at '${text}': expected seconds of virtual time, such as 12.5`);
  return Math.round(seconds * 1000);
}
