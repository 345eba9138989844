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
  const child = spawn(/** @type {string} */ (command), rest, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  children.add(child);
  child.once('exit', (code, signal) => {
    if (!children.delete(child)) return;
    console.error(`${cli} has ended by itself: ${signal ?? `exit code ${code}`}`);
    process.exit(1);
  });
  /** @type {any[]} */
  const stats = [];
  /** @type {Record<string, (event: any) => void>} */
  const waiting = {};
  const first = (/** @type {string} */ kind) =>
    /** @type {Promise<any>} */ (new Promise((resolve) => (waiting[kind] = resolve)));
  const app = { child, stats, ready: first('ready'), playing: first('playing') };
  createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) }).on('line', (line) => {
    const event = JSON.parse(line);
    if (event.event === 'stats') stats.push(event);
    waiting[event.event]?.(event);
  });
  return app;
}

/** @param {ReturnType<typeof startApp>} app */
export async function endApp({ child }) {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
