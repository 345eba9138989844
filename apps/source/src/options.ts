/** The options of `tstream-source live`, read and checked. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import {
  Failure,
  ofOption,
  parseCount,
  parseDuration,
  parsePort,
  parseRate,
  parseSize,
  refuseBoth,
  systemReason,
  UsageError,
} from '@tstream/command-line';
import { isSafeName } from '@tstream/tstream-format';
import type { Command } from 'commander';
import type { StreamWishes } from './plan.js';
import { readThumb } from './vod/thumbs.js';

export interface LiveOptions extends StreamWishes {
  readonly name: string | undefined;
  readonly title: string | undefined;
  readonly out: string;
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  readonly thumb: Uint8Array | undefined;
  readonly host: string | undefined;
  readonly port: number;
  readonly publicUrl: URL | undefined;
  readonly bitsPerSecond: number | undefined;
  readonly trackers: readonly string[];
  readonly ownTracker: boolean;
  readonly uploadBitsPerSecondMax: number | undefined;
  readonly peersMax: number;
  readonly loop: boolean;
  readonly json: boolean;
  readonly open: boolean;
  readonly token: string | undefined;
}

/** Declares the options on a command. */
export function declareLiveOptions(command: Command): Command {
  return refuseBoth(
    command
      .option('--name <name>', 'name of the stream and of its files (default: after the input)')
      .option('--title <text>', 'what viewers read')
      .option('--thumb <file>', 'a JPEG or PNG picture of at most 64 KiB')
      .option('--out <folder>', 'where NAME.tstream and NAME.key lie', '.')
      .option('--key <file>', 'the key file, if it lies elsewhere')
      .option('--passphrase-file <file>', 'seals the key file; or TSTREAM_PASSPHRASE in the environment')
      .option('--host <address>', 'address to listen on (default: all)')
      .option('--port <port>', 'TCP port for everything, and UDP for the tracker', '8764')
      .option('--public-url <url>', 'what the world calls this source, for example http://tv.example.org:8764')
      .option('--bitrate <rate>', 'bitrate of the input, to size pieces and upload by (default: measured)')
      .option('--piece-length <size>', '16k, 32k, 64k or 128k (default: about 150 ms of video)')
      .option('--window <duration>', 'how much of the past is kept (default: 15m)')
      .option('--ring <duration>', 'size of the emulated file, at least four windows (default: 1h)')
      .option('--tracker <url...>', 'further trackers')
      .option('--no-tracker', 'carry no tracker, and name none')
      .option('--max-upload <rate>', 'upload limit over all viewers (default: twice the bitrate)')
      .option('--max-peers <n>', 'connections at most', '50')
      .option('--loop', 'play a file for ever')
      .option('--token <text>', 'opens /stats.json and /metrics to others than this machine')
      .option('--json', 'one JSON object a line on standard output, and only that')
      .option('--open', 'open the page in a browser'),
    'tracker',
  );
}

/** @throws {UsageError | Failure} One line: which option is wrong and what was expected. */
export async function readLiveOptions(given: Record<string, unknown>): Promise<LiveOptions> {
  const text = (name: string) => given[name] as string | undefined;
  const name = text('name');
  if (name !== undefined && !isSafeName(name)) throw new UsageError(`--name '${name}' cannot be a file's name`);
  const [host, thumb] = [text('host'), text('thumb')];
  if (host !== undefined && isIP(host) === 0) throw new UsageError(`--host '${host}' is not an IP address`);
  return {
    name,
    title: ofOption('--title', text('title'), titleFrom),
    out: text('out') ?? '.',
    key: text('key'),
    passphrase: await passphraseFrom(text('passphraseFile')),
    thumb: thumb === undefined ? undefined : await readThumb(thumb),
    host,
    port: ofOption('--port', text('port') ?? '', parsePort),
    publicUrl: publicUrlFrom(text('publicUrl')),
    bitsPerSecond: ofOption('--bitrate', text('bitrate'), bitrateFrom),
    pieceLength: ofOption('--piece-length', text('pieceLength'), parseSize),
    windowMs: ofOption('--window', text('window'), parseDuration),
    ringMs: ofOption('--ring', text('ring'), parseDuration),
    trackers: trackersFrom(given.tracker),
    ownTracker: given.tracker !== false,
    uploadBitsPerSecondMax: ofOption('--max-upload', text('maxUpload'), parseRate),
    peersMax: ofOption('--max-peers', text('maxPeers') ?? '', parseCount),
    loop: given.loop === true,
    json: given.json === true,
    open: given.open === true,
    token: text('token'),
  };
}

export function titleFrom(text: string): string {
  if (text !== '' && Buffer.byteLength(text) <= TITLE_BYTES_MAX && !STEERING.test(text)) return text;
  throw new UsageError(`'${text}' is not a title: expected one line of at most ${TITLE_BYTES_MAX} bytes`);
}

function bitrateFrom(text: string): number {
  const bitsPerSecond = parseRate(text);
  if (bitsPerSecond <= BITS_PER_SECOND_MAX) return bitsPerSecond;
  throw new UsageError(`'${text}' is more than a stream can have: expected at most 1G`);
}

export function publicUrlFrom(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`--public-url '${text}' is not an http(s) URL`);
  return url;
}

export function trackersFrom(given: unknown): string[] {
  if (!Array.isArray(given)) return [];
  for (const url of given) {
    if (!/^(https?|udp|wss?):\/\/[^/]+/i.test(url) || !URL.canParse(url)) {
      throw new UsageError(`--tracker '${url}' is not a tracker's URL: expected http, https, udp, ws or wss`);
    }
  }
  return given;
}

async function passphraseFrom(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return process.env.TSTREAM_PASSPHRASE || undefined;
  const passphrase = (await readWhole(path)).toString('utf8').replace(/\r?\n$/, '');
  if (passphrase === '') throw new Failure(`${path} is empty: it should hold the passphrase`);
  return passphrase;
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${systemReason(error)}`, { cause: error });
  }
}

/** spec/0001. */
const TITLE_BYTES_MAX = 512;
const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const BITS_PER_SECOND_MAX = 1e9;
