// Who started this process, through whatever package runners and shells; and when it is time to end with them.
import { readFileSync } from 'node:fs';

/**
 * Calls back at a signal to end, and when a runner above this process is gone: a signal to npx or pnpm alone reaches nobody else.
 * @param {() => void} end
 */
export function onEnd(end) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);
  const ancestry = readAncestry();
  setInterval(() => readAncestry(ancestry.length).join() !== ancestry.join() && end(), CHECK_MS).unref();
}

/**
 * Process ids upwards from our parent: the shell of the script, pnpm, and where /proc tells it, what started pnpm.
 * @param {number} [length] How many, if known; otherwise up to the last that pnpm is named in.
 */
function readAncestry(length) {
  const ids = [process.ppid];
  for (let id = parentOf(process.ppid); id > 1; id = parentOf(id)) {
    if (length === undefined ? !readProc(id, 'cmdline').includes('pnpm') : ids.length >= length) break;
    ids.push(id);
  }
  return ids;
}

/** @param {number} id */
function parentOf(id) {
  // The name in parentheses may itself hold spaces and parentheses.
  const [, parent] = /.*\) \S (\d+)/s.exec(readProc(id, 'stat')) ?? [];
  return Number(parent ?? 0);
}

/**
 * @param {number} id
 * @param {'stat' | 'cmdline'} file
 */
function readProc(id, file) {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

const CHECK_MS = 1000;
