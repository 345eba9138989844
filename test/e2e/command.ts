/** The built apps as a person starts them: run to their end, and read like a person reads. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PEER_CLI, SIM_CLI, SOURCE_CLI } from './apps.js';

export const CLIS = { 'tstream-source': SOURCE_CLI, 'tstream-peer': PEER_CLI, 'tstream-sim': SIM_CLI } as const;
export type AppName = keyof typeof CLIS;

/** How an app ended. */
export interface Outcome {
  readonly app: AppName;
  /** Exit code, or the signal that ended it. */
  readonly end: number | string;
  readonly out: string;
  readonly errors: string;
}

export interface RunOptions {
  /** Written to its standard input, which then ends; without it, it has none. */
  readonly stdin?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** A program that starts it: gets `node`, the app and its arguments appended. */
  readonly through?: readonly [string, ...string[]] | undefined;
}

/** Runs an app to its end; it is killed when that takes longer than anybody waits. */
export function runApp(app: AppName, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { child, text } = spawnApp(app, args, options);
  child.stdin?.on('error', () => undefined).end(options.stdin);
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_MS_MAX);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ app, end: code ?? signal ?? -1, ...text });
    });
  });
}

/** Starts an app, and collects what it says. */
export function spawnApp(app: AppName, args: readonly string[], { stdin, env, through }: RunOptions = {}) {
  const [program, ...rest] = [...(through ?? []), process.execPath, CLIS[app], ...args] as [string, ...string[]];
  const child: ChildProcess = spawn(program, rest, {
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    cwd: greetedState(),
    env: { ...process.env, XDG_STATE_HOME: greetedState(), ...env },
  });
  const text = { out: '', errors: '' };
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text.out += part;
  });
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text.errors += part;
  });
  return { child, text };
}

/** It said what is wrong in one line on standard error, nothing else there, and ended with this code. */
export function expectOneLine({ app, end, errors }: Outcome, code: 1 | 2, says: RegExp): void {
  expect(errors).toMatch(/^[^\n]+\n$/);
  expect(errors.startsWith(`${app}: `), errors).toBe(true);
  expect(errors).toMatch(says);
  // Neither a stack nor a word of the machine's.
  expect(errors).not.toMatch(/\bat .*:\d+:\d+|Error:|\[object|undefined|\bE[A-Z]{4,}\b/);
  expect(end).toBe(code);
}

let state: string | undefined;

/** A folder to start in, in which an app finds that it has been started before. */
function greetedState(): string {
  if (state !== undefined) return state;
  const folder = mkdtempSync(join(tmpdir(), 'tstream-state-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'tstream'));
  writeFileSync(join(folder, 'tstream', 'greeted'), '');
  state = folder;
  return folder;
}

/** Starting takes a second on an idle machine; this is for one that runs a dozen of them. */
const RUN_MS_MAX = 30_000;
