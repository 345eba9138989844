// Runs the tests tier by tier, says what it left out and why, and ends with one line of sums.
//   pnpm test                     every tier
//   pnpm test unit sim            these tiers
//   pnpm test unit -t 'a title'   further arguments go to vitest
// With CI=true nothing may be left out: a missing program fails the run, and so does a skipped test.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm, run } from './children.mjs';
import { describeMissing, PROGRAMS, programPath, TIERS } from './programs.mjs';

/** @typedef {import('./programs.mjs').Tier} Tier */
/** @typedef {import('./programs.mjs').Program} Program */
/** @typedef {{ fullName: string, status: string, failureMessages: string[], meta: { missing?: string[] } }} TestReport */
/** @typedef {{ name: string, status: string, message: string, assertionResults: TestReport[] }} FileReport */
/** @typedef {{ passed: number, failed: number, skipped: string[], failures: string[], retried: string[] }} Outcome */

/**
 * Which projects of vitest.config.ts make up a tier: each inner list is one run of vitest, and the runs go on at the same time.
 * @type {Readonly<Record<Tier, readonly (readonly string[])[]>>}
 */
const PROJECTS = {
  unit: [['unit', 'sockets']],
  sim: [['sim']],
  e2e: [['e2e'], ['e2e-beside']],
  interop: [['interop']],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const inCi = process.env['CI'] === 'true';
const { tiers, vitestArguments } = parseArguments(process.argv.slice(2));
const total = { passed: 0, failed: 0, skipped: 0 };

const missing = missingPrograms(tiers);
for (const program of missing) console.log(`missing: ${describeMissing(program)}`);
if (inCi && missing.length > 0) finish({ ...total, failed: missing.length });

console.log('\n== build');
if ((await run(pnpm('build'), { cwd: root })) !== 0) finish({ ...total, failed: 1 });

const reports = mkdtempSync(join(tmpdir(), 'tstream-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
/** @type {string[]} */
const leftOut = [];
/** @type {string[]} */
const failures = [];
/** @type {string[]} */
const retried = [];
for (const tier of tiers) {
  const outcome = await runTier(tier);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped.length;
  leftOut.push(...outcome.skipped.map((test) => `${tier}: ${test}`));
  failures.push(...outcome.failures.map((test) => `${tier}: ${test}`));
  retried.push(...outcome.retried.map((test) => `${tier}: ${test}`));
}
const filtered = vitestArguments.length > 0;
if (filtered && total.passed + total.failed === 0) {
  console.log('no test ran');
  total.failed += 1;
}
if (leftOut.length > 0 && !filtered) {
  console.log(`\n== left out\n${leftOut.join('\n')}`);
  if (inCi) total.failed += leftOut.length;
}
// Once more, at the end: what failed in an earlier tier stands thousands of lines above.
if (retried.length > 0) console.log(`\n== passed only when run again\n${retried.join('\n')}`);
if (failures.length > 0) console.log(`\n== failed\n${failures.join('\n')}`);
console.log('');
finish(total);

/**
 * @param {Tier} tier
 * @returns {Promise<Outcome>}
 */
async function runTier(tier) {
  console.log(`\n== ${tier}`);
  const outcomes = await Promise.all(PROJECTS[tier].map(runProjects));
  const outcome = {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
    skipped: outcomes.flatMap(({ skipped }) => skipped),
    failures: outcomes.flatMap(({ failures }) => failures),
    retried: outcomes.flatMap(({ retried }) => retried),
  };
  if (vitestArguments.length === 0 && outcome.passed + outcome.failed + outcome.skipped.length === 0) {
    console.log(`${tier}: no test ran`);
    outcome.failed = 1;
  }
  return outcome;
}

/**
 * @param {readonly string[]} projects
 * @returns {Promise<Outcome>}
 */
async function runProjects(projects) {
  const report = join(reports, `${projects.join('+')}.json`);
  const chosen = projects.flatMap((project) => ['--project', project]);
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...chosen, '--passWithNoTests'];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  // By itself vitest leaves one core idle: of two, half. End-to-end tests run one file at a time, whatever there is.
  const oneByOne = ['e2e', 'e2e-beside', 'interop'].some((project) => projects.includes(project));
  const workers = oneByOne ? [] : [`--maxWorkers=${availableParallelism()}`];
  const command = [process.execPath, ...vitest, ...reporters, ...workers, ...vitestArguments];
  const exitCode = await run(command, { cwd: root });
  const outcome = readReport(report);
  if (exitCode !== 0 && outcome.failed === 0) {
    outcome.failures.push(`${projects.join(', ')}: vitest ended with ${exitCode}`);
    outcome.failed = 1;
  }
  return outcome;
}

/**
 * @param {string} path
 * @returns {Outcome}
 */
function readReport(path) {
  /** @type {Outcome} */
  const outcome = { passed: 0, failed: 0, skipped: [], failures: [], retried: [] };
  /** @type {FileReport[]} */
  let files;
  try {
    files = JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return outcome; // vitest died before it wrote one; its exit code tells
  }
  for (const file of files) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    // A file that fails without a failing test did not load, or failed in a hook.
    const broken = failed.length === 0 && file.status === 'failed';
    outcome.failed += broken ? 1 : failed.length;
    if (broken) outcome.failures.push(`${relative(root, file.name)}: ${file.message}`);
    outcome.failures.push(...failed.map((test) => describeFailed(file, test)));
    const passed = file.assertionResults.filter((test) => test.status === 'passed');
    outcome.passed += passed.length;
    // A test that failed first, and then passed, keeps what it failed with.
    const twice = passed.filter((test) => test.failureMessages.length > 0);
    outcome.retried.push(...twice.map((test) => describeFailed(file, test)));
    const skipped = file.assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed');
    outcome.skipped.push(...skipped.map((test) => describeSkipped(file, test)));
  }
  return outcome;
}

/**
 * @param {FileReport} file
 * @param {TestReport} test
 */
function describeFailed(file, test) {
  return `${relative(root, file.name)} > ${test.fullName}\n${test.failureMessages.join('\n').replace(/^/gm, '    ')}`;
}

/**
 * @param {FileReport} file
 * @param {TestReport} test
 */
function describeSkipped(file, test) {
  const why = test.meta.missing ?? [];
  return `${relative(root, file.name)} > ${test.fullName}: ${why.length > 0 ? `missing ${why.join(', ')}` : 'skipped in the file'}`;
}

/** @param {readonly Tier[]} chosen */
function missingPrograms(chosen) {
  const programs = /** @type {Program[]} */ (Object.keys(PROGRAMS));
  const wanted = programs.filter((program) => PROGRAMS[program].tiers.some((tier) => chosen.includes(tier)));
  return wanted.filter((program) => programPath(program) === undefined);
}

/** @param {readonly string[]} given */
function parseArguments(given) {
  const rest = given.filter((argument) => argument !== '--');
  const firstOther = rest.findIndex((argument) => !isTier(argument));
  const count = firstOther === -1 ? rest.length : firstOther;
  const named = rest.slice(0, count).filter(isTier);
  return { tiers: named.length > 0 ? named : TIERS, vitestArguments: rest.slice(count) };
}

/**
 * @param {string} word
 * @returns {word is Tier}
 */
function isTier(word) {
  return TIERS.some((tier) => tier === word);
}

/** @param {{ passed: number, failed: number, skipped: number }} sums */
function finish(sums) {
  console.log(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
  process.exit(sums.failed === 0 ? 0 : 1);
}
