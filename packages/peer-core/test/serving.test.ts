import type { Message } from '@tstream/wire-ext';
import { describe, expect, test } from 'vitest';
import { type Author, playing, type Stage, source } from './stage.js';

const BLOCK = 16384;
const LAST = 20_000 - BLOCK;

const start = (seq = 0): Message => ({ type: 'start', run: 5, seq });
const request = (index: number, block = 0): Message => ({
  type: 'request',
  index,
  begin: block * BLOCK,
  length: block === 0 ? BLOCK : LAST,
});
const have = (seq: number): Message => ({ type: 'live-have', run: 5, base: seq, bitmap: Uint8Array.of(0x80) });

/** A source with one piece, and a neighbour to which it was offered. */
function offered(): { stage: Stage; author: Author } {
  const all = source(1, [1]);
  expect(all.stage.hear(1, start())).toEqual(['to 1: offer 5/0']);
  return all;
}

describe('offers', () => {
  test('go to nobody before it says from where on, and to nobody else', () => {
    const { stage, author } = source(2, [1, 2]);
    expect(stage.tell({ type: 'published', header: author.piece(2) })).toEqual(['to 1: edge 5/2', 'to 2: edge 5/2']);
    expect(stage.hear(2, start(1))).toEqual(['to 2: offer 5/1', 'to 2: offer 5/2']);
    expect(stage.hear(1, start(9))).toEqual([]);
  });

  test('are two at a time to one neighbour; an answer makes room for the next', () => {
    const { stage } = source(4, [1]);
    expect(stage.hear(1, start())).toEqual(['to 1: offer 5/0', 'to 1: offer 5/1']);
    expect(stage.hear(1, { type: 'decline', run: 5, seq: 0, why: 'have' })).toEqual(['to 1: offer 5/2']);
  });

  test('are not made of what a neighbour holds, or has coming', () => {
    const { stage } = source(3, [1, 2]);
    stage.hear(1, start(0));
    stage.hear(2, have(0));
    stage.hear(2, { type: 'coming', run: 5, seq: 1 });
    stage.hear(1, { type: 'decline', run: 5, seq: 0, why: 'busy' });
    stage.hear(1, { type: 'decline', run: 5, seq: 1, why: 'busy' });
    expect(stage.hear(2, start(0))).toEqual(['to 2: offer 5/2']);
  });

  test('are made also of what a neighbour cannot have, as the source has offered it to nobody', () => {
    const { stage } = source(3, [1]);
    stage.hear(1, have(0));
    stage.hear(1, { type: 'coming', run: 5, seq: 1 });
    expect(stage.hear(1, start())).toEqual(['to 1: offer 5/0', 'to 1: offer 5/1']);
  });

  test('that are declined are not made again', () => {
    const { stage } = offered();
    expect(stage.hear(1, { type: 'decline', run: 5, seq: 0, why: 'busy' })).toEqual([]);
    expect(stage.pass(5000)).toEqual([]);
  });

  test('that are declined are made again if the neighbour wants the piece after all', () => {
    const { stage } = offered();
    stage.hear(1, { type: 'decline', run: 5, seq: 0, why: 'busy' });
    expect(stage.hear(1, { type: 'want', run: 5, seq: 0 })).toEqual(['to 1: offer 5/0']);
    // But not more than once a second, however often it asks.
    stage.hear(1, { type: 'decline', run: 5, seq: 0, why: 'busy' });
    expect(stage.hear(1, { type: 'want', run: 5, seq: 0 })).toEqual([]);
    stage.pass(1000);
    expect(stage.hear(1, { type: 'want', run: 5, seq: 0 })).toEqual(['to 1: offer 5/0']);
  });

  test('that nobody answers are taken back after two seconds, and keep others waiting for 300 ms only', () => {
    const { stage } = source(3, [1, 2]);
    expect(stage.hear(1, start())).toEqual(['to 1: offer 5/0', 'to 1: offer 5/1']);
    expect(stage.hear(2, start())).toEqual([]);
    expect(stage.pass(299)).toEqual([]);
    expect(stage.pass(1)).toEqual(['to 2: offer 5/2', 'to 2: offer 5/1']);
    expect(stage.pass(1700)).toEqual(expect.arrayContaining(['to 1: withdraw 5/0', 'to 1: withdraw 5/1']));
  });

  test('of which 16 in a row go unanswered close the connection, but keep nobody out', () => {
    const { stage, author } = source(1, [1]);
    stage.hear(1, start());
    const closed: string[] = [];
    for (let seq = 1; seq < 40 && closed.length === 0; seq++) {
      stage.tell({ type: 'published', header: author.piece(seq) });
      closed.push(...stage.pass(2000).filter((word) => word.startsWith('close')));
    }
    expect(closed).toEqual(['close 1: timeout']);
  });

  test('WANT, COMING and HAVE of what does not exist change nothing', () => {
    const { stage } = source(1, [1]);
    stage.hear(1, { type: 'want', run: 5, seq: 7 });
    stage.hear(1, { type: 'want', run: 4, seq: 0 });
    stage.hear(1, { type: 'coming', run: 5, seq: 5000 });
    stage.hear(1, have(5000));
    stage.hear(1, { type: 'live-have', run: 5, base: 90, bitmap: new Uint8Array(64).fill(255) });
    expect(stage.hear(1, start())).toEqual(['to 1: offer 5/0']);
    expect(stage.peer.figures().neighbours.get(1)?.behindPieces).toBe(undefined);
  });
});

describe('a request', () => {
  test('of an offered piece is answered by the block', () => {
    const { stage } = offered();
    expect(stage.hear(1, request(0))).toEqual([`to 1: block 5/0 at 0+0, ${BLOCK} bytes`]);
    expect(stage.hear(1, request(0, 1))).toEqual([`to 1: block 5/0 at 0+${BLOCK}, ${LAST} bytes`]);
  });

  test.each([
    ['a block that is none', { begin: 2 * BLOCK, length: BLOCK }],
    ['part of a block', { begin: 0, length: BLOCK - 1 }],
    ['a block from its middle on', { begin: 1, length: BLOCK }],
    ['more than a block', { begin: 0, length: 20_000 }],
  ])('of %s closes the connection', (_, part) => {
    const { stage } = offered();
    expect(stage.hear(1, { type: 'request', index: 0, ...part })).toEqual(['close 1: unexpected, banned']);
  });

  test('of the same block twice closes the connection', () => {
    const { stage } = offered();
    stage.hear(1, request(0));
    // The offer is open as long as its last block is not asked for.
    expect(stage.hear(1, request(0))).toEqual(['close 1: unexpected, banned']);
  });

  test('of what was not offered is not answered; 64 are forgiven, as they may cross a WITHDRAW', () => {
    const { stage } = offered();
    for (let i = 0; i < 64; i++) expect(stage.hear(1, request(7))).toEqual([]);
    expect(stage.hear(1, request(7))).toEqual(['close 1: flood, banned']);
  });

  test('that was offered for clears the count', () => {
    const { stage } = offered();
    for (let i = 0; i < 64; i++) stage.hear(1, request(7));
    stage.hear(1, request(0));
    expect(stage.hear(1, request(7))).toEqual([]);
  });

  test('that is cancelled before its block left is not answered', () => {
    // Nothing is sent before this viewer has the whole piece.
    const { stage, author } = playing();
    stage.hear(1, { type: 'offer', header: author.piece(10) });
    const [one, two] = author.blocks(10) as [Uint8Array, Uint8Array];
    expect(stage.hear(1, { type: 'piece', index: 10, begin: 0, block: one })).toContain('to 2: offer 5/10');
    expect(stage.hear(2, request(10))).toEqual([]);
    expect(stage.hear(2, request(10, 1))).toEqual([]);
    expect(stage.hear(2, { type: 'cancel', index: 10, begin: 0, length: BLOCK })).toEqual([]);
    expect(stage.hear(1, { type: 'piece', index: 10, begin: BLOCK, block: two })).toEqual([
      'check block',
      `store 5/10+${BLOCK}, whole`,
      'to 1: have 5/10',
      `to 2: block 5/10 at 10+${BLOCK}, ${LAST} bytes`,
    ]);
  });
});

describe('the uplink', () => {
  test('sends two blocks to a neighbour, and the next when the system took one', () => {
    const { stage, author } = source(1, [1], { pieceBytes: 131_072 });
    stage.tell({ type: 'published', header: author.piece(1, { bytes: 4 * BLOCK }) });
    stage.hear(1, start(1));
    stage.swallowSent = true;
    const blocks = [0, 1, 2, 3].map(
      (block) => ({ type: 'request', index: 1, begin: block * BLOCK, length: BLOCK }) as const,
    );
    expect(blocks.flatMap((message) => stage.hear(1, message))).toHaveLength(2);
    expect(stage.tell({ type: 'sent', connection: 1, blockBytes: BLOCK })).toEqual([
      `to 1: block 5/1 at 1+${2 * BLOCK}, ${BLOCK} bytes`,
    ]);
  });

  test('keeps to a limit, half a second of which may be saved up', () => {
    const { stage, author } = source(1, [1], { uploadBytesPerSecond: 20_000 });
    stage.hear(1, start());
    // 10 000 bytes were saved up: one block goes, then there are 6384 to make up for.
    expect(stage.hear(1, request(0))).toHaveLength(1);
    expect(stage.hear(1, request(0, 1))).toEqual([]);
    expect(stage.pass(319)).toEqual([]);
    expect(stage.pass(2)).toEqual([`to 1: block 5/0 at 0+${BLOCK}, ${LAST} bytes`]);
    // A higher one is kept to from now on.
    stage.hear(1, have(0));
    stage.tell({ type: 'uploadLimit', bytesPerSecond: Infinity });
    expect(stage.tell({ type: 'published', header: author.piece(1) })).toContain('to 1: offer 5/1');
  });

  test('sends no piece before it is whole, and all of it once it is begun', () => {
    const { stage, author } = playing();
    stage.hear(1, { type: 'offer', header: author.piece(10) });
    expect(stage.tell({ type: 'pieceStarted', connection: 1, index: 10, begin: 0 })).toEqual(['to 2: offer 5/10']);
    expect([...stage.hear(2, request(10)), ...stage.hear(2, request(10, 1))]).toEqual([]);
    const [one, two] = author.blocks(10) as [Uint8Array, Uint8Array];
    stage.hear(1, { type: 'piece', index: 10, begin: 0, block: one });
    expect(stage.hear(1, { type: 'piece', index: 10, begin: BLOCK, block: two }).slice(2)).toEqual([
      'to 1: have 5/10',
      `to 2: block 5/10 at 10+0, ${BLOCK} bytes`,
      `to 2: block 5/10 at 10+${BLOCK}, ${LAST} bytes`,
    ]);
  });
});

test('who leaves leaves nothing behind: its offers make room for others', () => {
  const { stage } = source(3, [1, 2]);
  stage.hear(1, start());
  expect(stage.hear(2, start())).toEqual([]);
  expect(stage.tell({ type: 'left', connection: 1 })).toEqual(['to 2: offer 5/0', 'to 2: offer 5/1']);
  expect(stage.peer.figures()).toMatchObject({ unconfirmedBytes: 0 });
});
