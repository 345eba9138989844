/** From what is to be run to a study of it. */
import { UsageError } from '@tstream/command-line';
import type { Scenario } from '@tstream/swarm-sim';
import { readDelayTable } from './delay-table.js';
import { type Job, runJobs } from './jobs.js';
import type { Options } from './options.js';
import { choosePolicy, kindOfPicker, type PolicyChoice, tryPolicy } from './policies.js';
import { createProgress } from './progress.js';
import { delayFileOf, policyFolder, type ScenarioFile, scenarioOf } from './scenario-file.js';
import type { Setting } from './settings.js';
import { STUDY_FORMAT, type Study } from './study.js';

export interface Planned {
  readonly label: string;
  readonly scenario: Scenario;
  readonly picker: PolicyChoice;
  readonly choker: PolicyChoice;
  /** Where the table of delays is that the scenario names. */
  readonly delayFile: string | undefined;
}

/**
 * One variant: a scenario's file with settings made, under the policies of the command line, else its own, else the default.
 * @throws {Failure | UsageError} If the scenario, a setting or a policy makes no sense.
 */
export function planVariant(
  file: ScenarioFile,
  options: Pick<Options, 'settings' | 'picker' | 'choker'>,
  label: string,
): Planned {
  const scenario = scenarioOf(file, options.settings);
  const policy = (kind: 'picker' | 'choker') => {
    const own = scenario.policies?.[kind];
    const text = options[kind] ?? own ?? 'default';
    const folder = options[kind] === undefined ? policyFolder(file, options.settings, kind) : process.cwd();
    try {
      return choosePolicy(kind === 'picker' ? kindOfPicker(scenario) : kind, text, folder);
    } catch (error) {
      if (!(error instanceof UsageError) || options[kind] === undefined) throw error;
      throw new UsageError(`--${kind} ${error.message}`);
    }
  };
  const delayFile = delayFileOf(file, options.settings, scenario);
  return { label, scenario, picker: policy('picker'), choker: policy('choker'), delayFile };
}

export interface Outcome {
  readonly study: Study;
  readonly done: number;
  readonly planned: number;
}

/**
 * Runs every variant with every seed.
 * @returns What was done before `stop`; variants without a result are left out.
 * @throws {Failure} If a run or a policy's file fails.
 */
export async function execute(
  what: Pick<Study, 'kind' | 'over'> & { readonly variants: readonly Planned[] },
  options: Pick<Options, 'seeds' | 'threads'>,
  extras: Pick<Job, 'stopAtMs' | 'traceFile'>,
  stop: AbortSignal,
): Promise<Outcome> {
  const policies = what.variants.flatMap(({ picker, choker }) => [picker, choker]);
  for (const policy of new Map(policies.map((policy) => [`${policy.kind} ${policy.file}`, policy])).values()) {
    const broken = await tryPolicy(policy);
    if (broken !== undefined) process.stderr.write(`tstream-sim: ${broken}; a real peer would refuse it\n`);
  }
  for (const { delayFile } of what.variants) if (delayFile !== undefined) await readDelayTable(delayFile);
  // Seed by seed: what is stopped half way has the same seeds of each variant.
  const runs = options.seeds.flatMap((seed) => what.variants.map((variant) => ({ variant, seed })));
  const jobs = runs.map(({ variant: { scenario, picker, choker, delayFile }, seed }) => ({
    scenario,
    seed,
    picker,
    choker,
    delayFile,
    ...extras,
  }));
  const names = runs.map(({ variant, seed }) =>
    variant.label === '' ? `seed ${seed}` : `${variant.label}, seed ${seed}`,
  );
  const endsMs = jobs.map(({ scenario, stopAtMs }) => Math.min(stopAtMs ?? Infinity, scenario.seconds * 1000));
  const progress = createProgress(names, endsMs);
  try {
    const results = await runJobs(jobs, {
      threads: options.threads,
      stop,
      onProgress: progress.advance,
      onDone: progress.done,
    });
    const variants = what.variants.map((variant) => ({
      label: variant.label,
      scenario: variant.scenario,
      picker: variant.picker.label,
      choker: variant.choker.label,
      results: results.filter((result, i) => runs[i]?.variant === variant && result !== undefined),
    })) as Study['variants'];
    const study: Study = {
      format: STUDY_FORMAT,
      kind: what.kind,
      over: what.over,
      variants: variants.filter((variant) => variant.results.length > 0),
    };
    return { study, done: results.filter((result) => result !== undefined).length, planned: jobs.length };
  } finally {
    progress.close();
  }
}

/** The settings of the command line, then one more. */
export function withOneMore(options: Options, setting: Setting): Options {
  return { ...options, settings: [...options.settings, setting] };
}
