// The built apps as processes: started, listened to, ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * Starts an app that says with `--json` what happens.
 * @param {string} cli - Below the repository's root.
 * @param {string[]} args
 * @param {string[]} [before] - What runs it, with its arguments; must become it, not start it.
 */
export function startApp(cli, args, before = []) {
  const [command, ...rest] = [...before, process.execPath, join(root, cli), ...args];
  const { child, stats, first } = startProgram(/** @type {string} */ (command), rest);
  return { child, stats, ready: first('ready'), playing: first('playing') };
}

/**
 * Starts a program that says in lines of JSON what happens. The benchmark ends when it does, unless by {@link endApp}.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function startProgram(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  children.add(child);
  child.once('exit', (code, signal) => {
    if (!children.delete(child)) return;
    console.error(`${program} ${args[0]} has ended by itself: ${signal ?? `exit code ${code}`}`);
    process.exit(1);
  });
  /** @type {any[]} */
  const stats = [];
  /** @type {Map<string, any>} */
  const happened = new Map();
  /** @type {Map<string, (event: any) => void>} */
  const waiting = new Map();
  createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const event = JSON.parse(line);
    if (event.event === 'stats') stats.push(event);
    if (!happened.has(event.event)) happened.set(event.event, event);
    waiting.get(event.event)?.(event);
  });
  /**
   * The first event of a kind.
   * @param {string} kind
   * @returns {Promise<any>}
   */
  const first = (kind) =>
    happened.has(kind) ? Promise.resolve(happened.get(kind)) : new Promise((resolve) => waiting.set(kind, resolve));
  return { child, stats, first };
}

/**
 * @param {{ readonly child: import('node:child_process').ChildProcess }} app
 * @param {NodeJS.Signals} [signal]
 */
export async function endApp({ child }, signal = 'SIGKILL') {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
