/** Pickers and chokers that somebody wrote, in files of their own outside this project. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import * as g2gChoker from '@tstream/g2g-choker';
import * as chokerCompliance from '@tstream/g2g-choker/compliance';
import * as piecePicker from '@tstream/piece-picker';
import * as pickerCompliance from '@tstream/piece-picker/compliance';
import * as slidingWindow from '@tstream/sliding-window';
import { Failure, oneLine, UsageError } from './failures.js';

/** What a file can export, by its kind. */
export interface PolicyKinds {
  readonly picker: piecePicker.PiecePicker;
  readonly choker: g2gChoker.Choker;
  /** Of pieces of an on-demand torrent. */
  readonly vodPicker: piecePicker.VodPicker;
}

export type PolicyKind = keyof PolicyKinds;

/**
 * Whether somebody named a file, and not one of the policies that come with the program.
 * @param wrong - What is said if it is neither, before what was expected: `'fast' is no picker`.
 * @throws {UsageError} If it is neither; lists the names.
 */
export function isPolicyFile(text: string, names: readonly string[], wrong: string): boolean {
  if (names.includes(text)) return false;
  if (FILE.test(text)) return true;
  throw new UsageError(`${wrong}: expected ${names.join(', ')}, or a .ts or .js file`);
}

/**
 * Loads a `.ts` or `.js` file and takes the policy that it exports: as default, or under the name of its kind.
 * @throws {Failure} If there is no such file, it can't be loaded, or it exports no such policy.
 */
export async function loadPolicy<K extends PolicyKind>(path: string, kind: K): Promise<PolicyKinds[K]> {
  const file = resolve(path);
  if (!existsSync(file)) throw new Failure(`cannot read ${path}: no such file or folder`);
  // A compiler takes longer to load than the rest of a program: who names no file doesn't wait for it.
  const { createJiti } = await import('jiti');
  // No cache on disk: these files are small, change all the time, and nothing is to be left behind.
  const jiti = createJiti(import.meta.url, {
    virtualModules: PROVIDED,
    fsCache: false,
    moduleCache: false,
    tryNative: false,
  });
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await jiti.import<Record<string, unknown>>(file);
  } catch (error) {
    throw new Failure(`cannot load ${path}: ${loadReason(error, file)}`, { cause: error });
  }
  const policy = [exported[kind], exported.default].find((value) => isPolicy(value, kind));
  if (policy === undefined) {
    const shape = METHODS[kind].map((method) => `${method}()`).join(' and ');
    throw new Failure(`${path} exports no ${kind}: expected an object with ${shape}, as default or as '${kind}'`);
  }
  return policy as PolicyKinds[K];
}

/** The first law of its kind that a policy breaks, with the question that shows it; undefined if it keeps to all. */
export function brokenLaw<K extends PolicyKind>(kind: K, policy: PolicyKinds[K]): string | undefined {
  const [broken] = CHECKS[kind](policy);
  return broken && `${broken.law} (question ${broken.question}: ${broken.found})`;
}

/**
 * What somebody reads of an error that came out of their file: `my-picker.ts:21: oh`.
 * @param path - As it was loaded from.
 * @returns Undefined if no line of that file was at work when it was thrown.
 */
export function blameFile(error: unknown, path: string): string | undefined {
  const file = `${resolve(path)}:`;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(file);
  // The first is the innermost.
  const line = at === -1 ? undefined : /^\d+/.exec(stack.slice(at + file.length))?.[0];
  return line && `${basename(path)}:${line}: ${oneLine(error)}`;
}

/** `Unexpected token, line 3:14`. */
function loadReason(error: unknown, file: string): string {
  return oneLine(error)
    .replace(/^\w*Error: /, '')
    .replace(` ${file}:`, ', line ');
}

function isPolicy(value: unknown, kind: PolicyKind): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return METHODS[kind].every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}

const FILE = /\.[cm]?[jt]s$/;
const METHODS: Readonly<Record<PolicyKind, readonly string[]>> = {
  picker: ['offer', 'want'],
  choker: ['rank'],
  vodPicker: ['choose'],
};
const CHECKS: { readonly [K in PolicyKind]: (policy: PolicyKinds[K]) => readonly pickerCompliance.Finding[] } = {
  picker: (picker) => pickerCompliance.checkPicker(picker),
  choker: (choker) => chokerCompliance.checkChoker(choker),
  vodPicker: (picker) => pickerCompliance.checkVodPicker(picker),
};
/** What a file may import wherever it stands: the program's own, so that their classes are the same. */
const PROVIDED = {
  '@tstream/g2g-choker': g2gChoker,
  '@tstream/g2g-choker/compliance': chokerCompliance,
  '@tstream/piece-picker': piecePicker,
  '@tstream/piece-picker/compliance': pickerCompliance,
  '@tstream/sliding-window': slidingWindow,
};
