/** A stream's pair of files that can't be broadcast: told in one line, and no byte of it is changed. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeKeyFile, encodeKeyFile } from '../../packages/live-piece-auth/src/index.js';
import { nodeSuite } from '../../packages/live-piece-auth/src/node.js';
import { createLiveMetainfo, encodeBencode, utf8Bytes } from '../../packages/tstream-format/src/index.js';
import { expectOneLine, runApp } from './command.js';
import { needsSmallDisk, throughSmallDisk } from './small-disk.js';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tstream-pair-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const secretKey = randomBytes(32);
const otherSecretKey = randomBytes(32);

function metainfoOf(key: Uint8Array): Uint8Array {
  const ring = { pieceLength: 16384, ringPieces: 256, windowPieces: 64 };
  return createLiveMetainfo({ name: 'a', ...ring, streamKey: nodeSuite.publicKey(key) });
}

function keyFileOf(key: Uint8Array, passphrase?: string): string {
  const random = { salt: randomBytes(16), nonce: randomBytes(24) };
  return encodeKeyFile({ streamSecretKey: key }, { ...random, passphrase, scryptLogN: 10 });
}

/** Writes files into a folder of their own. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(root, 'out-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'hex')]));
}

const onDemand = encodeBencode(
  new Map([
    [
      'info',
      new Map<string, number | Uint8Array>([
        ['length', 100_000],
        ['name', utf8Bytes('a')],
        ['piece length', 65536],
        ['pieces', randomBytes(40)],
      ]),
    ],
  ]),
);
const OURS = { 'a.tstream': metainfoOf(secretKey), 'a.key': keyFileOf(secretKey) };
const SEALED = { 'a.tstream': metainfoOf(secretKey), 'a.key': keyFileOf(secretKey, 'sesame') };
const WRONG = { TSTREAM_PASSPHRASE: 'open' };

test.concurrent.each<[string, Record<string, string | Uint8Array>, string[], Record<string, string>, RegExp]>([
  [
    'the key of another stream',
    { ...OURS, 'a.key': keyFileOf(otherSecretKey) },
    [],
    {},
    /a\.key is not the key of .*a\.tstream/,
  ],
  [
    'another key with --key',
    { ...OURS, 'b.key': keyFileOf(otherSecretKey) },
    ['--key', 'b.key'],
    {},
    /b\.key is not the key of/,
  ],
  ['a key that is gone', { 'a.tstream': OURS['a.tstream'] }, [], {}, /a\.tstream is there, but not its key .*a\.key/],
  ['a key file that is none', { ...OURS, 'a.key': 'sesame' }, [], {}, /a\.key: this is not a key file/],
  [
    'a damaged key file',
    { ...OURS, 'a.key': OURS['a.key'].replace(/secret ./, 'secret x') },
    [],
    {},
    /a\.key: this key file is damaged/,
  ],
  ['a sealed key without its passphrase', SEALED, [], {}, /a\.key: this key is sealed.*--passphrase-file/],
  ['a wrong passphrase', SEALED, [], WRONG, /a\.key: the passphrase does not open this key/],
  [
    'a wrong passphrase in a file',
    { ...SEALED, pass: 'open\n' },
    ['--passphrase-file', 'pass'],
    {},
    /does not open this key/,
  ],
  ['a broken .tstream', { ...OURS, 'a.tstream': randomBytes(300) }, [], {}, /a\.tstream: This is not a \.tstream/],
  [
    'an on-demand .tstream',
    { ...OURS, 'a.tstream': onDemand },
    [],
    {},
    /a\.tstream is an on-demand torrent, not a live stream/,
  ],
  [
    'another piece length than before',
    OURS,
    ['--piece-length', '64k'],
    {},
    /a\.tstream was made with --piece-length 16k/,
  ],
  ['another window than before', OURS, ['--window', '2m'], {}, /a\.tstream was made with another --window or --ring/],
  [
    'a run number that is none',
    { ...OURS, 'a.run': 'soon\n' },
    [],
    {},
    /a\.run should hold the number of the last run/,
  ],
])('%s is refused, nothing is overwritten', async (_what, files, args, env, says) => {
  const folder = folderWith(files);
  const before = contentOf(folder);
  const inFolder = args.map((word) => (word in files ? join(folder, word) : word));
  const outcome = await runApp(
    'tstream-source',
    ['live', '--name', 'a', '--out', folder, '--port', '0', '--host', '127.0.0.1', ...inFolder],
    { env: { TSTREAM_PASSPHRASE: '', ...env } },
  );
  expectOneLine(outcome, 1, says);
  expect(outcome.out).toBe('');
  expect(contentOf(folder)).toEqual(before);
});

test.concurrent('a port that is taken changes nothing of a pair', async () => {
  const folder = folderWith(OURS);
  const before = contentOf(folder);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const args = ['live', '--name', 'a', '--out', folder, '--port', String(port), '--host', '127.0.0.1'];
  expectOneLine(await runApp('tstream-source', args), 1, /port \d+ of 127\.0\.0\.1 is taken/);
  server.close();
  expect(contentOf(folder)).toEqual(before);
});

test.concurrent.each([
  ['its key', 4096, 4096, /cannot write .*a\.key: the disk is full.*--out/],
  ['its .tstream', 8192, 4096, /cannot write .*a\.tstream: the disk is full.*--out/],
])('a disk too full for %s: one line, and no half of a file', needsSmallDisk, async (_what, bytes, fullBytes, says) => {
  const folder = mkdtempSync(join(root, 'disk-'));
  const keep = mkdtempSync(join(root, 'kept-'));
  const outcome = await runApp('tstream-source', ['live', '--name', 'a', '--out', folder, '--port', '0'], {
    through: throughSmallDisk({ folder, bytes, fullBytes, keep }),
  });
  expectOneLine(outcome, 1, says);
  // A key that was made is whole, and good for the next start.
  const left = readdirSync(keep);
  expect(left.filter((name) => name !== 'a.key')).toEqual([]);
  for (const name of left) expect(decodeKeyFile(readFileSync(join(keep, name), 'utf8'), undefined).ok).toBe(true);
});
