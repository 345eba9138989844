import assert from 'node:assert/strict';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLiveMetainfo } from '@tstream/tstream-format';
import { expect, test } from 'vitest';
import * as peerNet from '../src/index.js';

test("the README's example runs as it stands", async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(examples).toHaveLength(1);
  const folder = await mkdtemp(join(tmpdir(), 'readme-test-'));
  const ring = { ringPieces: 64, windowPieces: 16, pieceLength: 16_384 };
  await writeFile(
    join(folder, 'show.tstream'),
    createLiveMetainfo({ name: 'show', ...ring, streamKey: new Uint8Array(32).fill(9) }),
  );
  const given = {
    ...peerNet,
    assert,
    // The example's files are in a folder of their own.
    createWriteStream: (path: string) => createWriteStream(join(folder, path)),
    loadMetainfo: (path: string) => peerNet.loadMetainfo(join(folder, path)),
  };
  const body = (examples[0] ?? '').replaceAll(/^import .*$/gm, '');
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as FunctionConstructor;
  await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  await rm(folder, { recursive: true });
});
