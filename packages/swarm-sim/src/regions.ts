/** What a scenario says of regions must fit its matrix of delays. */
import type { PeerClass, Scenario } from './scenario.js';
import type { Fault } from './schema.js';

/** The first thing that doesn't fit; undefined if all does. */
export function regionsFault({ links, source, peers }: Scenario): Fault | undefined {
  const { oneWayDelayMs } = links;
  const matrix = typeof oneWayDelayMs === 'object' && 'matrix' in oneWayDelayMs ? oneWayDelayMs.matrix : undefined;
  const regions = matrix && 'regions' in matrix ? matrix.regions : undefined;
  const inMatrix = regions && matrix && 'ms' in matrix ? matrixFault(regions, matrix.ms) : undefined;
  if (inMatrix) return { ...inMatrix, path: ['links', 'oneWayDelayMs', 'matrix', ...inMatrix.path] };
  const places = [
    { path: ['source', 'region'], region: source.region },
    ...peers.map(({ region }, i) => ({ path: ['peers', i, 'region'], region })),
  ];
  for (const { path, region } of places) {
    const fault = region === undefined ? undefined : regionFault(region, regions);
    if (fault) return { ...fault, path: [...path, ...fault.path] };
  }
  return undefined;
}

function matrixFault(regions: readonly string[], ms: readonly (readonly unknown[])[]): Fault | undefined {
  const again = regions.findIndex((name, i) => regions.indexOf(name) !== i);
  if (again !== -1) return { path: ['regions', again], expected: 'a name that no other region has' };
  if (ms.length !== regions.length) return { path: ['ms'], expected: `a row for each of ${regions.length} regions` };
  const row = ms.findIndex(({ length }) => length !== regions.length);
  return row === -1 ? undefined : { path: ['ms', row], expected: `a delay to each of ${regions.length} regions` };
}

function regionFault(
  region: Exclude<PeerClass['region'], undefined>,
  regions: readonly string[] | undefined,
): Fault | undefined {
  if (!regions) return { path: [], expected: 'nothing, as there is no matrix with regions in links.oneWayDelayMs' };
  const expected = `one of ${regions.join(', ')}`;
  if (typeof region === 'string') return regions.includes(region) ? undefined : { path: [], expected };
  const unknown = Object.keys(region).find((name) => !regions.includes(name));
  if (unknown !== undefined) return { path: [unknown], expected: `no region but ${regions.join(', ')}` };
  if (Object.values(region).every((share) => share === 0)) return { path: [], expected: 'a share above 0' };
  return undefined;
}
