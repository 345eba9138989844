/** Runs on worker threads: one run at a time each, as many at a time as there are threads. */
import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Failure, oneLine } from '@tstream/command-line';
import type { RunResult, Scenario } from '@tstream/swarm-sim';
import type { PolicyChoice } from './policies.js';

/** One run. */
export interface Job {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly picker: PolicyChoice;
  readonly choker: PolicyChoice;
  /** The table of delays that the scenario names, absolute. */
  readonly delayFile: string | undefined;
  /** Virtual time at which to stop for a look inside; undefined: the scenario's end. */
  readonly stopAtMs: number | undefined;
  readonly traceFile: string | undefined;
}

export type FromWorker =
  | { readonly type: 'progress'; readonly virtualMs: number }
  | { readonly type: 'done'; readonly result: RunResult }
  | { readonly type: 'failed'; readonly reason: string };

export interface JobsOptions {
  /** At least 1. */
  readonly threads: number;
  readonly stop: AbortSignal;
  readonly onProgress: (job: number, virtualMs: number) => void;
  readonly onDone: (job: number) => void;
  /** What a thread runs. */
  readonly worker?: URL;
}

/**
 * Runs jobs in their order.
 * @returns A result a job, in the order of the jobs; undefined for those that `stop` left undone.
 * @throws {Failure} If one fails; the others are given up.
 */
export async function runJobs(jobs: readonly Job[], options: JobsOptions): Promise<(RunResult | undefined)[]> {
  const { threads, stop, worker = new URL('./worker.js', import.meta.url) } = options;
  const results: (RunResult | undefined)[] = jobs.map(() => undefined);
  const count = Math.min(threads, jobs.length);
  // A thread's own limit is a fraction of the machine's memory, which a swarm of ten thousand doesn't fit in.
  const maxOldGenerationSizeMb = Math.max(1024, Math.floor((0.8 * totalmem()) / 2 ** 20 / count));
  const workers = Array.from(
    { length: count },
    () => new Worker(worker, { resourceLimits: { maxOldGenerationSizeMb } }),
  );
  const next = jobs.entries();
  const over = new AbortController();
  const ends = AbortSignal.any([stop, over.signal]);
  try {
    await Promise.all(
      workers.map(async (thread) => {
        for (const [index, job] of next) {
          if (ends.aborted) return;
          const result = await runOn(thread, job, ends, (virtualMs) => options.onProgress(index, virtualMs));
          if (result === undefined) return;
          results[index] = result;
          options.onDone(index);
        }
      }),
    );
  } finally {
    over.abort();
    await Promise.all(workers.map((thread) => thread.terminate()));
  }
  return results;
}

/** @returns Undefined if it was stopped. @throws {Failure} If the run failed. */
function runOn(
  thread: Worker,
  job: Job,
  stop: AbortSignal,
  onProgress: (virtualMs: number) => void,
): Promise<RunResult | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      stop.removeEventListener('abort', onStop);
      act();
    };
    const onMessage = (message: FromWorker) => {
      if (message.type === 'progress') onProgress(message.virtualMs);
      else if (message.type === 'done') settle(() => resolve(message.result));
      else settle(() => reject(new Failure(message.reason)));
    };
    const onError = (error: Error) => settle(() => reject(new Failure(threadReason(error, job), { cause: error })));
    const onExit = () => settle(() => reject(new Failure(`seed ${job.seed}: its thread ended before the run did`)));
    const onStop = () => settle(() => resolve(undefined));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    stop.addEventListener('abort', onStop);
    thread.postMessage(job, []);
  });
}

function threadReason(error: Error, { seed }: Job): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_WORKER_OUT_OF_MEMORY') return `seed ${seed}: ${oneLine(error)}`;
  return `seed ${seed} needs more memory than there is for each thread: give fewer --threads, or a smaller swarm`;
}
