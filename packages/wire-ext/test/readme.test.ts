import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Wire from 'bittorrent-protocol';
import { expect, test } from 'vitest';
import { tsLive } from '../src/bittorrent-protocol.js';

test("the README's example of the plug-in runs as it stands", async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [example, ...more] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(more).toEqual([]);
  const body = example?.replaceAll(/^import .*$/gm, '') ?? '';
  const run = new Function('assert', 'tsLive', 'Wire', `return (async () => {${body}})();`);
  await run(assert, tsLive, Wire);
  expect.assertions(1);
});
