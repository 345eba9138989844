/** The built apps as processes on loopback, for end-to-end tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const SOURCE_CLI = fileURLToPath(new URL('../../apps/source/dist/cli.js', import.meta.url));
export const SIM_CLI = fileURLToPath(new URL('../../apps/sim/dist/cli.js', import.meta.url));
export const PEER_CLI = fileURLToPath(new URL('../../apps/node-peer/dist/cli.js', import.meta.url));

/** An event that an app printed with `--json`. */
export type AppEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

/** A running app. */
export interface App {
  readonly child: ChildProcess;
  readonly events: AppEvent[];
  /** Standard error so far. */
  readonly errors: () => string;
  readonly stdin: Writable | null;
  /** The newest stats; empty before the first. */
  readonly stats: () => AppStats;
  /** Resolves with the first event of that kind; rejects when the app ends before, or after `timeoutMs`. */
  readonly event: (kind: string, timeoutMs?: number) => Promise<AppEvent>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Sends a signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | string>;
}

/** Counters of a stats line; those that an app doesn't have are absent. */
export type AppStats = Readonly<Record<string, number>>;

/** An empty folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tstream-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Starts `tstream-source ARGS --json`. It is killed when the test ends. */
export function startSource(args: readonly string[], options: StartOptions = {}): App {
  return startApp(SOURCE_CLI, ['live', ...args, '--json'], options);
}

/** Starts `tstream-peer ARGS --json`. It is killed when the test ends. */
export function startPeer(args: readonly string[], options: StartOptions = {}): App {
  return startApp(PEER_CLI, [...args, '--json'], options);
}

export interface StartOptions {
  /** Give it a pipe as standard input. */
  readonly stdin?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts one of the built apps with exactly these arguments. */
export function startApp(cli: string, args: readonly string[], options: StartOptions = {}): App {
  return startProgram(process.execPath, [cli, ...args], options);
}

/** Starts a program that says in lines of JSON what happens. It is killed when the test ends. */
export function startProgram(program: string, args: readonly string[], options: StartOptions = {}): App {
  const child = spawn(program, args, {
    stdio: [options.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe', 'ipc'],
    env: options.env ?? process.env,
  });
  const events: AppEvent[] = [];
  const listeners = new Set<() => void>();
  let errors = '';
  createInterface({ input: child.stdout as Readable }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    events.push(JSON.parse(line) as AppEvent);
    for (const listener of listeners) listener();
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    errors += bytes.toString('utf8');
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? -1);
      for (const listener of listeners) listener();
    });
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const app: App = {
    child,
    events,
    errors: () => errors,
    stdin: child.stdin,
    stats: () => (events.findLast((event) => event.event === 'stats') ?? {}) as unknown as AppStats,
    event: (kind, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle(new Error(`no '${kind}' within ${timeoutMs} ms: ${errors}`)), timeoutMs);
        const settle = (error?: Error) => {
          const found = events.find((event) => event.event === kind);
          if (!found && !error) return;
          clearTimeout(timer);
          listeners.delete(look);
          if (found) resolve(found);
          else reject(error);
        };
        const look = () =>
          settle(
            child.exitCode === null && child.signalCode === null
              ? undefined
              : new Error(`ended before '${kind}': ${errors}`),
          );
        listeners.add(look);
        look();
      }),
    ended,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return await ended;
    },
  };
  return app;
}

/** Waits until something holds; fails with what it was waiting for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(100);
  }
}
