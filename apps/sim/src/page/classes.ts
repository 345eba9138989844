import type { RunResult } from '@tstream/swarm-sim';
import { classNamesOf, HONEST } from '../figures.js';

/** The scenario's own classes where there are several, otherwise the sum over honest viewers. */
export function classesToShow(results: readonly RunResult[]): string[] {
  const own = classNamesOf(results).filter((name) => name !== HONEST && name !== 'all');
  return own.length > 1 ? own : [own[0] ?? HONEST];
}
