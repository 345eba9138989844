/** The options that the peer's commands share, read and checked. */
import { isIP } from 'node:net';
import {
  ofOption,
  parseCount,
  parseDuration,
  parsePort,
  parseRate,
  parseSize,
  UsageError,
} from '@tstream/command-line';
import { type HostPort, parseHostPort } from '@tstream/peer-net';
import type { Command } from 'commander';

/** What commander found on the command line. */
export type Given = Readonly<Record<string, unknown>>;

/** How a peer takes part in swarms. */
export interface PeerOptions {
  readonly host: string | undefined;
  readonly peerPort: number;
  readonly peersMax: number;
  readonly peers: readonly HostPort[];
  readonly discovery: boolean;
  /** Bits per second; Infinity: what the uplink shows that it can carry. */
  readonly uploadBitsPerSecondMax: number;
  /** Bytes; undefined: the default of the command; 0: memory only. */
  readonly diskBytesMax: number | undefined;
  readonly folder: string | undefined;
  /** Name or file; undefined: the live default. */
  readonly picker: string | undefined;
  readonly choker: string | undefined;
  readonly json: boolean;
}

export function declarePeerOptions(command: Command): Command {
  return command
    .option('--peer <host:port...>', 'a neighbour to connect to, whatever else is found')
    .option('--no-discovery', 'no tracker, no exchange of addresses: only --peer, and whoever connects')
    .option('--host <address>', 'address to listen on for neighbours (default: all)')
    .option('--peer-port <port>', 'TCP port for neighbours (default: any)', '0')
    .option('--max-peers <n>', 'connections at most', '50')
    .option('--max-upload <rate>', 'upload limit (default: what the uplink shows that it can carry)')
    .option(
      '--picker <name|file>',
      'live: what is offered to whom; torrent: what is asked for next; a strategy, or a file that exports one',
    )
    .option('--choker <name|file>', 'who is served first: a choker, or a file that exports one')
    .option('--json', 'one JSON object a line on standard output, and only that');
}

/** Of who keeps a live stream's older pieces. */
export function declareDiskOptions(command: Command): Command {
  return command
    .option('--max-disk <size>', 'live: disk for older pieces; 0 for none')
    .option('--disk <folder>', 'live: where older pieces go (default: the folder for temporary files)');
}

/** @throws {UsageError} One line: which option is wrong and what was expected. */
export function readPeerOptions(given: Given): PeerOptions {
  const text = (name: string) => given[name] as string | undefined;
  const host = text('host');
  if (host !== undefined && isIP(host) === 0) throw new UsageError(`--host '${host}' is not an IP address`);
  return {
    host,
    peerPort: ofOption('--peer-port', text('peerPort') ?? '', parsePort),
    peersMax: ofOption('--max-peers', text('maxPeers') ?? '', parseCount),
    peers: ((given.peer as string[] | undefined) ?? []).map(hostPort),
    discovery: given.discovery !== false,
    uploadBitsPerSecondMax: ofOption('--max-upload', text('maxUpload'), parseRate) ?? Infinity,
    diskBytesMax: ofOption('--max-disk', text('maxDisk'), (size) => (size === '0' ? 0 : parseSize(size))),
    folder: text('disk'),
    picker: text('picker'),
    choker: text('choker'),
    json: given.json === true,
  };
}

/** A source that turned out to be of one kind has no use for options of the other. @throws {UsageError} Names the option. */
export function refuseOptions(given: Given, names: readonly string[], source: string): void {
  for (const name of names) {
    if (given[name] !== undefined)
      throw new UsageError(`--${name.replace(/[A-Z]/, '-$&').toLowerCase()} says nothing about ${source}`);
  }
}

/** `--lag`: a fixed lag in milliseconds, or undefined. @throws {UsageError} If it is out of range. */
export function readLag(text: string | undefined): number | undefined {
  const lagMs = ofOption('--lag', text, parseDuration);
  if (lagMs !== undefined && lagMs > LAG_MS_MAX) throw new UsageError(`--lag '${text}' is longer than 10 minutes`);
  return lagMs;
}

function hostPort(text: string): HostPort {
  const parsed = parseHostPort(text);
  if (!parsed) throw new UsageError(`--peer '${text}' is not HOST:PORT`);
  return parsed;
}

const LAG_MS_MAX = 600_000;
