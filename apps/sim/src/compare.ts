/** `tstream-sim compare`: two policies in one scenario, or two saved results, over paired seeds. */
import { readFile } from 'node:fs/promises';
import { Failure, systemReason, UsageError } from '@tstream/command-line';
import type { Command } from 'commander';
import { deliver } from './deliver.js';
import { execute, planVariant } from './execute.js';
import { declareOptions, declarePolicies, type Given, readOptions } from './options.js';
import { policyNames } from './policies.js';
import { readScenarioFile } from './scenario-file.js';
import { STUDY_FORMAT, type Study, type Variant } from './study.js';

export function declareCompare(command: Command): Command {
  return declareOptions(declarePolicies(command), `1 to ${SEEDS}`)
    .option('--scenario <file>', 'A and B are policies, and this is what they are tried in')
    .option(
      '--of <kind>',
      "what A and B are: 'picker' or 'choker' (default: pickers, unless only chokers are called so)",
    );
}

export async function compare(a: string, b: string, given: Given, stop: AbortSignal): Promise<void> {
  const options = readOptions(given, SEEDS);
  const path = given.scenario as string | undefined;
  if (path === undefined) {
    // One after the other: of two that cannot be read, the first is the one that is told.
    const variants = [await readSaved(a), await readSaved(b)] as const;
    const study: Study = { format: STUDY_FORMAT, kind: 'compare', over: null, variants: pairable(variants) };
    return deliver({ study, done: 2, planned: 2 }, options.delivery);
  }
  const kind = kindOf(given.of as string | undefined, a, b);
  if (options[kind] !== undefined)
    throw new UsageError(`--${kind} contradicts ${a} and ${b}, which are ${kind}s: leave it out`);
  const file = await readScenarioFile(path);
  const variants = [a, b].map((policy) => {
    const planned = planVariant(file, { ...options, [kind]: policy }, '');
    return { ...planned, label: planned[kind].label };
  });
  const what = { kind: 'compare', over: null, variants } as const;
  await deliver(await execute(what, options, { stopAtMs: undefined, traceFile: undefined }, stop), options.delivery);
}

function kindOf(text: string | undefined, a: string, b: string): 'picker' | 'choker' {
  if (text === 'picker' || text === 'choker') return text;
  if (text !== undefined) throw new UsageError(`--of '${text}' is unknown: expected picker or choker`);
  const isPicker = (name: string) => policyNames('picker').includes(name) || policyNames('vodPicker').includes(name);
  const onlyChoker = (name: string) => policyNames('choker').includes(name) && !isPicker(name);
  return onlyChoker(a) || onlyChoker(b) ? 'choker' : 'picker';
}

/** @throws {Failure} If the file holds no result of one run. */
async function readSaved(path: string): Promise<Variant> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${systemReason(error)}; to compare two policies, give --scenario FILE`, {
      cause: error,
    });
  }
  const study = parseStudy(text);
  const [variant, ...others] = study?.variants ?? [];
  if (variant === undefined) throw new Failure(`${path} is no saved result: expected what run --json wrote`);
  if (others.length > 0)
    throw new Failure(`${path} holds ${others.length + 1} results: expected one, as run --json writes it`);
  return { ...variant, label: path };
}

/** A package runner may have written lines of its own around it. */
function parseStudy(text: string): Study | undefined {
  const line = text.split('\n').find((line) => line.startsWith('{'));
  try {
    const study = JSON.parse(line ?? '') as Study;
    return study.format === STUDY_FORMAT ? study : undefined;
  } catch {
    return undefined;
  }
}

function pairable(variants: readonly [Variant, Variant]): readonly [Variant, Variant] {
  const [a, b] = variants;
  if (a.results.some(({ seed }) => b.results.some((other) => other.seed === seed))) return variants;
  throw new Failure(`${a.label} and ${b.label} share no seed: run both with the same --seeds`);
}

/** Enough for an interval that says something, few enough to wait for. A guess. */
const SEEDS = 5;
