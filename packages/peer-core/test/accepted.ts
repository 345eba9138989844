import { playing } from './stage.js';

export const BLOCK = 16384;
/** Each piece of the author has two blocks. */
export const LAST = 20_000 - BLOCK;

/** Piece 10 was accepted from the first of three neighbours. */
export function accepted() {
  const { stage, author } = playing();
  const answers = stage.hear(1, { type: 'offer', header: author.piece(10) });
  const [one, two] = author.blocks(10) as [Uint8Array, Uint8Array];
  const piece = (begin: number, block: Uint8Array) => ({ type: 'piece', index: 10, begin, block }) as const;
  return { stage, author, answers, first: piece(0, one), last: piece(BLOCK, two) };
}
