/** The laboratory as a person uses it: swarms run, swept and compared, and a report that a browser draws. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { needs, pathOf } from '../needs.js';
import { expectOneLine, runApp, spawnApp } from './command.js';

const TEMPLATE = fileURLToPath(new URL('../../apps/sim/template/', import.meta.url));
const SCENARIO = {
  title: 'Eight viewers',
  about: 'As small as a swarm can be.',
  seconds: 12,
  measureFromSeconds: 4,
  video: { bitsPerSecond: 1_000_000, pieceBytes: 16_384, entryEverySeconds: 1 },
  neighbours: 5,
  links: { oneWayDelayMs: 20, lossPerMillion: 0 },
  source: { upload: 3 },
  peers: [{ name: 'viewers', count: 8, upload: 1.5, download: 6, behaviour: 'honest' }],
  bounds: [{ metric: 'lossShare', atMost: 0.5 }],
};

let folder: string;
let scenario: string;
const at = (name: string) => join(folder, name);
const sim = (...args: string[]) => runApp('tstream-sim', args);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tstream-lab-'));
  scenario = write('small.json', SCENARIO);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  return at(name);
}

describe('run', () => {
  test('tells of a scenario, its seeds and its bounds', async () => {
    const { end, out, errors } = await sim('run', scenario, '--seeds', '2');
    expect(errors).toMatch(/^seed \d done, 1 of 2 after .*\nseed \d done, 2 of 2 after .*\n$/);
    expect(out).toMatch(/^Eight viewers\n8 viewers, 12 s, 2 seeds; picker default; choker default\n/);
    expect(out).toMatch(/^start-up, median +\d/m);
    expect(out).toMatch(/^✓ lossShare of honest at most 50\.0 %: worst .* with seed \d$/m);
    expect(end).toBe(0);
  });

  test('takes several scenarios, and names the one whose bound does not hold', async () => {
    const strict = write('strict.json', { ...SCENARIO, bounds: [{ metric: 'peers', atLeast: 9 }] });
    const { end, out, errors } = await sim('run', scenario, strict);
    expect(end).toBe(1);
    expect(out.match(/^Eight viewers$/gm)).toHaveLength(2);
    expect(errors).toMatch(/a bound did not hold: .*strict\.json: peers of honest at least 9: worst 8 with seed 1\n$/);
  });

  test('the same seed gives the same trace, whatever runs beside it', async () => {
    const alone = await sim('run', scenario, '--seed', '2', '--json');
    const beside = await sim('run', scenario, '--seeds', '3', '--json');
    const [first] = studyIn(alone.out).variants[0]?.results ?? [];
    expect(first?.seed).toBe(2);
    expect(studyIn(beside.out).variants[0]?.results[1]).toEqual(first);
  });

  test('a bound that does not hold is told with its worst seed, exit code 1', async () => {
    const starved = ['bounds.0.atMost=0', 'source.upload=0.5', 'lagSeconds=2'].flatMap((value) => ['--set', value]);
    const outcome = await sim('run', scenario, '--seeds', '2', ...starved);
    expect(outcome.end).toBe(1);
    expect(outcome.errors).toMatch(
      /^tstream-sim: a bound did not hold: lossShare of honest at most 0 %: worst .* with seed [12]/m,
    );
    expect(outcome.out).toMatch(/^✗ lossShare of honest/m);
  });

  test('writes CSV, a report and a trace', async () => {
    const files = ['--csv', at('csv'), '--report', at('run.html'), '--trace', at('run.jsonl')];
    const { end, out } = await sim('run', scenario, '--stop-at', '6', ...files);
    expect(end).toBe(0);
    expect(out).toMatch(/^8 viewers, 6 s, seed 1;/m);
    expect(out).toMatch(/^bounds are not judged/m);
    expect(readdirSync(at('csv')).sort()).toEqual([
      'classes.csv',
      'fed-by-peers.csv',
      'fed-by.csv',
      'hops.csv',
      'runs.csv',
      'series.csv',
      'wire.csv',
    ]);
    expect(readFileSync(at('csv/classes.csv'), 'utf8')).toMatch(
      /^variant,seed,picker,choker,class,peers,startUpMs\.p50,/,
    );
    const [head, ...records] = readFileSync(at('run.jsonl'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(head ?? '')).toMatchObject({ format: 'tstream-trace/1', seed: 1 });
    const kinds = new Set(records.map((line) => (JSON.parse(line) as { what: string }).what));
    expect(kinds).toEqual(new Set(['came', 'message', 'whole', 'read', 'event']));
  });

  test('Ctrl-C ends it, and says what was done', async () => {
    const { child, text } = spawnApp('tstream-sim', ['run', scenario, '--seeds', '500']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => text.errors, { timeout: 20_000 }).toContain('3 of 500');
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(text.errors).toMatch(/tstream-sim: stopped: \d+ of 500 runs were done\n$/);
    expect(text.out).toMatch(/^start-up, median/m);
  });
});

test('sweep has a line a value', async () => {
  const { end, out } = await sim('sweep', scenario, '--over', 'source.upload=2,3,4', '--report', at('sweep.html'));
  expect(end).toBe(0);
  expect(out.match(/^[234] .* held$/gm)).toHaveLength(3);
});

describe('compare', () => {
  test('a policy with itself is the same, seed by seed', async () => {
    const { end, out } = await sim('compare', 'default', 'default', '--scenario', scenario, '--seeds', '2');
    expect(end).toBe(0);
    expect(out).toMatch(/^behind live, median .* the same$/m);
    expect(out).toContain('2 paired seeds');
  });

  test("the guide's picker and choker, from files outside, against ours", async () => {
    const picker = write('mine.ts', readFileSync(join(TEMPLATE, 'my-picker.ts'), 'utf8'));
    const choker = write('mine-too.ts', readFileSync(join(TEMPLATE, 'my-choker.ts'), 'utf8'));
    const args = ['--scenario', scenario, '--seeds', '2', '--choker', choker, '--report', at('compare.html')];
    const { end, out, errors } = await sim('compare', 'rarest-first', picker, ...args);
    expect(errors).not.toMatch(/tstream-sim:/);
    expect(end).toBe(0);
    expect(out).toContain('choker mine-too.ts');
    expect(out).toMatch(/A: rarest-first +B: mine\.ts/);
    expect(out).toMatch(/^diffusion in τ, p99 .*(?:is better|noise|the same)$/m);
  });

  test('two saved results, with lines of a package runner around them', async () => {
    const a = await sim('run', scenario, '--seeds', '2', '--json');
    const b = await sim('run', scenario, '--seeds', '3', '--json', '--set', 'source.upload=6');
    const saved = [write('a.json', a.out), write('b.json', `\n> sim\n> node x\n\n${b.out}`)] as const;
    const { end, out } = await sim('compare', ...saved);
    expect(end).toBe(0);
    expect(out).toContain('2 paired seeds');
  });
});

test('list names scenarios, pickers and chokers', async () => {
  write('broken.json', { ...SCENARIO, seconds: 'long' });
  const { end, out } = await sim('list', folder);
  expect(end).toBe(0);
  expect(out).toMatch(/small\.json +8 × 12 s {2}Eight viewers$/m);
  expect(out).toMatch(/broken\.json .*seconds: expected a number/);
  expect(out).toMatch(/^pickers {6}default, .*rarest-first/m);
  expect(out).toMatch(/^chokers {6}default, .*tit-for-tat/m);
});

/** What is wrong, the arguments, the exit code and what the line says. */
const MISTAKES: readonly (readonly [wrong: string, args: () => string[], code: 1 | 2, says: RegExp])[] = [
  ['no such file', () => ['run', at('none.json')], 1, /cannot read .*none\.json: no such file/],
  ['no JSON', () => ['run', write('no.json', '{')], 1, /no\.json is not JSON/],
  [
    'a broken scenario',
    () => ['run', write('b.json', { ...SCENARIO, seconds: 'x' })],
    1,
    /b\.json: seconds: expected a number.*got "x"/,
  ],
  [
    'an unknown path',
    () => ['run', scenario, '--set', 'links.nope=1'],
    2,
    /--set links\.nope=1: links\.nope: expected no key but oneWay/,
  ],
  [
    'an unknown class',
    () => ['run', scenario, '--set', 'peers.x.count=1'],
    2,
    /--set peers\.x: no such path; peers has viewers/,
  ],
  [
    'a value out of range',
    () => ['run', scenario, '--set', 'source.upload=many'],
    2,
    /source\.upload: expected a number.*got "many"/,
  ],
  [
    'an unknown picker',
    () => ['run', scenario, '--picker', 'best'],
    2,
    /--picker 'best' is no picker: expected default, .*rarest-first/,
  ],
  [
    'an unknown choker',
    () => ['run', scenario, '--choker', 'best'],
    2,
    /--choker 'best' is no choker: expected default, .*tit-for-tat/,
  ],
  [
    'no such policy file',
    () => ['run', scenario, '--picker', at('none.ts')],
    1,
    /cannot read .*none\.ts: no such file/,
  ],
  [
    'a file without a picker',
    () => ['run', scenario, '--picker', write('a.ts', 'export const a = 1;')],
    1,
    /a\.ts exports no picker: expected an object with offer\(\) and want\(\)/,
  ],
  [
    'a file with a slip of the pen',
    () => ['run', scenario, '--picker', write('c.ts', 'export const = 1;')],
    1,
    /cannot load .*c\.ts: Unexpected token, line 1:/,
  ],
  ['seed and seeds', () => ['run', scenario, '--seed', '1', '--seeds', '2'], 2, /--seed and --seeds contradict/],
  ['a trace of many', () => ['run', scenario, '--seeds', '2', '--trace', at('t')], 2, /--trace writes one run/],
  ['a sweep over one value', () => ['sweep', scenario, '--over', 'source.upload=2'], 2, /expected several values/],
  ['a sweep over nothing', () => ['sweep', scenario], 2, /--over/],
  ['a comparison of no results', () => ['compare', scenario, scenario], 1, /small\.json is no saved result/],
  ['a comparison without a scenario', () => ['compare', 'default', 'random'], 1, /cannot read default.*--scenario/],
  [
    'a report where none can be',
    () => ['run', scenario, '--report', at('none/x.html')],
    1,
    /cannot write .*x\.html: no such file/,
  ],
];

test.each(MISTAKES)('%s is told in one line', async (_wrong, args, code, says) => {
  const outcome = await sim(...args());
  const errors = outcome.errors.replaceAll(/^seed .* done, .*\n/gm, '');
  expectOneLine({ ...outcome, errors }, code, says);
});

test('a picker that throws is told with the line of its file', async () => {
  const text = "export default {\n  offer() {\n    throw new Error('oh');\n  },\n  want: () => [],\n};\n";
  const outcome = await sim('run', scenario, '--picker', write('throws.ts', text));
  expect(outcome.errors).toMatch(/^tstream-sim: throws\.ts breaks a law of pickers: never throws/);
  expect(outcome.errors).toMatch(/^tstream-sim: seed 1: throws\.ts:3: oh$/m);
  expect(outcome.end).toBe(1);
});

describe('the report', needs('chromium'), () => {
  test.each(['run', 'sweep', 'compare'])(
    'of a %s is drawn, on either ground, and asks nobody for anything',
    async (kind) => {
      const browser = await chromium.launch({
        executablePath: pathOf('chromium'),
        args: ['--no-sandbox', '--disable-gpu'],
      });
      onTestFinished(() => browser.close());
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (line) => ['error', 'warning'].includes(line.type()) && problems.push(line.text()));
      page.on(
        'request',
        (request) => /^(?:file|data):/.test(request.url()) || problems.push(`asked for ${request.url()}`),
      );
      await page.goto(pathToFileURL(at(`${kind}.html`)).href);
      expect(await page.title()).toBe('Eight viewers');
      const drawn = () =>
        page.evaluate<number[]>(
          `[...document.querySelectorAll('.drawing')].map((d) => d.querySelectorAll('svg path').length)`,
        );
      const charts = { run: 13, sweep: 19, compare: 14 }[kind];
      await expect.poll(async () => (await drawn()).filter((paths) => paths > 3).length).toBe(charts);
      const pairs = () => page.evaluate<string>(`document.querySelector('.slider + .drawing').innerHTML`);
      const first = await pairs();
      await page.getByRole('slider').fill('0');
      await expect.poll(pairs).not.toBe(first);
      const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const light = await ground();
      await page.getByRole('button', { name: 'Light or dark' }).click();
      expect(await ground()).not.toBe(light);
      await page.setViewportSize({ width: 380, height: 800 });
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(380);
      expect(problems).toEqual([]);
    },
  );
});

interface Saved {
  readonly variants: readonly { readonly results: readonly { readonly seed: number }[] }[];
}

function studyIn(out: string): Saved {
  return JSON.parse(out) as Saved;
}
