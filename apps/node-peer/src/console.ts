/** What a viewer or a helper sees: JSON lines, plain lines, or one live line in a terminal. */
import { writeJsonLine } from '@tstream/command-line';

/** Figures of one swarm, for programs and for a person. */
export interface Stats {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Console {
  /** Figures are told from then on. */
  ready(ready: Readonly<Record<string, unknown>>, lines: readonly string[]): void;
  stats(all: readonly Stats[]): void;
  event(event: Readonly<Record<string, unknown>> & { readonly event: string }, line?: string): void;
  /** Something that a person should know; one line. */
  note(text: string): void;
  close(): void;
}

/** @param usesStdout - Video goes to standard output, so that words have to go elsewhere. */
export async function createConsole(json: boolean, usesStdout = false): Promise<Console> {
  const out = usesStdout ? process.stderr : process.stdout;
  const screen = json
    ? jsonConsole()
    : out.isTTY && !usesStdout
      ? (await import('./terminal-console.js')).terminalConsole()
      : plainConsole(out);
  let isReady = false;
  return {
    ...screen,
    ready: (ready, lines) => {
      isReady = true;
      screen.ready(ready, lines);
    },
    stats: (all) => isReady && screen.stats(all),
  };
}

function jsonConsole(): Console {
  return {
    ready: (ready) => writeJsonLine({ event: 'ready', ...ready }),
    stats: (all) => {
      for (const { json } of all) writeJsonLine({ event: 'stats', ...json });
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
      for (const { text } of all) out.write(`${text}\n`);
    },
    event: (_event, line) => line !== undefined && out.write(`${line}\n`),
    note: (text) => out.write(`${text}\n`),
    close: () => undefined,
  };
}

const PLAIN_EVERY = 10;
