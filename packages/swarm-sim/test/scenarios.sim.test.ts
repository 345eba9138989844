import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseScenario, runScenario, type Scenario } from '../src/index.js';

const FOLDER = new URL('../../../scenarios/', import.meta.url);
const SEEDS = [1, 2];
/** Small enough to run always: viewers × seconds. Of a film, which is fewer and larger messages, a quarter of it. */
const SMALL = 2500;

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

function read(file: string): Scenario {
  const parsed = parseScenario(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.path}: expected ${parsed.expected}, ${parsed.reason}`);
  return parsed.value;
}

function size({ peers, seconds, video: { onDemand } }: Scenario): number {
  const viewers = peers.reduce((sum, { count }) => sum + count, 0);
  return viewers * (onDemand ? onDemand.seconds / 4 : seconds);
}

describe('scenarios', () => {
  test.each(files)('%s says what it must, and has bounds', (file) => {
    expect(read(file).bounds.length).toBeGreaterThan(0);
  });

  test.each(files.filter((file) => size(read(file)) <= SMALL))('%s stays within its bounds', (file) => {
    const scenario = read(file);
    const broken = SEEDS.flatMap((seed) =>
      runScenario(scenario, { seed }).failedBounds.map(({ bound, found }) => ({ seed, ...bound, found })),
    );
    const distance = ({ found, atMost = 0, atLeast = atMost }: (typeof broken)[number]) =>
      typeof atLeast === 'number' ? Math.abs(found / atLeast - 1) : 0;
    // The worst seed of what a number bounds first, so that a failure begins with it.
    expect(broken.sort((a, b) => distance(b) - distance(a))).toEqual([]);
  });
});
