import type { RunResult } from './result.js';
import type { Scenario } from './scenario.js';
import { type RunOptions, ScenarioRun } from './scenario-run.js';

export interface RunScenarioOptions extends RunOptions {
  /** Stops then, and says what came of it so far. */
  readonly stopAtMs?: number | undefined;
  /** Called after each virtual second. */
  readonly progress?: ((virtualMs: number) => void) | undefined;
}

/**
 * Runs a scenario to its end. Pure and synchronous: the same scenario and options give the same result.
 * @throws {RangeError} If the seed is out of range, or the scenario names a policy that is not ours.
 */
export function runScenario(scenario: Scenario, options: RunScenarioOptions): RunResult {
  const { stopAtMs = Infinity, progress } = options;
  const run = new ScenarioRun(scenario, options);
  const endMs = Math.min(stopAtMs, run.endMs);
  while (run.nowMs < endMs) {
    run.runUntil(Math.min(endMs, run.nowMs + 1000));
    progress?.(run.nowMs);
  }
  return run.result();
}
