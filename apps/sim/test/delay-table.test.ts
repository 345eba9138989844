import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseDelayTable, readDelayTable } from '../src/delay-table.js';
import { delayFileOf, scenarioOf } from '../src/scenario-file.js';
import { parseSetting } from '../src/settings.js';
import { SCENARIO } from './studies.js';

const cell = fc.oneof(fc.nat({ max: 2000 }), fc.double({ min: 0, max: 2000, noNaN: true, noDefaultInfinity: true }));
const table = fc
  .integer({ min: 1, max: 8 })
  .chain((n) => fc.array(fc.array(cell, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }));

test('parse(write(table)) ≡ table, by commas or blanks', () => {
  fc.assert(
    fc.property(table, fc.constantFrom(',', ', ', ' ', '\t'), fc.constantFrom('\n', '\r\n'), (table, apart, end) => {
      const text = table.map((row) => `${row.join(apart)}${end}`).join('');
      expect(parseDelayTable(text)).toEqual(table.map((row) => row.map(Number)));
    }),
  );
});

describe('a fault names its row and column', () => {
  test.each([
    ['', 'expected 1 to 4000 rows, got 0'],
    ['1,2\n3\n', 'row 2: expected 2 numbers, as many as rows, got 1'],
    ['1,2\n3,x\n', "row 2, column 2: expected a number from 0 on, got 'x'"],
    ['1,-1\n3,4\n', "row 1, column 2: expected a number from 0 on, got '-1'"],
    ['1,\n3,4\n', "row 1, column 2: expected a number from 0 on, got ''"],
  ])('%j', (text, fault) => {
    expect(parseDelayTable(text)).toBe(fault);
  });

  test('and its file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tstream-delays-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'king.csv');
    await expect(readDelayTable(path)).rejects.toThrow(/^cannot read .*king\.csv: no such file/);
    writeFileSync(path, '1,2');
    await expect(readDelayTable(path)).rejects.toThrow(/king\.csv: row 1: expected 1 numbers/);
  });
});

test('a table is looked for beside the scenario that names it; one named on the command line, where the person is', () => {
  const json = {
    ...SCENARIO,
    links: { ...SCENARIO.links, oneWayDelayMs: { matrix: { file: 'king.csv', times: 0.5 } } },
  };
  const file = { path: '/x/mine.json', json };
  expect(delayFileOf(file, [], scenarioOf(file, []))).toBe('/x/king.csv');
  const plain = { path: '/x/plain.json', json: SCENARIO };
  const given = [parseSetting('links.oneWayDelayMs={"matrix":{"file":"a.csv"}}')];
  expect(delayFileOf(plain, given, scenarioOf(plain, given))).toBe(join(process.cwd(), 'a.csv'));
  expect(delayFileOf(plain, [], scenarioOf(plain, []))).toBeUndefined();
});
