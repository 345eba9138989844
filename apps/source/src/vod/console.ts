/** What a seeder sees: JSON lines, plain lines, or a small live picture in a terminal. */
import { formatDuration, formatRate, formatSize, writeJsonLine } from '@tstream/command-line';
import logUpdate from 'log-update';
import { renderUnicodeCompact } from 'uqr';
import type { Links } from '../links.js';
import type { SeederFigures } from './figures.js';

export interface Ready {
  /** Path of the `.torrent` file. */
  readonly torrent: string;
  readonly infohash: string;
  readonly magnet: string;
  /** Undefined if nothing is seeded. */
  readonly seeding: { readonly port: number; readonly links: Links } | undefined;
}

export interface SeederConsole {
  hashing(hashedBytes: number, lengthBytes: number): void;
  ready(ready: Ready): void;
  stats(figures: SeederFigures): void;
  /** Something that a person should know; one line. */
  note(text: string): void;
  close(): void;
}

export function createSeederConsole(json: boolean): SeederConsole {
  if (json) return jsonConsole();
  return process.stdout.isTTY ? terminalConsole() : plainConsole();
}

function jsonConsole(): SeederConsole {
  return {
    hashing: () => undefined,
    ready: ({ seeding, ...ready }) => writeJsonLine({ event: 'ready', ...ready, ...seedingFields(seeding) }),
    stats: ({ neighbours: _neighbours, files: _files, ...figures }) => writeJsonLine({ event: 'stats', ...figures }),
    note: (text) => process.stderr.write(`tstream-source: ${text}\n`),
    close: () => undefined,
  };
}

function seedingFields(seeding: Ready['seeding']): object {
  if (!seeding) return {};
  const { port, links } = seeding;
  return { port, links: { page: `${links.base}/`, torrent: links.metainfo, trackers: links.trackers } };
}

function plainConsole(): SeederConsole {
  let [lines, tenths] = [0, 0];
  return {
    hashing: (hashed, length) => {
      const now = Math.floor((10 * hashed) / length);
      if (now === tenths) return;
      tenths = now;
      process.stdout.write(`Hashing: ${10 * now} % of ${formatSize(length)}\n`);
    },
    ready: (ready) => process.stdout.write(`${intro(ready).join('\n')}\n`),
    stats: (figures) => {
      if (lines++ % PLAIN_EVERY === 0) process.stdout.write(`${summary(figures)}\n`);
    },
    note: (text) => process.stdout.write(`${text}\n`),
    close: () => undefined,
  };
}

function terminalConsole(): SeederConsole {
  const log = logUpdate;
  const startedMs = performance.now();
  return {
    hashing: (hashed, length) => log(bar(hashed, length, performance.now() - startedMs)),
    ready: (ready) => {
      log.clear();
      const code = ready.seeding ? `\n\n${renderUnicodeCompact(ready.seeding.links.base, { border: 1 })}` : '';
      process.stdout.write(`${intro(ready).join('\n')}${code}\n`);
    },
    stats: (figures) => log(picture(figures).join('\n')),
    note: (text) => {
      log.clear();
      process.stdout.write(`${text}\n`);
    },
    close: () => log.done(),
  };
}

/** Seconds to go by the rate so far. */
function bar(hashed: number, length: number, elapsedMs: number): string {
  const full = Math.round((BAR_CHARACTERS * hashed) / length);
  const leftMs = hashed === 0 ? undefined : ((length - hashed) * elapsedMs) / hashed;
  const left = leftMs === undefined ? '' : `, ${formatDuration(leftMs)} to go`;
  const percent = Math.floor((100 * hashed) / length);
  return `Hashing ${'█'.repeat(full)}${'░'.repeat(BAR_CHARACTERS - full)} ${percent} % of ${formatSize(length)}${left}`;
}

function intro({ torrent, magnet, seeding }: Ready): string[] {
  const made = [`  Torrent         ${torrent}   (give it to anybody)`, `  Magnet link     ${magnet}`];
  if (!seeding) return ['The torrent is made.', ...made];
  const { links } = seeding;
  return [
    'Seeding.',
    `  Page to share   ${links.base}/`,
    `  To watch        tstream-peer watch ${links.metainfo}`,
    ...made,
    `  ${SCOPES[links.scope]}`,
  ];
}

function picture(figures: SeederFigures): string[] {
  const { maxUploadBitsPerSecond: most, seeders } = figures;
  return [
    '',
    `  ● Seeding ${figures.name}   ${formatSize(figures.lengthBytes)}   ${formatDuration(figures.uptimeMs)}`,
    `  Peers     ${figures.peers} now (${seeders} with all of it), ${figures.peersEver} since the start`,
    `  Upload    ${formatRate(figures.upBitsPerSecond)}${most > 0 ? ` of at most ${formatRate(most)}` : ''}, ${copies(figures)}`,
    '  Ctrl-C ends it.',
  ];
}

function summary(figures: SeederFigures): string {
  const { peers, uptimeMs, upBitsPerSecond } = figures;
  const who = `${peers} ${peers === 1 ? 'peer' : 'peers'}`;
  return `${formatDuration(uptimeMs)}: ${who}, up ${formatRate(upBitsPerSecond)}, ${copies(figures)}`;
}

function copies({ upBytes, lengthBytes }: SeederFigures): string {
  return `${formatSize(upBytes)} so far = ${(upBytes / lengthBytes).toFixed(2)} × the content`;
}

const SCOPES: Readonly<Record<Links['scope'], string>> = {
  'this machine': 'Only this machine can reach this address.',
  'your own network':
    'Only your own network can reach this address. To reach the world, forward the port on your router and give --public-url.',
  'the internet': 'The world can reach this address if no firewall is in the way.',
};
const BAR_CHARACTERS = 30;
/** Seconds between plain lines. */
const PLAIN_EVERY = 10;
