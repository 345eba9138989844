/** A worker thread: runs one scenario after another, and says how far it is. */
import { parentPort } from 'node:worker_threads';
import { runScenario } from '@tstream/swarm-sim';
import { blameOf } from './blame.js';
import { readDelayTable } from './delay-table.js';
import type { FromWorker, Job } from './jobs.js';
import { loadChoker, loadPicker, loadVodPicker } from './policies.js';
import { createTraceFile } from './trace-file.js';

const port = parentPort;
if (port === null) throw new Error('this file is for a worker thread: start cli.js instead');

const tell = (message: FromWorker) => port.postMessage(message);

port.on('message', (job: Job) => {
  run(job).then(
    (result) => tell({ type: 'done', result }),
    (error: unknown) => tell({ type: 'failed', reason: blameOf(error, job) }),
  );
});

async function run(job: Job) {
  const { scenario, seed, stopAtMs } = job;
  const isVod = job.picker.kind === 'vodPicker';
  const picker = isVod ? undefined : await loadPicker(job.picker);
  const vodPicker = isVod ? await loadVodPicker(job.picker) : undefined;
  const choker = await loadChoker(job.choker);
  const measuredDelays = job.delayFile === undefined ? undefined : await readDelayTable(job.delayFile);
  const trace = job.traceFile === undefined ? undefined : createTraceFile(job.traceFile, job);
  // What has no file is known to the scenario by its name.
  const policies = {
    picker: (picker ?? vodPicker) ? undefined : job.picker.label,
    choker: choker ? undefined : job.choker.label,
  };
  const result = runScenario(
    { ...scenario, policies },
    {
      seed,
      picker,
      vodPicker,
      choker,
      measuredDelays,
      stopAtMs,
      trace: trace?.write,
      progress: (virtualMs) => tell({ type: 'progress', virtualMs }),
    },
  );
  trace?.close();
  return { ...result, picker: job.picker.label, choker: job.choker.label };
}
