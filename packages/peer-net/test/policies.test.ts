import { type Choker, reciprocal } from '@tstream/g2g-choker';
import { newestFirst, type PiecePicker } from '@tstream/piece-picker';
import { afterEach, expect, it } from 'vitest';
import { createSwarmNode, type SwarmNode } from '../src/node.js';
import { createStream, optionsOf, TestSource, until } from './stream.js';

const nodes: SwarmNode[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

async function node(): Promise<SwarmNode> {
  const made = await createSwarmNode({ host: '127.0.0.1', port: 0, client: 'test 1', onTrouble: () => undefined });
  nodes.push(made);
  return made;
}

it('asks the picker and the choker that it was given', async () => {
  const stream = createStream();
  const sourceNode = await node();
  const viewerNode = await node();
  const offered: number[] = [];
  let ranked = 0;
  const picker: PiecePicker = {
    ...newestFirst,
    offer: (view) => {
      const offer = newestFirst.offer(view);
      if (offer) offered.push(offer.seq);
      return offer;
    },
  };
  const choker: Choker = {
    rank: (facts, random) => {
      ranked = Math.max(ranked, facts.length);
      return reciprocal.rank(facts, random);
    },
  };
  const sourceSwarm = await sourceNode.addSwarm(optionsOf(stream, { role: 'source', picker, choker }));
  const source = new TestSource(stream, sourceSwarm);
  const stop = source.start(50);
  const peers = [{ host: '127.0.0.1', port: sourceNode.port }];
  const viewer = await viewerNode.addSwarm(optionsOf(stream, { peers }));
  await until(() => viewer.figures().state === 'playing' && ranked > 0);
  stop();
  expect(ranked).toBe(1);
  expect(offered.length).toBeGreaterThan(0);
});
