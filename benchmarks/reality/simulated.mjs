// The same scenario under virtual time.
import { runScenario } from '@tstream/swarm-sim';

/**
 * @param {import('@tstream/swarm-sim').Scenario} scenario
 * @param {number} seed
 */
export function runSimulated(scenario, seed) {
  const { classes, source } = runScenario(scenario, { seed });
  const { startUpMs, lagMs, stalls } = /** @type {import('@tstream/swarm-sim').ClassFigures} */ (classes.honest);
  return { startUpMs: startUpMs.p50, sourceShare: source.uploadMultiple, lagMs: lagMs.p50, stalls };
}
