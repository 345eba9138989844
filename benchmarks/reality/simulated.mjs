// The same scenario under virtual time.
import { runScenario } from '@tstream/swarm-sim';

/**
 * @param {import('@tstream/swarm-sim').Scenario} scenario
 * @param {number} seed
 */
export function runSimulated(scenario, seed) {
  const { classes, source, wireBytes } = runScenario(scenario, { seed });
  const { startUpMs, lagMs, stalls } = /** @type {import('@tstream/swarm-sim').ClassFigures} */ (classes.honest);
  const bitsSent = Object.values(wireBytes).reduce((sum, bytes) => sum + 8 * bytes, 0);
  const sentByAll = bitsSent / (scenario.seconds - scenario.measureFromSeconds) / scenario.video.bitsPerSecond;
  return { startUpMs: startUpMs.p50, sourceShare: source.uploadMultiple, lagMs: lagMs.p50, sentByAll, stalls };
}
