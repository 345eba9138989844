import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { examplesOf } from './examples.js';
import { sourceFiles, type Workspace, workspaces } from './workspace.js';

const packages = workspaces.filter(({ folder }) => folder.includes('/packages/'));

describe.each(packages)('the README of $name', (workspace) => {
  const readme = join(workspace.folder, 'README.md');
  const examples = examplesOf(existsSync(readme) ? readFileSync(readme, 'utf8') : '').map((example, index) => ({
    ...example,
    index,
  }));

  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
  });
  afterEach(() => vi.restoreAllMocks());

  test('has an example that is run', () => {
    expect(examples.length > 0 || runsItsOwn(workspace)).toBe(true);
  });

  test.runIf(examples.length > 0).each(examples)('line $line runs', async ({ index }) => {
    await import(/* @vite-ignore */ `${readme}.${index}.ts`);
  });
});

test('only blocks marked as examples are run', () => {
  const markdown = [
    '```ts',
    'no',
    '```',
    '',
    '````md',
    '```ts example',
    'no',
    '```',
    '````',
    '',
    '```ts example',
    'yes',
    '```',
  ];
  expect(examplesOf(markdown.join('\n'))).toEqual([{ code: 'yes', line: 12 }]);
});

/** Some packages run their README by a test of their own. */
function runsItsOwn({ folder }: Workspace): boolean {
  return sourceFiles(join(folder, 'test')).some((file) => readFileSync(file, 'utf8').includes('README.md'));
}
