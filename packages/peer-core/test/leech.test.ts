/** A neighbour of the source that takes all it is offered, passes nothing on, and never says what it has. */
import { decodeCertificate, decodeHeader } from '@tstream/live-piece-auth';
import type { Message } from '@tstream/wire-ext';
import { expect, test } from 'vitest';
import type { Output, Peer } from '../src/index.js';
import { config, Loop, type Node, Publisher } from './loop.js';

const PIECE_BYTES = 32712;
const PIECE_MS = 150;
const BITRATE_BYTES = (PIECE_BYTES * 1000) / PIECE_MS;
const BLOCKS: readonly (readonly [number, number])[] = [
  [0, 16384],
  [16384, PIECE_BYTES - 16384],
];

function addLeech(loop: Loop, name: string): Node {
  const idle = loop.add(name, config('viewer'));
  let outputs: Output[] = [];
  const say = (connection: number, message: Message) => outputs.push({ type: 'send', connection, message });
  const peer: Pick<Peer, 'handle' | 'poll' | 'nextDeadlineMs'> = {
    handle(input) {
      if (input.type !== 'message') return;
      const { connection, message } = input;
      if (message.type === 'cert') {
        const certified = decodeCertificate(message.certificate);
        if (certified.ok) say(connection, { type: 'start', run: certified.value.run, seq: 0 });
      } else if (message.type === 'offer') {
        const header = decodeHeader(message.header);
        const index = header.ok ? header.value.seq % 400 : 0;
        for (const [begin, length] of BLOCKS) say(connection, { type: 'request', index, begin, length });
      }
    },
    poll() {
      const said = outputs;
      outputs = [];
      return said;
    },
    nextDeadlineMs: Infinity,
  };
  const leech = { ...idle, peer: peer as Peer };
  loop.nodes[loop.nodes.indexOf(idle)] = leech;
  return leech;
}

test.each([1, 2, 3])('%i of them at a source with twice the bitrate: two viewers stall and drop nothing', (leeches) => {
  const loop = new Loop();
  const source = loop.add('source', config('source', { uploadBytesPerSecond: 2 * BITRATE_BYTES }));
  const publisher = new Publisher(loop, source, 5);
  const viewers = [1, 2].map((i) => loop.add(`viewer${i}`, config('viewer', { lagMs: 5000 })));
  const [one, two] = viewers as [Node, Node];
  loop.at(1000, () => {
    loop.connect(one, source);
    loop.connect(two, source);
    loop.connect(two, one);
  });
  for (let i = 0; i < leeches; i++) {
    const leech = addLeech(loop, `leech${i}`);
    loop.at(5000, () => loop.connect(leech, source));
  }
  publisher.stream(PIECE_MS, 40_000, () => publisher.beat(true));
  loop.runUntil(60_000);
  for (const { name, peer } of viewers) {
    expect(peer.figures(), name).toMatchObject({ stalls: 0, piecesDropped: 0, state: 'ended' });
  }
});
