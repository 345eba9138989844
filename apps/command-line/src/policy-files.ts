/** Pickers and chokers that somebody wrote, in files of their own outside this project. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import { Failure, oneLine } from './failures.js';

export type PolicyKind = 'picker' | 'choker';

/**
 * Loads a `.ts` or `.js` file and takes the policy that it exports: as default, or under the name `picker` or `choker`.
 * @param provided - Packages that the file may import wherever it stands, by name: the program's own, so that their classes are the same.
 * @throws {Failure} If there is no such file, it can't be loaded, or it exports no such policy.
 */
export async function loadPolicy<T>(
  path: string,
  kind: PolicyKind,
  provided: Readonly<Record<string, unknown>>,
): Promise<T> {
  const file = resolve(path);
  if (!existsSync(file)) throw new Failure(`cannot read ${path}: no such file or folder`);
  // No cache on disk: these files are small, change all the time, and nothing is to be left behind.
  const jiti = createJiti(import.meta.url, {
    virtualModules: { ...provided },
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
  return policy as T;
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

const METHODS: Readonly<Record<PolicyKind, readonly string[]>> = { picker: ['offer', 'want'], choker: ['rank'] };
