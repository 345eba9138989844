import { setTimeout as sleep } from 'node:timers/promises';
import type { Swarm } from './swarm.js';

/**
 * Serves the last pieces of a broadcast until every neighbour has them. Who leaves before takes away what was on its way
 * to others.
 *
 * @param msMax - At most so long: some neighbours never say what they have.
 * @param stop - Ends it at once.
 */
export async function linger(swarm: Pick<Swarm, 'figures'>, msMax: number, stop?: AbortSignal): Promise<void> {
  const untilMs = performance.now() + msMax;
  const isOver = () => stop?.aborted === true || performance.now() >= untilMs;
  while (!isOver() && swarm.figures().neighbours.some(({ lacksPieces }) => lacksPieces > 0)) await sleep(LOOK_MS);
}

const LOOK_MS = 50;
