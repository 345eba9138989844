/** How far the runs are: a bar in a terminal, a plain line for each run that is done elsewhere. */
import { formatDuration } from '@tstream/command-line';
import { createLogUpdate } from 'log-update';

export interface Progress {
  advance(job: number, virtualMs: number): void;
  done(job: number): void;
  close(): void;
}

/**
 * @param names - What each run is called, `seed 3`.
 * @param virtualMs - How much time passes in each.
 * @param out - Standard error, as results may be read by a program.
 */
export function createProgress(
  names: readonly string[],
  virtualMs: readonly number[],
  out: NodeJS.WriteStream = process.stderr,
): Progress {
  const reached = virtualMs.map(() => 0);
  const totalMs = sum(virtualMs);
  const startMs = performance.now();
  const bar = out.isTTY ? createLogUpdate(out) : undefined;
  let finished = 0;
  let shownMs = -Infinity;
  const show = () => {
    const nowMs = performance.now();
    if (!bar || nowMs - shownMs < SHOW_MS) return;
    shownMs = nowMs;
    bar(barLine(sum(reached) / totalMs, nowMs - startMs, `${finished} of ${names.length} runs done`));
  };
  const timer = bar && setInterval(show, SHOW_MS);
  return {
    advance(job, atMs) {
      reached[job] = Math.min(atMs, virtualMs[job] ?? 0);
      show();
    },
    done(job) {
      finished += 1;
      reached[job] = virtualMs[job] ?? 0;
      const tookMs = performance.now() - startMs;
      if (!bar) out.write(`${names[job]} done, ${finished} of ${names.length} after ${formatDuration(tookMs)}\n`);
      show();
    },
    close() {
      clearInterval(timer);
      bar?.clear();
      bar?.done();
    },
  };
}

/** `████████░░░░  42 %  3 of 10 runs done, 1 min 20 s left`. */
export function barLine(share: number, elapsedMs: number, text: string): string {
  const full = Math.floor(share * BAR_LENGTH);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_LENGTH - full);
  // The first seconds of a swarm are the cheap ones: what is left is told once it can be guessed.
  const left = share > 0.05 ? `, ${formatDuration((elapsedMs * (1 - share)) / share)} left` : '';
  return `${bar}  ${Math.floor(share * 100)} %  ${text}${left}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const BAR_LENGTH = 28;
const SHOW_MS = 200;
