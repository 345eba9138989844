import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that was started detached from this one. */
export interface StartedProgram {
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Ends it. */
  stop(): void;
}

/** @returns undefined if there is no such program. */
export function startProgram(program: string, args: readonly string[]): Promise<StartedProgram | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    const ended = new Promise<number | string>((end) => {
      child.once('exit', (code, signal) => end(code ?? signal ?? -1));
    });
    child.once('error', () => resolve(undefined));
    child.once('spawn', () => {
      child.unref();
      resolve({ ended, stop: () => void child.kill('SIGTERM') });
    });
  });
}

/** Opens a page in the person's browser; says so where that doesn't work, unless the program ends. */
export async function openPage(url: string, say: (text: string) => void, stop: AbortSignal): Promise<void> {
  if (!(await startBrowser(url)) && !stop.aborted) say(`no browser could be started: open ${url}`);
}

/** @returns Whether that worked, as far as can be said. */
async function startBrowser(url: string): Promise<boolean> {
  // It ends with 1 whatever it did.
  if (process.platform === 'win32') return (await startProgram('explorer.exe', [url])) !== undefined;
  const opener = await startProgram(process.platform === 'darwin' ? 'open' : 'xdg-open', [url]);
  if (opener === undefined) return false;
  // Some stay as long as the browser does.
  return (await Promise.race([opener.ended, sleep(REFUSAL_MS, 0, { ref: false })])) === 0;
}

/** A guess: who finds no browser says so sooner. */
const REFUSAL_MS = 3000;
