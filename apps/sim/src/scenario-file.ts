/** Reads a scenario's file, changed as the command line says. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure, oneLine, systemReason, UsageError } from '@tstream/command-line';
import { type ParsedScenario, parseScenario, type Scenario } from '@tstream/swarm-sim';
import { type Setting, withSetting } from './settings.js';

export interface ScenarioFile {
  readonly path: string;
  /** Its JSON, unchecked. */
  readonly json: unknown;
}

/** @throws {Failure} If it can't be read or is no JSON. */
export async function readScenarioFile(path: string): Promise<ScenarioFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${systemReason(error)}`, { cause: error });
  }
  try {
    return { path, json: JSON.parse(text) as unknown };
  } catch (error) {
    throw new Failure(`${path} is not JSON: ${oneLine(error)}`, { cause: error });
  }
}

/**
 * The scenario of a file with settings made.
 * @throws {Failure} If the file's own content breaks the schema: where, and what was expected.
 * @throws {UsageError} If a setting does.
 */
export function scenarioOf({ path, json }: ScenarioFile, settings: readonly Setting[]): Scenario {
  const plain = parseScenario(json);
  if (!plain.ok) throw new Failure(`${path}: ${plain.path || 'the file'}: expected ${plain.expected}, ${plain.reason}`);
  let changed = json;
  let scenario = plain.value;
  // Some settings make sense together only: to blame is the one after which nothing was right any more.
  let fault: string | undefined;
  for (const setting of settings) {
    changed = withSetting(changed, setting);
    const parsed = parseScenario(changed);
    fault = parsed.ok ? undefined : (fault ?? describeFault(setting, parsed));
    if (parsed.ok) scenario = parsed.value;
  }
  if (fault !== undefined) throw new UsageError(fault);
  return scenario;
}

/** The table of delays that a scenario names, absolute: beside the scenario, unless the command line named it. */
export function delayFileOf(
  { path }: ScenarioFile,
  settings: readonly Setting[],
  { links: { oneWayDelayMs } }: Scenario,
): string | undefined {
  const matrix = typeof oneWayDelayMs === 'object' && 'matrix' in oneWayDelayMs ? oneWayDelayMs.matrix : undefined;
  if (!matrix || !('file' in matrix)) return undefined;
  const isGiven = settings.some((setting) => setting.path.startsWith('links.oneWayDelayMs'));
  return resolve(isGiven ? process.cwd() : dirname(resolve(path)), matrix.file);
}

function describeFault({ option, path, value }: Setting, fault: Extract<ParsedScenario, { ok: false }>): string {
  const given = `${option} ${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  return `${given}: ${fault.path}: expected ${fault.expected}, ${fault.reason}`;
}

/** Where a policy's file that a scenario names stands: beside the scenario, unless the command line named it. */
export function policyFolder({ path }: ScenarioFile, settings: readonly Setting[], kind: 'picker' | 'choker'): string {
  return settings.some((setting) => setting.path === `policies.${kind}`) ? process.cwd() : dirname(resolve(path));
}
