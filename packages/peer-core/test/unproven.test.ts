/** What is asked for before a header has proven that it exists. */
import { expect, test } from 'vitest';
import { PIECE_MS, playing } from './stage.js';

/** These of three neighbours say that they have pieces 10 to 10 + 8 `bytes` − 1; the newest proven one is 9. @returns What is asked for within six seconds. */
function askedFor(claiming: readonly number[], bytes = 1): string[] {
  const { stage } = playing({ lagMs: 3000 });
  for (const connection of claiming) {
    stage.hear(connection, { type: 'live-have', run: 5, base: 10, bitmap: new Uint8Array(bytes).fill(0xff) });
  }
  return stage.pass(40 * PIECE_MS).filter((word) => word.includes('want'));
}

test('what half of the neighbours say they have is asked for when it is due soon: who is served last hears late of new pieces', () => {
  expect(askedFor([1, 2])).toContain('to 1: want 5/10');
  expect(askedFor([2, 3])).toContain('to 3: want 5/17');
});

test('what fewer say is not: anybody can say that', () => {
  expect(askedFor([1])).toEqual([]);
});

test('… and no more than 64 pieces beyond what is proven', () => {
  const seqs = new Set(askedFor([1, 2, 3], 12).map((word) => Number(word.split('/')[1])));
  expect([Math.min(...seqs), Math.max(...seqs)]).toEqual([10, 73]);
});
