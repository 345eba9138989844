import { expect, test, vi } from 'vitest';
import { linger } from '../src/index.js';

function swarmThatLacks(...pieces: number[]) {
  const figures = vi.fn(() => ({ neighbours: [{ lacksPieces: pieces.length > 1 ? pieces.shift() : pieces[0] }] }));
  return { figures } as unknown as Parameters<typeof linger>[0] & { figures: typeof figures };
}

test('waits until every neighbour has the last pieces', async () => {
  const swarm = swarmThatLacks(3, 1, 0);
  await linger(swarm, 60_000);
  expect(swarm.figures).toHaveBeenCalledTimes(3);
});

test('waits no longer than it may, nor after it was told to stop', async () => {
  await linger(swarmThatLacks(1), 120);
  await linger(swarmThatLacks(1), 60_000, AbortSignal.abort());
  await linger(swarmThatLacks(1), 60_000, AbortSignal.timeout(100));
});
