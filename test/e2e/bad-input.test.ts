/** A person's mistakes: each gets one clear line on standard error and an exit code. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLiveMetainfo, encodeBencode, utf8Bytes } from '../../packages/tstream-format/src/index.js';
import { type AppName, expectOneLine, runApp } from './command.js';

let folder: string;
let taken: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tstream-bad-'));
  writeFileSync(at('garbage.ts'), randomBytes(100_000));
  writeFileSync(at('garbage.tstream'), randomBytes(500));
  writeFileSync(at('film.mp4'), randomBytes(1000));
  writeFileSync(at('empty'), '');
  mkdirSync(at('no-programs'));
  const live = createLiveMetainfo({
    name: 'a',
    pieceLength: 16384,
    ringPieces: 256,
    windowPieces: 64,
    streamKey: randomBytes(32),
  });
  writeFileSync(at('live.tstream'), live);
  writeFileSync(at('short.tstream'), live.subarray(0, -1));
  writeFileSync(at('film.torrent'), onDemand('film.mp4'));
  writeFileSync(at('words.torrent'), onDemand('words.bin'));
  writeFileSync(at('vast.torrent'), onDemand('vast.mp4', 2 ** 47));
  mkdirSync(join(at('d'), 'film.mp4'), { recursive: true });
  taken = createServer().listen(0);
});
afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const takenPort = () => String((taken.address() as { port: number }).port);

function onDemand(name: string, lengthBytes = 100_000): Uint8Array {
  const pieceLength = Math.max(65536, lengthBytes / 2 ** 18);
  const info = new Map<string, number | Uint8Array>([
    ['length', lengthBytes],
    ['name', utf8Bytes(name)],
    ['piece length', pieceLength],
    ['pieces', randomBytes(20 * Math.ceil(lengthBytes / pieceLength))],
  ]);
  return encodeBencode(new Map([['info', info]]));
}

/** The laboratory's mistakes stand with its other tests. */
type Streaming = Exclude<AppName, 'tstream-sim'>;

/** What is wrong, the arguments, and what the line says. */
type Row = readonly [wrong: string, args: () => readonly string[], says: RegExp];

/** Exit code 2: the command line makes no sense. */
const USAGE: Readonly<Record<Streaming, readonly Row[]>> = {
  'tstream-source': [
    ['an unknown command', () => ['liv'], /unknown command 'liv'.*live/],
    ['an unknown flag', () => ['live', '--nope'], /unknown option '--nope'.*--help/],
    ['a flag without its value', () => ['live', '--name'], /--name.*argument missing/],
    ['two inputs', () => ['live', at('a.ts'), at('b.ts')], /too many arguments/],
    ['a nonsense duration', () => ['live', '--window', 'soon'], /--window 'soon' is not a duration.*15m/],
    ['a negative duration', () => ['live', '--ring=-1h'], /--ring '-1h' is not a duration/],
    ['a duration of nothing', () => ['live', '--window', '0s'], /--window '0s' is not a duration/],
    ['a ring too short', () => ['live', '--window', '1h', '--ring', '2h'], /--ring 2 h 00 min is too short.*four/],
    ['a ring too long', () => ['live', '--ring', '30d', '--piece-length', '16k'], /--ring .* shorten it/],
    ['a nonsense size', () => ['live', '--piece-length', 'big'], /--piece-length 'big' is not a size.*32k/],
    ['an odd size', () => ['live', '--piece-length', '33k'], /--piece-length .*16k, 32k, 64k or 128k/],
    ['a nonsense rate', () => ['live', '--bitrate', 'fast'], /--bitrate 'fast' is not a rate.*800k/],
    ['a rate of nothing', () => ['live', '--max-upload', '0'], /--max-upload '0' is not a rate/],
    ['a rate beyond any stream', () => ['live', '--bitrate', '50G'], /--bitrate '50G' is more than a stream.*1G/],
    ['a nonsense port', () => ['live', '--port', '99999'], /--port '99999' is not a port.*65535/],
    ['a nonsense count', () => ['live', '--max-peers', 'many'], /--max-peers 'many' is not a number/],
    ['a host that is no address', () => ['live', '--host', 'nowhere'], /--host 'nowhere' is not an IP address/],
    ['a public URL of another kind', () => ['live', '--public-url', 'ftp://x'], /--public-url 'ftp:\/\/x'.*http/],
    ['a nonsense tracker', () => ['live', '--tracker', 'nonsense'], /--tracker 'nonsense'.*http, https, udp/],
    ['a name with a path in it', () => ['live', '--name', '../x'], /--name '..\/x' cannot be a file's name/],
    [
      'a private film without a tracker',
      () => ['vod', at('film.mp4'), '--private', '--no-tracker'],
      /--private .*give one with --tracker/,
    ],
    ['a title of two lines', () => ['live', '--title', 'a\nb'], /--title .* one line/],
  ],
  'tstream-peer': [
    ['an unknown command', () => ['wach', 'x'], /unknown command 'wach'.*watch/],
    ['no source', () => ['watch'], /missing required argument 'SOURCE'/],
    ['no file to record to', () => ['record', at('live.tstream')], /missing required argument 'FILE'/],
    ['an unknown flag', () => ['seed', at('live.tstream'), '--nope'], /unknown option '--nope'/],
    ['a nonsense duration', () => ['watch', at('live.tstream'), '--lag', 'soon'], /--lag 'soon' is not a duration/],
    ['a lag of hours', () => ['watch', at('live.tstream'), '--lag', '2h'], /--lag '2h' is longer than 10 minutes/],
    ['a nonsense rate', () => ['seed', at('live.tstream'), '--max-upload', 'x'], /--max-upload 'x' is not a rate/],
    ['a nonsense size', () => ['seed', at('live.tstream'), '--max-disk', 'x'], /--max-disk 'x' is not a size/],
    ['a nonsense port', () => ['watch', at('live.tstream'), '--port', 'x'], /--port 'x' is not a port/],
    ['a neighbour without a port', () => ['watch', at('live.tstream'), '--peer', 'x'], /--peer 'x' is not HOST:PORT/],
    [
      'a file that a torrent has not',
      () => ['watch', at('film.torrent'), '--file', '2'],
      /--file '2' is none of its files/,
    ],
    ['a lag for a torrent', () => ['watch', at('film.torrent'), '--lag', '1s'], /--lag says nothing about a torrent/],
    ['a file of a live stream', () => ['watch', at('live.tstream'), '--file', '1'], /--file says nothing about a live/],
    ['a download to nowhere', () => ['download', at('film.torrent')], /required option '--out/],
    ['an unknown player', () => ['watch', at('live.tstream'), '--player', 'x'], /--player 'x'.*mpv or vlc/],
    ['words and video on one output', () => ['watch', at('live.tstream'), '--stdout', '--json'], /--stdout and --json/],
  ],
};

/** Exit code 1: it can't be done. */
const FAILURES: Readonly<Record<Streaming, readonly Row[]>> = {
  'tstream-source': [
    ['no such file', () => ['live', at('none.ts')], /cannot read .*none\.ts: no such file/],
    ['a folder as input', () => ['live', folder], /cannot read .*: it is a folder/],
    ['a .ts that is no transport stream', () => ['live', at('garbage.ts')], /garbage\.ts is not an MPEG transport/],
    [
      'a port that is taken',
      () => ['live', '--port', takenPort(), '--out', at('p')],
      /port \d+ is taken.*another port/,
    ],
    ['a folder below a file', () => ['live', '--out', at('empty/x')], /cannot make the folder .*not a folder/],
    ['a folder where none can be', () => ['live', '--out', '/proc/tstream'], /cannot make the folder \/proc\/tstream/],
    ['a folder that takes no files', () => ['live', '--out', '/proc/self'], /cannot write \/proc\/self.*--out/],
    ['a picture that is none', () => ['live', '--thumb', at('garbage.ts')], /garbage\.ts is not a JPEG or PNG/],
    ['no such passphrase file', () => ['live', '--passphrase-file', at('none')], /cannot read .*none: no such file/],
    [
      'a torrent in a folder that is not there',
      () => ['vod', at('film.mp4'), '--duration', '1s', '--out', at('none/film.torrent')],
      /cannot write .*none\/film\.torrent: no such file or folder.*--out/,
    ],
    [
      'a torrent in the place of a folder',
      () => ['vod', at('film.mp4'), '--duration', '1s', '--out', at('d')],
      /cannot read .*: it is a folder.*--out/,
    ],
    [
      'a torrent in the place of another one',
      () => ['vod', at('film.mp4'), '--duration', '1s', '--out', at('words.torrent')],
      /words\.torrent is there and is another file: move it away/,
    ],
    ['an empty passphrase', () => ['live', '--passphrase-file', at('empty')], /empty is empty/],
  ],
  'tstream-peer': [
    ['no such file', () => ['watch', at('none.tstream')], /cannot read .*none\.tstream: there is no such file/],
    ['a folder', () => ['watch', folder], /cannot read .*: it is a folder/],
    ['a broken .tstream', () => ['watch', at('garbage.tstream')], /garbage\.tstream: This is not a \.tstream/],
    ['half a .tstream', () => ['record', at('short.tstream'), at('x.ts')], /short\.tstream: This file ends too early/],
    [
      'an on-demand torrent',
      () => ['record', at('film.torrent'), at('x.ts')],
      /film\.torrent is an on-demand torrent, not a live/,
    ],
    [
      'a live stream to download',
      () => ['download', at('live.tstream'), '--out', at('d')],
      /live\.tstream is a live stream, which has no end/,
    ],
    ['an infohash by itself', () => ['watch', 'a'.repeat(40)], /infohash, write magnet:\?xt=urn:btih:a{40}/],
    ['a broken magnet link', () => ['watch', 'magnet:?dn=film'], /magnet link names no torrent: it needs xt=urn:btih/],
    [
      'a torrent of nothing that plays',
      () => ['watch', at('words.torrent')],
      /words\.bin has nothing that plays.*--file/,
    ],
    ['a torrent larger than any disk', () => ['download', at('vast.torrent'), '--out', at('v')], /not enough space in/],
    [
      'a folder in the way of a film',
      () => ['download', at('film.torrent'), '--out', at('d')],
      /film\.mp4 is no plain file/,
    ],
    [
      'a download below a file',
      () => ['download', at('film.torrent'), '--out', at('empty/x')],
      /cannot use the folder/,
    ],
    [
      'a download into a file',
      () => ['download', at('film.torrent'), '--out', at('empty')],
      /cannot use the folder .*empty \(something else has this name\)/,
    ],
    ['a server that is not there', () => ['info', 'http://127.0.0.1:1/a.tstream'], /127\.0\.0\.1:1.*nobody answers/],
    ['a page port that is taken', () => ['watch', at('live.tstream'), '--port', takenPort()], /port \d+.* is taken/],
    ['a peer port that is taken', () => ['seed', at('live.tstream'), '--peer-port', takenPort()], /port \d+ is taken/],
    [
      'a disk below a file',
      () => ['watch', at('live.tstream'), '--disk', at('empty')],
      /cannot store video in .*empty \(it is no folder\)/,
    ],
    ['a disk that takes no files', () => ['seed', at('live.tstream'), '--disk', '/proc/self'], /cannot store video in/],
    ['a recording that is there', () => ['record', at('live.tstream'), at('empty')], /empty is there already.*--force/],
    ['a recording below a file', () => ['record', at('live.tstream'), at('empty/x')], /cannot write .*not a folder/],
  ],
};

for (const app of ['tstream-source', 'tstream-peer'] as const) {
  test.concurrent.each(USAGE[app])(`${app}: %s is told in one line, exit code 2`, async (_wrong, args, says) => {
    const outcome = await runApp(app, args(), { env: { PATH: at('no-programs') } });
    expectOneLine(outcome, 2, says);
    expect(outcome.out).toBe('');
  });

  test.concurrent.each(FAILURES[app])(`${app}: %s is told in one line, exit code 1`, async (_wrong, args, says) => {
    const outcome = await runApp(app, args());
    expectOneLine(outcome, 1, says);
    expect(outcome.out).toBe('');
  });
}

test.concurrent('a film without ffmpeg on the PATH: one line says what to install', async () => {
  const outcome = await runApp('tstream-source', ['live', at('film.mp4')], { env: { PATH: at('no-programs') } });
  expectOneLine(outcome, 1, /film\.mp4 needs ffmpeg.*apt install ffmpeg/);
});

test.concurrent.each([
  ['garbage', randomBytes(100_000), /input is not an MPEG transport stream.*-f mpegts/],
  ['a word', Buffer.from('hello\n'), /input is not an MPEG transport stream/],
  ['nothing', Buffer.alloc(0), /nothing came in on standard input/],
])('%s on standard input is told in one line, exit code 1', async (what, stdin, says) => {
  const args = ['live', '-', '--port', '0', '--host', '127.0.0.1', '--out', at(`stdin-${what}`), '--json'];
  const outcome = await runApp('tstream-source', args, { stdin });
  expectOneLine(outcome, 1, says);
  for (const line of outcome.out.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
});
