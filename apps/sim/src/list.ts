/** `tstream-sim list`: which scenarios there are, and which policies. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { oneLine, systemReason } from '@tstream/command-line';
import { limitsOf } from './limits.js';
import { policyNames } from './policies.js';
import { readScenarioFile, scenarioOf } from './scenario-file.js';
import { renderTable } from './table.js';
import { formatFigure } from './words.js';

export async function list(folder: string): Promise<void> {
  const names = await readdir(folder).then(
    (entries) => entries.filter((name) => name.endsWith('.json')).sort(),
    (error: unknown) => oneLine(systemReason(error)),
  );
  const scenarios = Array.isArray(names) ? await Promise.all(names.map((name) => describe(join(folder, name)))) : [];
  const parts = [
    scenarios.length > 0
      ? renderLeft(scenarios)
      : `no scenarios in ${folder}${Array.isArray(names) ? '' : `: ${names}`}`,
    renderLines([
      ['pickers', policyNames('picker').join(', ')],
      ['  on demand', policyNames('vodPicker').join(', ')],
      ['chokers', policyNames('choker').join(', ')],
    ]),
  ];
  process.stdout.write(`${parts.join('\n\n')}\n`);
}

/** `scenarios/flash-crowd.json`, how large it is, and its title; or what is wrong with it. */
async function describe(path: string): Promise<{ path: string; size: string; title: string }> {
  try {
    const scenario = scenarioOf(await readScenarioFile(path), []);
    const viewers = formatFigure(limitsOf(scenario).viewers, 'count');
    return { path, size: `${viewers} × ${scenario.seconds} s`, title: scenario.title };
  } catch (error) {
    return { path, size: '–', title: oneLine(error) };
  }
}

function renderLines(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

function renderLeft(rows: readonly { path: string; size: string; title: string }[]): string {
  const table = renderTable(rows.map(({ path, size }) => [path, size])).split('\n');
  return rows.map(({ title }, i) => `${table[i]}  ${title}`).join('\n');
}
