import type { NeighbourFacts } from '@tstream/g2g-choker';
import { expect, test } from 'vitest';
import { source } from './stage.js';

const PIECE_MS = 150;
const OTHERS = [2, 3, 4, 5];

/** A source with five neighbours; 1 wants its pieces and gets each first, the others hear of them from elsewhere. */
function broadcast() {
  let facts: readonly NeighbourFacts[] = [];
  const choker = {
    rank(seen: readonly NeighbourFacts[]) {
      facts = seen;
      return seen.map(() => 0);
    },
  };
  const { stage, author } = source(0, [1, ...OTHERS], { choker });
  let made = 0;
  const have = (connection: number, seq: number) =>
    stage.hear(connection, { type: 'live-have', run: 5, base: seq, bitmap: Uint8Array.of(0x80) });
  stage.hear(1, { type: 'start', run: 5, seq: 0 });
  return {
    stage,
    have,
    /** Makes a piece; 1 takes it. */
    make(taken = true) {
      stage.pass(PIECE_MS);
      const seq = made++;
      stage.tell({ type: 'published', header: author.piece(seq) });
      if (!taken) return seq;
      stage.hear(1, { type: 'request', index: seq, begin: 0, length: 16384 });
      stage.hear(1, { type: 'request', index: seq, begin: 16384, length: 3616 });
      have(1, seq);
      return seq;
    },
    spreadMs(connection: number) {
      stage.pass(1000);
      return facts.find(({ id }) => id === connection)?.spreadMs;
    },
  };
}

/** They want pieces, and say that each is coming when it is made, so that the source offers them none. */
function wanting(peers: ReturnType<typeof broadcast>, connections: readonly number[], seqs: number): void {
  for (const connection of connections) {
    for (let seq = 0; seq < seqs; seq++) peers.stage.hear(connection, { type: 'coming', run: 5, seq });
    peers.stage.hear(connection, { type: 'start', run: 5, seq: 0 });
  }
}

test('a source learns how soon a piece is with half of the others', () => {
  const peers = broadcast();
  peers.make();
  for (const connection of OTHERS) peers.stage.hear(connection, { type: 'start', run: 5, seq: 0 });
  for (let i = 0; i < 4; i++) peers.make();
  expect(peers.spreadMs(1)).toBeUndefined();
  for (const connection of [2, 3]) peers.have(connection, 0);
  peers.make();
  expect(peers.spreadMs(1)).toBe(5 * PIECE_MS);
  expect(peers.spreadMs(2)).toBeUndefined();
});

test('a piece on its way to half of the others has spread', () => {
  const peers = broadcast();
  peers.make();
  wanting(peers, OTHERS, 1);
  peers.make();
  expect(peers.spreadMs(1)).toBeUndefined();
  peers.make();
  expect(peers.spreadMs(1)).toBe(2 * PIECE_MS);
});

test('what the source itself offered to the others says nothing about who got it first', () => {
  const peers = broadcast();
  peers.make();
  for (const connection of OTHERS) peers.stage.hear(connection, { type: 'start', run: 5, seq: 0 });
  for (let i = 0; i < 4; i++) peers.make();
  expect(peers.spreadMs(1)).toBeUndefined();
});

test('who passes on nothing is given up after sixteen pieces, and so are pieces that nobody took', () => {
  const peers = broadcast();
  peers.make();
  for (const connection of OTHERS) peers.stage.hear(connection, { type: 'start', run: 5, seq: 0 });
  for (let i = 0; i < 16; i++) peers.make(false);
  expect(peers.spreadMs(1)).toBe(16 * PIECE_MS);
  for (let i = 0; i < 32; i++) peers.make(false);
  expect(peers.spreadMs(1)).toBe(16 * PIECE_MS);
});

test('the time is smoothed', () => {
  const peers = broadcast();
  peers.make();
  peers.make();
  wanting(peers, OTHERS, 1);
  for (let i = 0; i < 4; i++) peers.make(false);
  expect(peers.spreadMs(1)).toBe(2 * PIECE_MS);
  for (const connection of OTHERS) peers.have(connection, 1);
  peers.make(false);
  expect(peers.spreadMs(1)).toBe(Math.floor(((7 * 2 + 5) * PIECE_MS) / 8));
});

test('with fewer than three others there is nothing to learn', () => {
  const peers = broadcast();
  peers.make();
  wanting(peers, [2, 3], 1);
  for (let i = 0; i < 20; i++) peers.make();
  expect(peers.spreadMs(1)).toBeUndefined();
});
