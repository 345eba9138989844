/** Hands a study over: a table, JSON, CSV, the report; and says whether all is well. */
import { Failure } from '@tstream/command-line';
import { brokenBounds } from './bounds.js';
import { writeCsv } from './csv.js';
import type { Outcome } from './execute.js';
import type { Delivery } from './options.js';
import { writeReport } from './report.js';
import type { Study } from './study.js';
import { tellComparison } from './tell-compare.js';
import { tellVariant } from './tell-run.js';
import { tellSweep } from './tell-sweep.js';

/**
 * @throws {Failure} If not everything was run, a bound didn't hold, or a file can't be written; what there is has been handed over then.
 */
export async function deliver({ study, done, planned }: Outcome, to: Delivery): Promise<void> {
  if (done > 0) await handOver(study, to);
  if (done < planned) throw new Failure(`stopped: ${done} of ${planned} runs were done`);
  // A sweep and a comparison go where bounds break on purpose; their tables say so.
  const broken = study.kind === 'run' ? brokenBounds(study) : undefined;
  if (broken !== undefined) throw new Failure(broken);
}

async function handOver(study: Study, { csv, report, json }: Delivery): Promise<void> {
  process.stdout.write(`${json ? JSON.stringify(study) : tell(study)}\n`);
  if (csv !== undefined) await writeCsv(csv, study);
  if (report !== undefined) await writeReport(report, study);
  if (json) return;
  const places = [csv, report].filter((place) => place !== undefined);
  if (places.length > 0) process.stdout.write(`\nwritten: ${places.join(', ')}\n`);
}

function tell(study: Study): string {
  if (study.kind === 'sweep') return tellSweep(study);
  // A comparison that was stopped before its second side began is half of one.
  if (study.kind === 'compare' && study.variants.length === 2) return tellComparison(study);
  return study.variants.map((variant) => tellVariant(variant, process.stdout.columns ?? WIDTH)).join('\n\n\n');
}

/** Where nobody says how wide the terminal is. */
const WIDTH = 120;
