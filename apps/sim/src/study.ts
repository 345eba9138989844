/** What a command ran: variants of a scenario, each over the same seeds. `--json` saves it, `compare` reads it, the report draws it. */
import type { RunResult, Scenario } from '@tstream/swarm-sim';
import { limitsOf } from './limits.js';
import { formatFigure } from './words.js';

export interface Study {
  readonly format: typeof STUDY_FORMAT;
  readonly kind: 'run' | 'sweep' | 'compare';
  /** The swept path, `peers.viewers.count`; null unless this is a sweep. */
  readonly over: string | null;
  /** At least one; the variants of a comparison are two. */
  readonly variants: readonly Variant[];
}

/** One scenario under one pair of policies. */
export interface Variant {
  /** How it differs from the others, in a word: the swept value, the name of a policy, the file; empty for one alone. */
  readonly label: string;
  readonly scenario: Scenario;
  readonly picker: string;
  readonly choker: string;
  /** By ascending seed; fewer than asked for where the study was stopped. */
  readonly results: readonly RunResult[];
}

/** Changes whenever an older reader would misread a study. */
export const STUDY_FORMAT = 'tstream-study/2';

/** How many viewers there are: `60`, or of a sweep over their number `10 to 1 000`. */
export function viewersOf(variants: readonly Variant[]): string {
  const counts = variants.map(({ scenario }) => limitsOf(scenario).viewers);
  const ends = new Set([Math.min(...counts), Math.max(...counts)]);
  return [...ends].map((count) => formatFigure(count, 'count')).join(' to ');
}
