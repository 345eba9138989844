/** `tstream-sim sweep`: one place of a scenario takes one value after another. */
import type { Command } from 'commander';
import { deliver } from './deliver.js';
import { execute, planVariant, withOneMore } from './execute.js';
import { declareOptions, declarePolicies, type Given, readOptions } from './options.js';
import { readScenarioFile } from './scenario-file.js';
import { parseSweep } from './settings.js';

export function declareSweep(command: Command): Command {
  return declareOptions(declarePolicies(command), 'seed 1 alone').requiredOption(
    '--over <path=a,b,c>',
    'the place in the scenario, and its values',
  );
}

export async function sweep(path: string, given: Given, stop: AbortSignal): Promise<void> {
  const options = readOptions(given, 1);
  const settings = parseSweep(given.over as string);
  const file = await readScenarioFile(path);
  const variants = settings.map((setting) => planVariant(file, withOneMore(options, setting), labelOf(setting.value)));
  const what = { kind: 'sweep', over: settings[0]?.path ?? '', variants } as const;
  await deliver(await execute(what, options, { stopAtMs: undefined, traceFile: undefined }, stop), options.delivery);
}

function labelOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
