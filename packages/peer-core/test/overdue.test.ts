import { describe, expect, test } from 'vitest';
import { BLOCK, LAST } from './accepted.js';
import { type Author, playing, type Stage } from './stage.js';

/** A neighbour offers a piece, and sends it whole; its last block comes so much after its first. */
function deliver({ stage, author, from, seq, tookMs }: Delivery): void {
  const [one, two] = author.blocks(seq) as [Uint8Array, Uint8Array];
  stage.hear(from, { type: 'offer', header: author.piece(seq) });
  stage.hear(from, { type: 'piece', index: seq, begin: 0, block: one });
  stage.pass(tookMs);
  stage.hear(from, { type: 'piece', index: seq, begin: BLOCK, block: two });
}

interface Delivery {
  readonly stage: Stage;
  readonly author: Author;
  readonly from: number;
  readonly seq: number;
  readonly tookMs: number;
}

/** Neighbours 1 and 3 have sent pieces in turn, that of 1 in 200 ms each; now 1 has accepted to send piece 30. Mean and deviation say that it should be here within about 350 ms. */
function awaiting(fasterMs: number) {
  const { stage, author } = playing();
  for (let seq = 10; seq < 30; seq += 2) {
    deliver({ stage, author, from: 1, seq, tookMs: 200 });
    deliver({ stage, author, from: 3, seq: seq + 1, tookMs: fasterMs });
  }
  const accepted = stage.hear(1, { type: 'offer', header: author.piece(30) });
  expect(accepted).toContain(`to 1: request 30+0, ${BLOCK} bytes`);
  const offer = { type: 'offer', header: author.piece(30) } as const;
  return { stage, author, offer };
}

describe('a piece that takes long', () => {
  test('is asked of a faster neighbour, whose offer was declined as it was coming, and taken from that one', () => {
    const { stage, offer } = awaiting(10);
    expect(stage.hear(3, offer)).toEqual(['to 3: decline 5/30 coming']);
    expect(stage.pass(199).filter((word) => word.includes('want'))).toEqual([]);
    expect(stage.pass(300)).toContain('to 3: want 5/30');
    expect(stage.hear(3, offer).filter((word) => !word.includes('coming'))).toEqual([
      'to 1: cancel 30+0',
      `to 1: cancel 30+${BLOCK}`,
      `to 3: request 30+0, ${BLOCK} bytes`,
      `to 3: request 30+${BLOCK}, ${LAST} bytes`,
    ]);
    // Who is slow hasn't failed.
    expect(stage.peer.figures().neighbours.get(1)).toMatchObject({ strikes: 0 });
  });

  test('is asked of a faster neighbour that says to have it', () => {
    const { stage } = awaiting(10);
    stage.hear(3, { type: 'live-have', run: 5, base: 30, bitmap: Uint8Array.of(0x80) });
    expect(stage.pass(500)).toContain('to 3: want 5/30');
  });

  test('is asked of a faster neighbour once, who may not answer', () => {
    const { stage, offer } = awaiting(10);
    stage.hear(3, offer);
    const said = stage.pass(2500).filter((word) => word.startsWith('to 3: want') || word.includes('cancel'));
    expect(said.slice(0, 2)).toEqual(['to 3: want 5/30', 'to 1: cancel 30+0']);
    expect(stage.peer.figures().neighbours.get(1)).toMatchObject({ strikes: 1 });
  });

  test('is not asked of who has neither offered it nor says to have it', () => {
    const { stage } = awaiting(10);
    expect(stage.pass(500).filter((word) => word.includes('want'))).toEqual([]);
  });

  test('is not asked of who is hardly faster: it waits in a queue there, too', () => {
    const { stage, offer } = awaiting(150);
    stage.hear(3, offer);
    expect(stage.pass(450).filter((word) => word.includes('want'))).toEqual([]);
  });

  test('is kept when it comes while the faster one is asked', () => {
    const { stage, author, offer } = awaiting(10);
    stage.hear(3, offer);
    stage.pass(500);
    for (const [number, block] of author.blocks(30).entries())
      stage.hear(1, { type: 'piece', index: 30, begin: number * BLOCK, block });
    expect(stage.hear(3, offer)).toEqual(['to 3: decline 5/30 have']);
  });
});
