// Starts programs that end when this process is told to end, or when whoever started it is gone.
import { spawn } from 'node:child_process';
import { onEnd } from './starter.mjs';

const GRACE_MS = 5000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
let ending = false;
onEnd(end);

/**
 * Runs a command to its end, with this process's output.
 * @param {readonly string[]} command
 * @param {{ cwd: string }} options
 * @returns {Promise<number>} Its exit code; 1 when it couldn't be started or a signal ended it.
 */
export function run([program = '', ...args], { cwd }) {
  return new Promise((resolve) => {
    // A group of its own, so that what it starts can be ended with it.
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    children.add(child);
    child.on('error', (error) => {
      children.delete(child);
      console.error(`cannot start ${program}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      children.delete(child);
      if (!ending) resolve(code ?? 1);
      else if (children.size === 0) process.exit(130);
    });
  });
}

/**
 * The command of a pnpm script, by the pnpm that started us if there is one: it need not be on the PATH.
 * @param {...string} args
 */
export function pnpm(...args) {
  const running = process.env['npm_execpath'];
  return running?.includes('pnpm') ? [process.execPath, running, ...args] : ['npx', '--yes', 'pnpm@10', ...args];
}

function end() {
  if (ending) return;
  ending = true;
  if (children.size === 0) process.exit(130);
  signalAll('SIGTERM');
  setTimeout(() => {
    signalAll('SIGKILL');
    process.exit(130);
  }, GRACE_MS);
}

/** @param {NodeJS.Signals} signal */
function signalAll(signal) {
  for (const { pid } of children) {
    if (pid === undefined) continue;
    try {
      process.kill(-pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
