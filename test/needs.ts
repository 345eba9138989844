import type { TestOptions } from 'vitest';
import { describeMissing, type Program, programPath } from '../scripts/programs.mjs';

declare module 'vitest' {
  interface TaskMeta {
    missing?: readonly string[];
  }
}

/**
 * Test options: the test is skipped where a program isn't installed, and `pnpm test` names it and says why.
 * `test('plays', needs('chromium'), async () => …)`; the same for `describe`.
 */
export function needs(...programs: Program[]): Pick<TestOptions, 'skip' | 'meta'> {
  const missing = programs.filter((program) => programPath(program) === undefined);
  return { skip: missing.length > 0, meta: { missing: missing.map((program) => describeMissing(program)) } };
}

/** The path of a program that the test's options asked for by {@link needs}. */
export function pathOf(program: Program): string {
  const path = programPath(program);
  if (path === undefined) throw new Error(describeMissing(program));
  return path;
}
