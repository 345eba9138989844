import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as mpegtsCutter from '../src/index.js';
import { clip } from './clip.js';

test("the README's example runs as it stands", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(examples).toHaveLength(1);
  for (const example of examples) {
    const body = example.replaceAll(/^import .*$/gm, '');
    const names = Object.keys(mpegtsCutter);
    const run = new Function('assert', 'readFileSync', ...names, body);
    run(assert, () => clip(), ...Object.values(mpegtsCutter));
  }
});
