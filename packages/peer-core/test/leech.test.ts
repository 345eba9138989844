/** Neighbours of the source that get its pieces first, and pass nothing on. */
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

/** What such a neighbour says to an offer. */
const ANSWERS: Readonly<Record<string, (run: number, seq: number) => readonly Message[]>> = {
  'that take all and confirm nothing': (_run, seq) => BLOCKS.map((block) => wish('request', seq, block)),
  'that take all and take it back': (_run, seq) =>
    (['request', 'cancel'] as const).flatMap((type) => BLOCKS.map((block) => wish(type, seq, block))),
  'that are always busy': (run, seq) => [{ type: 'decline', run, seq, why: 'busy' }],
  'that claim to have all': (run, seq) => [{ type: 'decline', run, seq, why: 'have' }],
  'that want half of each': (_run, seq) => [wish('request', seq, BLOCKS[0] as (typeof BLOCKS)[number])],
  'that answer nothing': () => [],
};

function wish(type: 'request' | 'cancel', seq: number, [begin, length]: readonly [number, number]): Message {
  return { type, index: seq % 400, begin, length };
}

function addIdler(loop: Loop, name: string, answer: string): Node {
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
        if (!header.ok) return;
        for (const said of ANSWERS[answer]?.(header.value.run, header.value.seq) ?? []) say(connection, said);
      }
    },
    poll() {
      const said = outputs;
      outputs = [];
      return said;
    },
    nextDeadlineMs: Infinity,
  };
  const idler = { ...idle, peer: peer as Peer };
  loop.nodes[loop.nodes.indexOf(idle)] = idler;
  return idler;
}

const CASES = Object.keys(ANSWERS).flatMap((answer) => [1, 2, 3].map((count) => [count, answer] as const));

test.each(CASES)('%i %s, at a source with twice the bitrate: two viewers stall and drop nothing', (count, answer) => {
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
  for (let i = 0; i < count; i++) {
    const idler = addIdler(loop, `idler${i}`, answer);
    loop.at(5000, () => loop.connect(idler, source));
  }
  publisher.stream(PIECE_MS, 40_000, () => publisher.beat(true));
  loop.runUntil(60_000);
  for (const { name, peer } of viewers) {
    expect(peer.figures(), name).toMatchObject({ stalls: 0, piecesDropped: 0, state: 'ended' });
  }
});
