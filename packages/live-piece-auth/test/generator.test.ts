import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const generator = fileURLToPath(new URL('../../../spec/vectors/gen/auth.py', import.meta.url));
const found = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!found)('the vectors are those that the independent generator makes (python3)', () => {
  const { status, stdout, stderr } = spawnSync('python3', [generator, '--check'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
