import { afterEach, describe, expect, it } from 'vitest';
import { createSwarmNode, type SwarmNode } from '../src/node.js';
import { collect, createStream, eventsOf, isTail, optionsOf, TestSource, until } from './stream.js';

const nodes: SwarmNode[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

async function node(): Promise<SwarmNode> {
  const made = await createSwarmNode({ host: '127.0.0.1', port: 0, client: 'test 1', onTrouble: () => undefined });
  nodes.push(made);
  return made;
}

describe('a swarm on loopback', () => {
  it('plays to a viewer, byte for byte, what its source published, and ends where it ended', async () => {
    const stream = createStream();
    const sourceNode = await node();
    const swarm = await sourceNode.addSwarm(optionsOf(stream, { role: 'source' }));
    const source = new TestSource(stream, swarm);
    const stop = source.start(50);
    const { events, onEvent } = eventsOf();
    const peers = [{ host: '127.0.0.1', port: sourceNode.port }];
    const viewer = await (await node()).addSwarm(optionsOf(stream, { peers, onEvent }));
    const reader = collect(viewer);
    await until(() => viewer.figures().state === 'playing');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    stop();
    source.end();
    await until(() => events.some(({ type }) => type === 'ended'));
    await reader.ended;
    expect(isTail(reader.bytes(), source.published)).toBe(true);
    expect(viewer.figures()).toMatchObject({
      piecesDropped: 0,
      piecesRejected: 0,
      stalls: 0,
      state: 'ended',
      peers: 1,
    });
    expect(viewer.figures().neighbours[0]?.isSource).toBe(true);
  });
});
