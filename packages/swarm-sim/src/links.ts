import { draw } from './distributions.js';
import { Places } from './places.js';
import { Random } from './random.js';
import type { Distribution, Scenario } from './scenario.js';

/** Milliseconds from the place of the row to that of the column, one way. */
export type DelayTable = readonly (readonly Distribution[])[];

/** How far peers are from each other. */
export interface Links {
  /** To be told of each peer that comes, by its number, before its delays are asked for. @param classIndex - Undefined: the source. */
  settle(number: number, classIndex: number | undefined): void;
  /** One-way delay between two peers by their numbers: whole milliseconds, at least 0, the same whenever it is asked for. */
  delayMs(from: number, to: number): number;
}

/**
 * @param measured - The table that the scenario names by its file.
 * @throws {RangeError} If it names one and there is none.
 */
export function createLinks(scenario: Scenario, seed: number, measured: DelayTable | undefined): Links {
  const { oneWayDelayMs } = scenario.links;
  if (typeof oneWayDelayMs === 'number' || !('matrix' in oneWayDelayMs))
    return { settle: () => {}, delayMs: pairwiseDelay(() => oneWayDelayMs, seed) };
  const { matrix } = oneWayDelayMs;
  const table = 'ms' in matrix ? matrix.ms : scaled(measured, matrix);
  const places = new Places(scenario, 'ms' in matrix ? matrix.regions : table.length, seed);
  return {
    settle: (number, classIndex) => places.settle(number, classIndex),
    delayMs: pairwiseDelay((from, to) => table[places.of(from)]?.[places.of(to)] as Distribution, seed),
  };
}

function scaled(
  measured: DelayTable | undefined,
  { file, times = 1 }: { readonly file: string; readonly times?: number | undefined },
): DelayTable {
  if (!measured) throw new RangeError(`links.oneWayDelayMs.matrix.file: expected the table of ${file} as an option`);
  return times === 1 ? measured : measured.map((row) => row.map((ms) => (typeof ms === 'number' ? ms * times : ms)));
}

/**
 * For each pair one draw, the same in both directions, so that nothing needs to be kept for the square of a swarm.
 * @param between - What is drawn from.
 */
function pairwiseDelay(between: (from: number, to: number) => Distribution, seed: number): Links['delayMs'] {
  const salt = new Random(seed).below(PAIR_SEEDS);
  return (from, to) => {
    const distribution = between(from, to);
    if (typeof distribution === 'number') return Math.max(0, Math.round(distribution));
    const pair = (Math.min(from, to) * PEERS_MAX + Math.max(from, to) + salt) % PAIR_SEEDS;
    return Math.min(DELAY_MS_MAX, Math.max(0, Math.round(draw(distribution, new Random(pair)))));
  };
}

/** More than a scenario may have. */
const PEERS_MAX = 1_000_000;
const PAIR_SEEDS = 2 ** 32;
/** What no path on earth takes: the tail of a distribution is cut there. */
const DELAY_MS_MAX = 2000;
