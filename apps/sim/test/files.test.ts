/** What goes into files: CSV, the report, the trace. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { csvFiles } from '../src/csv.js';
import { fillPage } from '../src/report.js';
import { createTraceFile } from '../src/trace-file.js';
import { resultOf, SCENARIO, studyOf, variantOf } from './studies.js';

const study = studyOf('sweep', [variantOf('a,"b"', [resultOf(1), resultOf(2)])], 'x');
const rows = (name: string) => (csvFiles(study)[name] ?? '').trimEnd().split('\n');

test('seven tables, each with the same first columns', () => {
  expect(Object.keys(csvFiles(study))).toEqual([
    'runs.csv',
    'classes.csv',
    'series.csv',
    'wire.csv',
    'fed-by.csv',
    'hops.csv',
    'fed-by-peers.csv',
  ]);
  for (const name of Object.keys(csvFiles(study))) expect(rows(name)[0]).toMatch(/^variant,seed,picker,choker,/);
  expect(rows('runs.csv')).toHaveLength(3);
  expect(rows('classes.csv')).toHaveLength(1 + 2 * 4);
  expect(rows('series.csv')).toHaveLength(1 + 2 * 20);
  expect(rows('fed-by.csv')[1]).toBe('"a,""b""",1,default,default,10,viewers,source,100000');
  // Where nothing was sent there is no row.
  expect(rows('fed-by.csv')).toHaveLength(1 + 2 * 5);
  expect(
    rows('fed-by-peers.csv')
      .slice(1)
      .map((row) => row.split(',').slice(-6).join()),
  ).toEqual(['10,2,viewers,1,viewers,16384', '10,2,viewers,1,viewers,16384']);
});

test('pairs of peers of a large swarm are in no file', () => {
  const large = resultOf(1, { fedBy: { ...resultOf(1).fedBy, peers: null } });
  expect(Object.keys(csvFiles(studyOf('run', [variantOf('', [large])])))).not.toContain('fed-by-peers.csv');
});

test('the report keeps pairs of peers of the first seed', () => {
  const page = fillPage('<script type="application/json" id="study">null</script>', study);
  const { variants } = JSON.parse(page.slice(page.indexOf('>{') + 1, page.indexOf('</script>'))) as typeof study;
  expect(variants[0]?.results.map(({ fedBy }) => fedBy.peers === null)).toEqual([false, true]);
});

test('a figure that is none is an empty cell', () => {
  const { source } = resultOf(1);
  const odd = studyOf('run', [
    variantOf('', [resultOf(1, { scenario: 'odd', source: { ...source, uploadMultiple: Number.NaN } })]),
  ]);
  const [head = '', row = ''] = (csvFiles(odd)['runs.csv'] ?? '').split('\n');
  const at = head.split(',').indexOf('source.uploadMultiple');
  expect(row.split(',')[at]).toBe('');
});

test('the columns that the guide tells of are those that are written', () => {
  const guide = readFileSync(new URL('../../../docs/research.md', import.meta.url), 'utf8');
  for (const [name, text] of Object.entries(csvFiles(study))) {
    const told = guide.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    const columns = (text.split('\n')[0] ?? '').split(',').slice(4);
    const named = columns.map((column) => column.replace(/\.(?:p50|p95|p99|max|mean)$/, ''));
    for (const column of named) expect(told, `${name}: ${column}`).toContain(`\`${column}`);
  }
});

test('no text in a study ends the element that it stands in', () => {
  const hostile = variantOf('</script><script>alert(1)</script>', [resultOf(1)], { ...SCENARIO, title: "$& $' <!--" });
  const page = fillPage('<p><script type="application/json" id="study">null</script></p>', studyOf('run', [hostile]));
  expect(page.match(/<\/?script/g)).toHaveLength(2);
  const json = page.slice(page.indexOf('>{') + 1, page.indexOf('</script>'));
  expect(JSON.parse(json)).toEqual(studyOf('run', [hostile]));
});

test('a page without a place for the study is refused', () => {
  expect(() => fillPage('<p></p>', study)).toThrow(/expected <script/);
});

test('a trace is one JSON object a line, after one that says of what', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tstream-trace-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const policy = { kind: 'picker', label: 'default', file: undefined } as const;
  const job = {
    scenario: SCENARIO,
    seed: 3,
    picker: policy,
    choker: policy,
    stopAtMs: undefined,
    traceFile: undefined,
    delayFile: undefined,
  };
  const file = createTraceFile(join(folder, 't.jsonl'), job);
  const records = [
    { what: 'came', atUs: 0, peer: 0, of: 'source' },
    { what: 'message', atUs: 5, from: 0, to: 1, type: 'offer', bytes: 200, seq: 4 },
  ] as const;
  for (const record of records) file.write(record);
  file.close();
  const [head, ...lines] = readFileSync(join(folder, 't.jsonl'), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(head ?? '')).toMatchObject({ format: 'tstream-trace/1', scenario: SCENARIO.title, seed: 3 });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(records);
  expect(() => createTraceFile(join(folder, 'none', 't.jsonl'), job)).toThrow(/cannot write .*no such file or folder/);
});
