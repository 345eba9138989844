/** The options that run, sweep and compare share, read and checked. */
import { availableParallelism } from 'node:os';
import { ofOption, parseCount, UsageError } from '@tstream/command-line';
import type { Command } from 'commander';
import { parseSetting, type Setting } from './settings.js';

export type Given = Readonly<Record<string, unknown>>;

export interface Options {
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly picker: string | undefined;
  readonly choker: string | undefined;
  readonly settings: readonly Setting[];
  readonly delivery: Delivery;
}

/** Where results go; a table goes to the terminal unless `json`. */
export interface Delivery {
  readonly csv: string | undefined;
  readonly report: string | undefined;
  readonly json: boolean;
}

export function declareOptions(command: Command, seeds: string): Command {
  return declareDelivery(
    command
      .option('--seed <n>', 'run this seed alone')
      .option('--seeds <n>', `run seeds 1 to n (default: ${seeds})`)
      .option('--set <path=value>', 'change one place of the scenario; may be repeated', collect, [])
      .option('--threads <n>', 'runs at a time (default: one a core)'),
  );
}

export function declarePolicies(command: Command): Command {
  return command
    .option('--picker <name|file>', "piece picker: a name, or a .ts or .js file (default: the scenario's)")
    .option('--choker <name|file>', "choker: a name, or a .ts or .js file (default: the scenario's)");
}

function declareDelivery(command: Command): Command {
  return command
    .option('--csv <folder>', 'write runs.csv, classes.csv, series.csv, wire.csv, fed-by.csv and hops.csv')
    .option('--report <file.html>', 'write one page with charts')
    .option('--json', 'everything as one line of JSON on standard output, and only that');
}

/** @throws {UsageError} One line: which option is wrong and what was expected. */
export function readOptions(given: Given, seedsDefault: number): Options {
  const text = (name: string) => given[name] as string | undefined;
  const seed = ofOption('--seed', text('seed'), parseCount);
  const seeds = ofOption('--seeds', text('seeds'), parseCount);
  if (seed !== undefined && seeds !== undefined)
    throw new UsageError('--seed and --seeds contradict each other: give one');
  return {
    seeds: seed === undefined ? Array.from({ length: seeds ?? seedsDefault }, (_, i) => i + 1) : [seed],
    threads: ofOption('--threads', text('threads'), parseCount) ?? availableParallelism(),
    picker: text('picker'),
    choker: text('choker'),
    settings: (given.set as readonly string[]).map(parseSetting),
    delivery: readDelivery(given),
  };
}

function readDelivery(given: Given): Delivery {
  return {
    csv: given.csv as string | undefined,
    report: given.report as string | undefined,
    json: given.json === true,
  };
}

function collect(text: string, sofar: readonly string[]): string[] {
  return [...sofar, text];
}
