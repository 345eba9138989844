/** Who sent the bad block: found by giving each of those who may have a piece of its own. */
import { expect, test } from 'vitest';
import { VodStage } from './stage.js';
import { BLOCK } from './swarm.js';

const asked = (words: readonly string[], connection: number, index: number) =>
  words.filter((word) => word.startsWith(`to ${connection}: request ${index}+`)).length;

/** Neighbours 1 and 2 each sent half of piece 0, which is bad. Both were asked for more. */
function suspects(): { stage: VodStage; words: string[] } {
  const stage = new VodStage(8);
  for (const one of [1, 2]) {
    stage.join(one);
    stage.hear(one, { type: 'have-all' });
    stage.hear(one, { type: 'unchoke' });
  }
  // The first one was asked for piece 0, the second one for piece 1; a choke lets it help with piece 0.
  for (const block of [0, 1]) stage.block(1, 0, block);
  stage.hear(1, { type: 'choke' });
  // That was asked for the rest of it, and for the next ones.
  for (let index = 0; index < 4; index++) {
    for (let block = 0; block < 4; block++)
      stage.hear(1, { type: 'reject', index, begin: block * BLOCK, length: BLOCK });
  }
  for (let block = 0; block < 4; block++) stage.block(2, 1, block);
  for (const block of [2, 3]) stage.block(2, 0, block);
  return { stage, words: stage.tell({ type: 'verified', index: 0, ok: false }) };
}

test('a bad piece of two is given up, and neither is sent away', () => {
  const { stage, words } = suspects();
  expect(words[0]).toBe('abandon 0');
  expect(stage.peer.figures(0).neighbours).toHaveLength(2);
});

test('each then gets pieces that nobody else is asked for, and goes if one of them is bad', () => {
  const { stage } = suspects();
  const words = stage.hear(1, { type: 'unchoke' });
  // The piece that was bad is opened again, and comes whole from the one that it is asked of.
  expect(asked(words, 1, 0)).toBe(4);
  expect(asked(stage.hear(2, { type: 'have', index: 0 }), 2, 0)).toBe(0);
  for (let block = 0; block < 4; block++) stage.block(1, 0, block);
  expect(stage.tell({ type: 'verified', index: 0, ok: false }).slice(0, 2)).toEqual([
    'abandon 0',
    'close 1: bad-block, banned',
  ]);
  expect(stage.peer.figures(0).neighbours).toMatchObject([{ connection: 2 }]);
});

test('a piece of its own begins anew with another one if its neighbour chokes', () => {
  const { stage } = suspects();
  stage.hear(1, { type: 'unchoke' });
  stage.block(1, 0, 0);
  stage.hear(1, { type: 'choke' });
  const rejected = [1, 2, 3].map((block) =>
    stage.hear(1, { type: 'reject', index: 0, begin: block * BLOCK, length: BLOCK }),
  );
  expect(rejected.at(-1)?.[0]).toBe('abandon 0');
  stage.join(3);
  stage.hear(3, { type: 'have-all' });
  // It is asked for four blocks: two that were left of another piece, and the first two of this one.
  expect(asked(stage.hear(3, { type: 'unchoke' }), 3, 0)).toBe(2);
});

test('a piece of its own begins anew with another one if its neighbour leaves', () => {
  const { stage } = suspects();
  stage.hear(1, { type: 'unchoke' });
  stage.block(1, 0, 0);
  expect(stage.tell({ type: 'left', connection: 1 })).toContain('abandon 0');
});

test('a late block of another one is not mixed into it', () => {
  const stage = new VodStage(1);
  for (const one of [1, 2]) {
    stage.join(one);
    stage.hear(one, { type: 'have-all' });
    stage.hear(one, { type: 'unchoke' });
  }
  // Each is asked for all four blocks; what one sends is taken back from the other.
  for (const block of [0, 1]) stage.block(1, 0, block);
  for (const block of [3, 2]) stage.block(2, 0, block);
  const words = stage.tell({ type: 'verified', index: 0, ok: false });
  expect([asked(words, 1, 0), asked(words, 2, 0)]).toEqual([4, 0]);
  expect(stage.block(2, 0, 0)).toEqual([]);
  expect(stage.block(1, 0, 0)).toEqual(['store 0+0']);
});
