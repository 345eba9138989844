/** `path=value`: one place in a scenario, changed on the command line. */
import { UsageError } from '@tstream/command-line';

export interface Setting {
  /** What the person wrote it with, `--set` or `--over`. */
  readonly option: string;
  /** `source.upload`, `peers.viewers.count`, `peers.0.count`, `bounds.1.atMost`. */
  readonly path: string;
  readonly value: unknown;
}

/** @throws {UsageError} If there is no `=` with a path before it. */
export function parseSetting(text: string): Setting {
  const [path, value] = splitSetting('--set', text);
  return { option: '--set', path, value: parseValue(value) };
}

/** `path=a,b,c`: one setting each. Commas within brackets and braces belong to a value. @throws {UsageError} With fewer than two. */
export function parseSweep(text: string): Setting[] {
  const [path, list] = splitSetting('--over', text);
  const values = splitList(list).map(parseValue);
  if (values.length < 2) throw new UsageError(`--over ${text}: expected several values, such as ${path}=1,2,4`);
  return values.map((value) => ({ option: '--over', path, value }));
}

/**
 * A scenario with one place changed; the rest is shared.
 * @param scenario - As parsed from its file, not yet checked: whether the value makes sense is the schema's to say.
 * @throws {UsageError} If the path leads nowhere.
 */
export function withSetting(scenario: unknown, { option, path, value }: Setting): unknown {
  try {
    return replaced(scenario, path.split('.'), [], value);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${option} ${error.message}`) : error;
  }
}

function replaced(node: unknown, steps: readonly string[], done: readonly string[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const here = [...done, step];
  if (Array.isArray(node)) {
    const index = indexOf(node, step);
    if (index === undefined) throw new UsageError(`${here.join('.')}: no such path; ${namesIn(node, done)}`);
    return node.map((member: unknown, i) => (i === index ? replaced(member, rest, here, value) : member));
  }
  if (node !== undefined && !isObject(node)) {
    throw new UsageError(`${here.join('.')}: no such path; ${done.join('.')} is ${JSON.stringify(node)}`);
  }
  // What the scenario leaves out may be set, too; the schema knows whether there is such a thing.
  const own = node !== undefined && Object.hasOwn(node, step) ? node[step] : undefined;
  return { ...node, [step]: replaced(own, rest, here, value) };
}

/** Members of a list are named by their number, or by their own name. */
function indexOf(members: readonly unknown[], step: string): number | undefined {
  const byName = members.findIndex((member) => isObject(member) && member['name'] === step);
  if (byName !== -1) return byName;
  return /^\d{1,6}$/.test(step) && Number(step) < members.length ? Number(step) : undefined;
}

function namesIn(members: readonly unknown[], path: readonly string[]): string {
  const names = members.map((member, i) =>
    isObject(member) && typeof member['name'] === 'string' ? member['name'] : i,
  );
  return `${path.join('.')} has ${names.join(', ')}`;
}

function isObject(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

function splitSetting(option: string, text: string): [path: string, value: string] {
  const at = text.indexOf('=');
  const path = text.slice(0, Math.max(at, 0)).trim();
  if (path === '') throw new UsageError(`${option} '${text}': expected path=value, such as source.upload=2`);
  return [path, text.slice(at + 1)];
}

/** JSON where it is any, otherwise a word: `2`, `true`, `[1,2]`, `free-rider`. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i] as string;
    if ('[{'.includes(letter)) depth += 1;
    if (']}'.includes(letter)) depth -= 1;
    if (letter !== ',' || depth > 0) continue;
    parts.push(text.slice(from, i));
    from = i + 1;
  }
  parts.push(text.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
