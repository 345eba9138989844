import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './workspace.js';

const HERE = 'test/repo/words.test.ts';
const PERSONAL = /\/(?:home|Users|root)\/[\w.-]|[A-Z]:\\Users\\/;
const UNFINISHED = /\b(?:TODO|FIXME|XXX|HACK)\b/;
const SHARED_FOLDERS = ['/', '/tmp', '/home', '/root', '/opt', '/srv', '/usr', '/var'];

test('the project names no path of a machine', () => {
  const checkout = dirname(join(root, 'package.json'));
  const local = [checkout, dirname(checkout)].filter((path) => !SHARED_FOLDERS.includes(path));
  const names = (text: string) => PERSONAL.test(text) || local.some((path) => text.includes(`${path}/`));
  expect(textFiles().filter((file) => names(read(file)))).toEqual([]);
});

test('nothing is left for later', () => {
  expect(textFiles().filter((file) => file !== HERE && UNFINISHED.test(read(file)))).toEqual([]);
});

/** Text files under version control, and those about to be. */
function textFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const files = listed.split('\0').filter((file) => file !== '' && file !== 'pnpm-lock.yaml');
  return files.filter((file) => !read(file).includes('\0'));
}

function read(file: string): string {
  try {
    return readFileSync(join(root, file), 'latin1');
  } catch {
    return ''; // deleted, and that not yet committed
  }
}
