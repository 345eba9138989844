// The programs that tests want and that npm doesn't bring: how each is found, and how a person gets it.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @typedef {'ffmpeg' | 'ffprobe' | 'chromium' | 'aria2c' | 'python3 libtorrent'} Program */
/** @typedef {'unit' | 'sim' | 'e2e' | 'interop'} Tier */
/** @type {readonly Tier[]} */
export const TIERS = ['unit', 'sim', 'e2e', 'interop'];

/** @type {Readonly<Record<Program, { find: () => string | undefined, package: string, tiers: readonly Tier[] }>>} */
export const PROGRAMS = {
  ffmpeg: { find: () => onPath('ffmpeg'), package: 'ffmpeg', tiers: ['e2e'] },
  ffprobe: { find: () => onPath('ffprobe'), package: 'ffmpeg', tiers: ['e2e'] },
  chromium: { find: findChromium, package: 'chromium', tiers: ['e2e'] },
  aria2c: { find: () => onPath('aria2c'), package: 'aria2', tiers: ['interop'] },
  'python3 libtorrent': { find: findPythonLibtorrent, package: 'python3-libtorrent', tiers: ['e2e', 'interop'] },
};

/** @type {Map<Program, string | undefined>} */
const found = new Map();

/**
 * @param {Program} program
 * @returns {string | undefined} The path to start it by (for a Python module: the python3 that has it), if this machine has it.
 */
export function programPath(program) {
  if (!found.has(program)) found.set(program, PROGRAMS[program].find());
  return found.get(program);
}

/**
 * @param {Program} program
 * @returns {string} What is missing and how to install it, for a person.
 */
export function describeMissing(program) {
  return `${program} (apt install ${PROGRAMS[program].package})`;
}

/** @param {string} name */
function onPath(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function findChromium() {
  return onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome');
}

// The distribution's module belongs to the distribution's python3, which need not be the first on the PATH.
function findPythonLibtorrent() {
  const pythons = [onPath('python3'), '/usr/bin/python3'].filter((python) => python !== undefined);
  return pythons.find((python) => spawnSync(python, ['-c', 'import libtorrent']).status === 0);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
