/** What the broadcaster sees: JSON lines, plain lines, or a small live picture in a terminal. */
import { formatDuration, formatRate, writeJsonLine } from '@tstream/command-line';
import logUpdate from 'log-update';
import { renderUnicodeCompact } from 'uqr';
import type { SourceFigures } from './figures.js';
import type { Links } from './links.js';

export interface Console {
  ready(ready: { tstream: string; infohash: string; port: number; links: Links; input: string; key: string }): void;
  stats(figures: SourceFigures): void;
  /** Something that a person should know; one line. */
  note(text: string): void;
  close(): void;
}

export function createConsole(json: boolean): Console {
  if (json) return jsonConsole();
  return process.stdout.isTTY ? terminalConsole() : plainConsole();
}

function jsonConsole(): Console {
  return {
    ready: ({ tstream, infohash, port, links }) =>
      writeJsonLine({ event: 'ready', tstream, infohash, port, page: `${links.base}/`, tstreamUrl: links.metainfo }),
    stats: ({ neighbours: _neighbours, ...figures }) => writeJsonLine({ event: 'stats', ...figures }),
    note: (text) => process.stderr.write(`tstream-source: ${text}\n`),
    close: () => undefined,
  };
}

function plainConsole(): Console {
  let lines = 0;
  return {
    ready: (ready) => process.stdout.write(`${intro(ready).join('\n')}\n`),
    stats: (figures) => {
      if (lines++ % PLAIN_EVERY === 0) process.stdout.write(`${summary(figures)}\n`);
    },
    note: (text) => process.stdout.write(`${text}\n`),
    close: () => undefined,
  };
}

function terminalConsole(): Console {
  const log = logUpdate;
  return {
    ready: (ready) => {
      process.stdout.write(`${intro(ready).join('\n')}\n\n${renderUnicodeCompact(ready.links.base, { border: 1 })}\n`);
    },
    stats: (figures) => log(picture(figures).join('\n')),
    note: (text) => {
      log.clear();
      process.stdout.write(`${text}\n`);
    },
    close: () => log.done(),
  };
}

function intro(ready: { tstream: string; links: Links; input: string; key: string }): string[] {
  const { links } = ready;
  const scope = {
    'this machine': 'Only this machine can reach this address.',
    'your own network':
      'Only your own network can reach this address. To reach the world, forward the port on your router and give --public-url.',
    'the internet': 'The world can reach this address if no firewall is in the way.',
  }[links.scope];
  return [
    `Broadcasting ${ready.input}.`,
    `  Page to share   ${links.base}/`,
    `  To watch        tstream-peer watch ${links.metainfo}`,
    `  Stream file     ${ready.tstream}   (give it to anybody)`,
    `  Key file        ${ready.key}   (keep it: whoever has it is the broadcaster)`,
    `  ${scope}`,
  ];
}

function picture(figures: SourceFigures): string[] {
  const { inputState, heldByMedian } = figures;
  return [
    '',
    `  ${inputState === 'live' ? '● LIVE' : `○ ${INPUT_TEXTS[inputState]}`}   run ${figures.run}   piece ${figures.seq}   ${formatDuration(figures.uptimeMs)}`,
    `  Viewers   ${figures.peers} now, ${figures.viewersEver} since the start`,
    `  Input     ${formatRate(figures.inBitsPerSecond)}`,
    `  Upload    ${formatRate(figures.upBitsPerSecond)} = ${figures.uploadMultiple ?? 0} × the bitrate, of at most ${formatRate(figures.maxUploadBitsPerSecond)}`,
    `  Health    ${heldByMedian === null ? 'nobody to ask' : `${Math.round(100 * heldByMedian)} % of viewers hold what was sent 2 s ago`}`,
    `  Port      ${figures.reachable === 'yes' ? 'answers from outside' : 'no connection from outside so far'}`,
    '  Ctrl-C ends the broadcast.',
  ];
}

function summary(figures: SourceFigures): string {
  return [
    `${formatDuration(figures.uptimeMs)}: ${INPUT_TEXTS[figures.inputState]}`,
    `${figures.peers} ${figures.peers === 1 ? 'viewer' : 'viewers'}`,
    `in ${formatRate(figures.inBitsPerSecond)}`,
    `up ${formatRate(figures.upBitsPerSecond)} (${figures.uploadMultiple ?? 0} × the bitrate)`,
  ].join(', ');
}

const INPUT_TEXTS: Readonly<Record<SourceFigures['inputState'], string>> = {
  live: 'live',
  paused: 'input paused',
  retrying: 'input broke off, trying again',
  ended: 'ended',
};
/** Seconds between plain lines. */
const PLAIN_EVERY = 10;
