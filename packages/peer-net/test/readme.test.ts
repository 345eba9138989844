import assert from 'node:assert/strict';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLiveMetainfo, formatMagnet, parseMagnet } from '@tstream/tstream-format';
import { afterEach, expect, test } from 'vitest';
import * as peerNet from '../src/index.js';
import type { TorrentOptions } from '../src/vod/torrent-options.js';
import { until } from './stream.js';
import { Bench, makeContent } from './vod/torrents.js';

const bench = new Bench();
afterEach(() => bench.clear());

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] as string);

async function run(example: string | undefined, given: Record<string, unknown>): Promise<void> {
  const body = (example ?? '').replaceAll(/^import .*$/gm, '');
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as FunctionConstructor;
  await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
}

test("the README's first example runs as it stands", async () => {
  expect(examples).toHaveLength(2);
  const folder = await mkdtemp(join(tmpdir(), 'readme-test-'));
  const ring = { ringPieces: 64, windowPieces: 16, pieceLength: 16_384 };
  await writeFile(
    join(folder, 'show.tstream'),
    createLiveMetainfo({ name: 'show', ...ring, streamKey: new Uint8Array(32).fill(9) }),
  );
  await run(examples[0], {
    ...peerNet,
    assert,
    // The example's files are in a folder of their own.
    createWriteStream: (path: string) => createWriteStream(join(folder, path)),
    loadMetainfo: (path: string) => peerNet.loadMetainfo(join(folder, path)),
  });
  await rm(folder, { recursive: true });
});

test("the README's second example brings a film that a magnet link names", async () => {
  const source = await bench.node({ http: { routes: [] }, tracker: true });
  const trackers = [`http://127.0.0.1:${source.port}/announce`];
  const made = makeContent({ lengths: 300_000, trackers });
  const seeder = await bench.seeder(made, { node: source, discovery: true });
  await until(() => seeder.events.some(({ type }) => type === 'trackerReached'));
  const folder = await bench.folder();
  const node = await bench.node();
  const shown: Uint8Array[] = [];
  const link = formatMagnet({ infohash: made.metainfo.infohash, trackers });
  await run(examples[1], {
    node: {
      ...node,
      addTorrent: (options: TorrentOptions) => node.addTorrent({ ...options, folder: join(folder, options.folder) }),
    },
    // A link that was made here can be read.
    parseMagnet: (text: string) => {
      const parsed = parseMagnet(text);
      return parsed.ok ? parsed.value : undefined;
    },
    link,
    player: { write: (bytes: Uint8Array) => shown.push(bytes) },
    console: { log: () => undefined },
  });
  expect(Buffer.concat(shown).equals(made.bytes)).toBe(true);
  expect(await made.isIn(join(folder, 'films'))).toBe(true);
});
