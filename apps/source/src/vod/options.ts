/** The options of `tstream-source vod`, read and checked. */
import { isIP } from 'node:net';
import {
  ofOption,
  parseCount,
  parseDuration,
  parsePort,
  parseRate,
  parseSize,
  refuseBoth,
  UsageError,
} from '@tstream/command-line';
import { isWebSeedUrl } from '@tstream/tstream-format';
import type { Command } from 'commander';
import { publicUrlFrom, titleFrom, trackersFrom } from '../options.js';
import { readThumb } from './thumbs.js';

export interface VodOptions {
  readonly durationMs: number | undefined;
  readonly thumb: Uint8Array | undefined;
  readonly title: string | undefined;
  readonly trackers: readonly string[];
  readonly ownTracker: boolean;
  readonly webSeeds: readonly string[];
  readonly pieceLength: number | undefined;
  readonly isPrivate: boolean;
  readonly out: string | undefined;
  readonly host: string | undefined;
  readonly port: number;
  readonly publicUrl: URL | undefined;
  readonly uploadBitsPerSecondMax: number;
  readonly peersMax: number;
  readonly seed: boolean;
  readonly json: boolean;
  readonly open: boolean;
  readonly token: string | undefined;
}

/** Declares the options on a command. */
export function declareVodOptions(command: Command): Command {
  return refuseBoth(
    command
      .option('--title <text>', 'what viewers read')
      .option('--duration <duration>', 'how long the film lasts, for example 4:15 (default: read from the file)')
      .option('--thumb <file>', 'a JPEG or PNG picture of at most 64 KiB (default: NAME.jpg beside the file)')
      .option('--out <file>', 'the torrent to write (default: NAME.torrent)')
      .option('--tracker <url...>', 'further trackers')
      .option('--no-tracker', 'carry no tracker, and name none')
      .option('--webseed <url...>', 'web servers that have the content, too (BEP 19)')
      .option('--piece-length <size>', 'a power of two from 16k to 128M (default: at most 1500 pieces)')
      .option('--private', 'peers come from the trackers alone (BEP 27)')
      .option('--no-seed', 'make the torrent and end')
      .option('--host <address>', 'address to listen on (default: all)')
      .option('--port <port>', 'TCP port for everything, and UDP for the tracker', '8764')
      .option('--public-url <url>', 'what the world calls this source, for example http://tv.example.org:8764')
      .option('--max-upload <rate>', 'upload limit over all peers (default: none)')
      .option('--max-peers <n>', 'connections at most', '50')
      .option('--token <text>', 'opens /stats.json and /metrics to others than this machine')
      .option('--json', 'one JSON object a line on standard output, and only that')
      .option('--open', 'open the page in a browser'),
    'tracker',
  );
}

/** @throws {UsageError | Failure} One line: which option is wrong and what was expected. */
export async function readVodOptions(given: Record<string, unknown>): Promise<VodOptions> {
  const text = (name: string) => given[name] as string | undefined;
  const host = text('host');
  if (host !== undefined && isIP(host) === 0) throw new UsageError(`--host '${host}' is not an IP address`);
  const thumb = text('thumb');
  // One that is only made may be given its tracker later: it stands outside `info`.
  if (given.private === true && given.tracker === false && given.seed !== false)
    throw new UsageError(
      '--private leaves trackers alone to find peers by, and there is none: give one with --tracker',
    );
  return {
    durationMs: ofOption('--duration', text('duration'), parseDuration),
    thumb: thumb === undefined ? undefined : await readThumb(thumb),
    title: ofOption('--title', text('title'), titleFrom),
    trackers: trackersFrom(given.tracker),
    ownTracker: given.tracker !== false,
    webSeeds: webSeedsFrom(given.webseed),
    pieceLength: ofOption('--piece-length', text('pieceLength'), parseSize),
    isPrivate: given.private === true,
    out: text('out'),
    host,
    port: ofOption('--port', text('port') ?? '', parsePort),
    publicUrl: publicUrlFrom(text('publicUrl')),
    uploadBitsPerSecondMax: ofOption('--max-upload', text('maxUpload'), parseRate) ?? Number.POSITIVE_INFINITY,
    peersMax: ofOption('--max-peers', text('maxPeers') ?? '', parseCount),
    seed: given.seed !== false,
    json: given.json === true,
    open: given.open === true,
    token: text('token'),
  };
}

function webSeedsFrom(given: unknown): string[] {
  if (!Array.isArray(given)) return [];
  const wrong = given.find((url) => !isWebSeedUrl(url));
  if (wrong !== undefined) throw new UsageError(`--webseed '${wrong}' is not an http or https URL`);
  return [...new Set(given)];
}
