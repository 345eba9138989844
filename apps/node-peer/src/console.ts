/** What a viewer or a helper sees: JSON lines, plain lines, or one live line in a terminal. */
import { banLine, formatDuration, formatRate, writeJsonLine } from '@tstream/command-line';
import type { Swarm, SwarmEvent } from '@tstream/peer-net';
import logUpdate from 'log-update';

type SwarmFigures = ReturnType<Swarm['figures']>;

export interface Console {
  /** Figures are told from then on. */
  ready(ready: Readonly<Record<string, unknown>>, lines: readonly string[]): void;
  stats(figures: readonly SwarmFigures[]): void;
  event(event: Readonly<Record<string, unknown>> & { readonly event: string }, line?: string): void;
  /** Something that a person should know; one line. */
  note(text: string): void;
  close(): void;
}

/** @param usesStdout - Video goes to standard output, so that words have to go elsewhere. */
export function createConsole(json: boolean, usesStdout = false): Console {
  const out = usesStdout ? process.stderr : process.stdout;
  const screen = json ? jsonConsole() : out.isTTY && !usesStdout ? terminalConsole() : plainConsole(out);
  let isReady = false;
  return {
    ...screen,
    ready: (ready, lines) => {
      isReady = true;
      screen.ready(ready, lines);
    },
    stats: (figures) => isReady && screen.stats(figures),
  };
}

function jsonConsole(): Console {
  return {
    ready: (ready) => writeJsonLine({ event: 'ready', ...ready }),
    stats: (all) => {
      for (const { neighbours: _neighbours, pieces: _pieces, ...figures } of all)
        writeJsonLine({ event: 'stats', ...figures });
    },
    event: (event) => writeJsonLine(event),
    note: (text) => process.stderr.write(`tstream-peer: ${text}\n`),
    close: () => undefined,
  };
}

function plainConsole(out: NodeJS.WriteStream): Console {
  let lines = 0;
  return {
    ready: (_ready, text) => out.write(`${text.join('\n')}\n`),
    stats: (all) => {
      if (lines++ % PLAIN_EVERY !== 0) return;
      for (const figures of all) out.write(`${summary(figures)}\n`);
    },
    event: (_event, line) => line !== undefined && out.write(`${line}\n`),
    note: (text) => out.write(`${text}\n`),
    close: () => undefined,
  };
}

function terminalConsole(): Console {
  const print = (text: string) => {
    logUpdate.clear();
    process.stdout.write(`${text}\n`);
  };
  return {
    ready: (_ready, text) => process.stdout.write(`${text.join('\n')}\n`),
    stats: (all) => logUpdate(all.map((figures) => `  ${summary(figures)}`).join('\n')),
    event: (_event, line) => line !== undefined && print(line),
    note: print,
    close: () => logUpdate.done(),
  };
}

function summary(figures: SwarmFigures): string {
  const { bytesFromPeers, bytesFromSource, latencyMs, stalls } = figures;
  const received = bytesFromPeers + bytesFromSource;
  const parts = [
    `${figures.title}: ${figures.stateText.replace(/\.$/, '')}`,
    `${figures.peers} ${figures.peers === 1 ? 'neighbour' : 'neighbours'}`,
    `down ${formatRate(figures.downBitsPerSecond)}`,
    `up ${formatRate(figures.upBitsPerSecond)}`,
  ];
  if (received > 0) parts.push(`${Math.round((100 * bytesFromPeers) / received)} % from viewers`);
  if (latencyMs !== null && figures.state !== 'idle')
    parts.push(`${formatDuration(Math.max(0, latencyMs))} behind the camera`);
  if (stalls > 0) parts.push(`${stalls} ${stalls === 1 ? 'stall' : 'stalls'}`);
  return parts.join(', ');
}

/** What of a swarm's events a person wants to read. */
export function eventLine(event: SwarmEvent): string | undefined {
  switch (event.type) {
    case 'stale':
      return 'Nothing new from the broadcaster; waiting for it.';
    case 'live':
      return 'The broadcaster is back.';
    case 'trackerUnreachable':
      return `The tracker ${event.url} does not answer (${event.reason}); it is tried again.`;
    case 'banned':
      return banLine(event);
    case 'storageTrouble':
      return event.reason;
    default:
      return undefined;
  }
}

const PLAIN_EVERY = 10;
