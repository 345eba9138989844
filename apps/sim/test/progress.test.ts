import { expect, test } from 'vitest';
import { blameOf } from '../src/blame.js';
import { barLine, createProgress } from '../src/progress.js';

test('the bar fills, and says what is left once that can be guessed', () => {
  expect(barLine(0, 0, '0 of 4 runs done')).toBe(`${'░'.repeat(28)}  0 %  0 of 4 runs done`);
  expect(barLine(0.5, 30_000, '2 of 4 runs done')).toBe(
    `${'█'.repeat(14)}${'░'.repeat(14)}  50 %  2 of 4 runs done, 30 s left`,
  );
});

test('without a terminal each run that is done is one plain line', () => {
  const lines: string[] = [];
  const out = { isTTY: false, write: (text: string) => lines.push(text) };
  const progress = createProgress(['seed 1', 'seed 2'], [1000, 1000], out as unknown as NodeJS.WriteStream);
  progress.advance(1, 500);
  progress.done(1);
  progress.advance(0, 1000);
  progress.done(0);
  progress.close();
  expect(lines.map((line) => line.replace(/ after .*/, ''))).toEqual([
    'seed 2 done, 1 of 2\n',
    'seed 1 done, 2 of 2\n',
  ]);
});

test("a run that fails in a person's own file is told with the innermost line of it", () => {
  const own = { kind: 'picker', label: 'mine.ts', file: '/x/mine.ts' } as const;
  const ours = { kind: 'choker', label: 'default', file: undefined } as const;
  const error = new TypeError('seq of undefined');
  error.stack = 'TypeError: seq of undefined\n at best (/x/mine.ts:21:4)\n at offer (/x/mine.ts:9:2)\n at core.js:1:1';
  expect(blameOf(error, { seed: 3, picker: own, choker: ours })).toBe('seed 3: mine.ts:21: seq of undefined');
  expect(blameOf(new Error('no'), { seed: 3, picker: own, choker: ours })).toBe('seed 3: no');
});
