// Does the simulator tell the truth? Twelve processes on narrow lines, and the same scenario simulated, side by side.
// node benchmarks/reality/run.mjs [--runs 5] [--seconds N]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseScenario } from '@tstream/swarm-sim';
import { median } from '../common/statistics.mjs';
import { missing } from './needs.mjs';
import { preparedFor } from './real.mjs';
import { testSwitch } from './self-test.mjs';
import { runSimulated } from './simulated.mjs';

const SCENARIO = new URL('../../scenarios/reality-12.json', import.meta.url);
/** Real over simulated may be so far from 1. */
const BOUND = 0.25;
/** A switch that was later than this with one packet of a hundred has added to all delays. */
const LATE_MS_MAX = 2;
/** What is sent must be the video that the scenario has. */
const BITRATE_TOLERANCE = 0.02;
/** @type {{ key: 'startUpMs' | 'sourceShare' | 'lagMs' | 'sentByAll', name: string, digits: number }[]} */
const FIGURES = [
  { key: 'startUpMs', name: 'start-up, ms', digits: 0 },
  { key: 'sourceShare', name: "source's share, × bitrate", digits: 2 },
  { key: 'lagMs', name: 'lag behind live, ms', digits: 0 },
  { key: 'sentByAll', name: 'sent by all, × bitrate', digits: 2 },
];

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
const { runs, scenario } = readOptions();
const lack = missing();
if (lack !== undefined) fail(lack);
const folder = mkdtempSync(join(tmpdir(), 'tstream-reality-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; ${scenario.title}\n`);
await checkSwitch();
const simulated = Array.from({ length: runs }, (_, i) => runSimulated(scenario, i + 1));
const run = preparedFor(scenario, folder);
/** @type {Awaited<ReturnType<typeof run>>[]} */
const real = [];
for (let i = 0; i < runs; i++) {
  const figures = await run();
  real.push(figures);
  console.log(`run ${i + 1} of ${runs}: ${JSON.stringify(rounded(figures))}`);
}
const disturbed = real.find(
  (one) => one.switchLateMs > LATE_MS_MAX || Math.abs(one.bitrateShare - 1) > BITRATE_TOLERANCE,
);
if (disturbed) fail('the machine was too busy: the switch woke up late, or the source could not keep up');
report();

async function checkSwitch() {
  console.log('| the switch | expected | found | |\n|---|---|---|---|');
  const checks = await testSwitch(Number(scenario.links.oneWayDelayMs));
  for (const { what, expected, found, ok } of checks) {
    console.log(`| ${what} | ${expected.toFixed(1)} | ${found.toFixed(1)} | ${ok ? '✓' : '✗'} |`);
  }
  console.log('');
  if (checks.some(({ ok }) => !ok)) fail('the switch is not what it should be: no figure from it can be believed');
}

function report() {
  console.log(
    '\n| median of runs | real | simulated | real / simulated | worst run | its ratio |\n|---|---|---|---|---|---|',
  );
  const missed = FIGURES.filter(({ key, name, digits }) => {
    const expected = median(simulated.map((figures) => figures[key]));
    const found = median(real.map((figures) => figures[key]));
    const worst = real.map((figures) => figures[key]).sort((a, b) => off(b / expected) - off(a / expected))[0] ?? 0;
    const [ratio, worstRatio] = [found / expected, worst / expected].map((each) => each.toFixed(2));
    const numbers = [found, expected].map((each) => each.toFixed(digits));
    console.log(`| ${[name, ...numbers, ratio, worst.toFixed(digits), worstRatio].join(' | ')} |`);
    return off(found / expected) > BOUND;
  });
  const stalls = [real, simulated].map((all) => all.map((figures) => figures.stalls).join(' '));
  console.log(`\nstalls of all viewers, run by run: real ${stalls[0]}; simulated ${stalls[1]}`);
  console.log(
    `within ${BOUND * 100} %: ${missed.length === 0 ? 'all' : `not ${missed.map(({ name }) => name).join('; ')}`}`,
  );
  process.exit(missed.length === 0 ? 0 : 1);
}

/** How far a ratio is from 1. @param {number} ratio */
function off(ratio) {
  return Math.abs(ratio - 1);
}

/** @param {Record<string, number>} figures */
function rounded(figures) {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Math.round(value * 1000) / 1000]));
}

function readOptions() {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, seconds: { type: 'string' } } });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) fail(`--runs ${values.runs}: expected a whole number from 1 on`);
  const json = JSON.parse(readFileSync(SCENARIO, 'utf8'));
  const parsed = parseScenario(values.seconds === undefined ? json : { ...json, seconds: Number(values.seconds) });
  if (!parsed.ok) return fail(`${parsed.path}: expected ${parsed.expected}, ${parsed.reason}`);
  return { runs, scenario: parsed.value };
}

/** @returns {never} @param {string} why */
function fail(why) {
  console.error(`reality: ${why}`);
  process.exit(1);
}
