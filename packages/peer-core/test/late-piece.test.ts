import { decodeHeader } from '@tstream/live-piece-auth';
import { expect, test } from 'vitest';
import type { Input } from '../src/index.js';
import { config, Loop, type Node, Publisher } from './loop.js';

const PIECE_MS = 150;
/** The next one is an entry point. */
const LATE_SEQ = 47;
const LAG_MS = 400;
const OFFER_MS = 350;

/** One piece is offered late to the viewer, and its blocks then take some time. */
class SlowOnce extends Loop {
  constructor(readonly blocksMs: number) {
    super();
  }

  override give(node: Node, input: Input): void {
    const waitMs = node.name === 'viewer' && input.type === 'message' ? this.#waitMs(input.message) : 0;
    if (waitMs === 0) super.give(node, input);
    else this.at(this.nowMs + waitMs, () => super.give(node, input));
  }

  #waitMs(message: Extract<Input, { type: 'message' }>['message']): number {
    if (message.type === 'piece' && message.index === LATE_SEQ) return this.blocksMs;
    const header = message.type === 'offer' ? decodeHeader(message.header) : undefined;
    return header?.ok && header.value.seq === LATE_SEQ ? OFFER_MS : 0;
  }
}

/** @returns A viewer that played 90 pieces, one of which came later than the others. */
function playWithLatePiece(blocksMs: number): { viewer: Node; seqs: number[] } {
  const loop = new SlowOnce(blocksMs);
  const source = loop.add('source', config('source'));
  const viewer = loop.add('viewer', config('viewer', { lagMs: LAG_MS }));
  const publisher = new Publisher(loop, source, 5);
  loop.connect(viewer, source);
  publisher.stream(PIECE_MS, 90 * PIECE_MS);
  loop.runUntil(90 * PIECE_MS);
  return { viewer, seqs: viewer.delivered.map(({ seq }) => seq) };
}

test('a piece that was accepted just before it was due holds the reader up, and is played', () => {
  const { viewer, seqs } = playWithLatePiece(100);
  expect(viewer.peer.figures()).toMatchObject({ stalls: 1, piecesDropped: 0 });
  expect(viewer.peer.figures().stallMs).toBeLessThanOrEqual(OFFER_MS + 100 - LAG_MS + 20);
  expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] as number) + i));
});

test('it is awaited for half the lag after its accept, then the reader goes on at the next entry point', () => {
  const { viewer, seqs } = playWithLatePiece(2000);
  const { stalls, stallMs } = viewer.peer.figures();
  expect(stalls).toBe(1);
  expect(stallMs).toBeGreaterThanOrEqual(OFFER_MS - LAG_MS / 2);
  expect(stallMs).toBeLessThanOrEqual(OFFER_MS - LAG_MS / 2 + 20);
  expect(seqs.includes(LATE_SEQ)).toBe(false);
  expect(seqs[seqs.indexOf(LATE_SEQ - 1) + 1]).toBe(LATE_SEQ + 1);
});

/** No neighbour offers one piece by itself; whoever is asked for it first dies at that. */
class DiesWhenAsked extends Loop {
  died: { readonly name: string; readonly atMs: number } | undefined;

  override give(node: Node, input: Input): void {
    const message = input.type === 'message' ? input.message : undefined;
    if (message?.type === 'want' && message.seq === LATE_SEQ && !this.died) {
      this.died = { name: node.name, atMs: this.nowMs };
      return this.kill(node);
    }
    const offered = message?.type === 'offer' ? decodeHeader(message.header) : undefined;
    if (node.name === 'viewer' && offered?.ok && offered.value.seq === LATE_SEQ && !this.died) return;
    super.give(node, input);
  }
}

test('when a neighbour goes that was asked for a piece, the others are asked at once', () => {
  const loop = new DiesWhenAsked();
  const source = loop.add('source', config('source'));
  const viewer = loop.add('viewer', config('viewer', { lagMs: 3000 }));
  for (const name of ['a', 'b', 'c']) {
    const neighbour = loop.add(name, config('viewer'));
    loop.connect(neighbour, source);
    loop.connect(viewer, neighbour);
  }
  new Publisher(loop, source, 5).stream(PIECE_MS, 90 * PIECE_MS);
  loop.runUntil(90 * PIECE_MS);
  const asked = loop.trace.filter(
    ({ from, message }) => from === 'viewer' && message.type === 'want' && message.seq === LATE_SEQ,
  );
  const died = loop.died as { name: string; atMs: number };
  const atOnce = asked.filter(({ atMs, to }) => atMs === died.atMs && to !== died.name).map(({ to }) => to);
  expect(atOnce.sort()).toEqual(['a', 'b', 'c'].filter((name) => name !== died.name));
});
