import { spawn } from 'node:child_process';

/** Starts a program detached from this one. @returns Whether there is such a program. */
export function startProgram(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** Opens a page in the person's browser. @returns Whether that could be tried. */
export function openPage(url: string): Promise<boolean> {
  if (process.platform === 'darwin') return startProgram('open', [url]);
  if (process.platform === 'win32') return startProgram('explorer.exe', [url]);
  return startProgram('xdg-open', [url]);
}
