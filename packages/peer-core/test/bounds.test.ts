/** What a neighbour can make a peer keep, ask and do is bounded. */
import type { Message } from '@tstream/wire-ext';
import { describe, expect, test } from 'vitest';
import { Author, PIECE_MS, playing, Stage, viewer } from './stage.js';

const have: Message = { type: 'live-have', run: 5, base: 0, bitmap: Uint8Array.of(0x80) };

describe('checks', () => {
  test('of which 64 are outstanding stop the reading, until one is answered', () => {
    const { stage, author } = viewer([1, 2]);
    stage.judge = () => undefined;
    const offers = Array.from({ length: 70 }, (_, i) => author.piece(10 + i, { bytes: 100 }));
    const words = offers.flatMap((header) => stage.hear(1, { type: 'offer', header }));
    expect(words).toEqual(Array.from({ length: 64 }, () => 'check header'));
    // Other neighbours wait as well.
    expect(stage.hear(2, { type: 'edge', header: author.heartbeat(200) })).toEqual([]);
    const [first = -1, second = -1] = stage.open;
    expect(stage.tell({ type: 'verified', job: first, ok: true })).toEqual([
      'to 2: edge 5/10',
      'to 1: request 10+0, 100 bytes',
      'to 2: coming 5/10',
      'check header',
    ]);
    stage.tell({ type: 'left', connection: 1 });
    // What the one that left had to say is forgotten: next is the other one.
    expect(stage.tell({ type: 'verified', job: second, ok: true })).toContain('check header');
  });

  test('may be answered in any order, twice, or with numbers that nobody gave: it makes no difference', () => {
    const { stage, author } = viewer([1]);
    stage.judge = () => undefined;
    for (const seq of [10, 11]) stage.hear(1, { type: 'offer', header: author.piece(seq, { bytes: 100 }) });
    const [one = -1, two = -1] = stage.open;
    expect(stage.tell({ type: 'verified', job: two, ok: true })).toContain('to 1: request 11+0, 100 bytes');
    expect(stage.tell({ type: 'verified', job: one, ok: true })).toContain('to 1: request 10+0, 100 bytes');
    for (const job of [one, two, -1, 999_999]) expect(stage.tell({ type: 'verified', job, ok: false })).toEqual([]);
  });
});

test('1024 messages may wait for a check; whoever sends more is a flood', () => {
  const stage = new Stage('viewer');
  stage.judge = () => undefined;
  stage.join(1);
  stage.hear(1, { type: 'cert', certificate: new Author().certificate() });
  for (let i = 0; i < 1024; i++) expect(stage.hear(1, have)).toEqual([]);
  expect(stage.hear(1, have)).toEqual(['close 1: flood, banned']);
});

test('128 pieces may be under way; more offers are declined', () => {
  const { stage, author } = viewer([1], { ringPieces: 4000, windowPieces: 1000, keepPieces: 1000 });
  const answers = Array.from({ length: 130 }, (_, i) =>
    stage.hear(1, { type: 'offer', header: author.piece(10 + i, { bytes: 100 }) }),
  );
  expect(answers.filter((words) => words.some((word) => word.includes('request')))).toHaveLength(128);
  expect(answers[129]).toContain('to 1: decline 5/139 busy');
});

test('one index on the ring is one piece at a time: an offer of another one with it is declined', () => {
  const { stage, author } = viewer([1, 2], { ringPieces: 400, windowPieces: 100 });
  stage.hear(1, { type: 'cert', certificate: new Author(6).certificate() });
  const later = new Author(6);
  stage.hear(1, { type: 'edge', header: later.heartbeat(11, { entryDistance: 1 }) });
  expect(stage.hear(1, { type: 'offer', header: author.piece(10) })).toContain('to 1: request 10+0, 16384 bytes');
  expect(stage.hear(1, { type: 'offer', header: later.piece(10) })).toContain('to 1: decline 6/10 busy');
  expect(stage.hear(2, { type: 'offer', header: later.piece(10) })).toContain('to 2: request 10+0, 16384 bytes');
});

test('at most 64 wants go out at a time', () => {
  const { stage, author } = playing({ ringPieces: 4000, windowPieces: 1000, keepPieces: 1000 });
  stage.hear(1, { type: 'edge', header: author.heartbeat(150) });
  stage.hear(1, { type: 'live-have', run: 5, base: 10, bitmap: new Uint8Array(18).fill(0xff) });
  const wants = stage.pass(32 * PIECE_MS).filter((word) => word.includes('want'));
  expect(wants).toHaveLength(64);
  expect([wants[0], wants.at(-1)]).toEqual(['to 1: want 5/10', 'to 1: want 5/73']);
});

test('messages from who is not, or no longer, a neighbour change nothing', () => {
  const { stage, author } = viewer([1]);
  expect(stage.hear(7, { type: 'edge', header: author.heartbeat(99) })).toEqual([]);
  expect(stage.tell({ type: 'sent', connection: 7, blockBytes: 100 })).toEqual([]);
  expect(stage.tell({ type: 'pieceStarted', connection: 7, index: 0, begin: 0 })).toEqual([]);
  expect(stage.tell({ type: 'left', connection: 7 })).toEqual([]);
});

test('time that runs backwards, or is none, is the caller’s mistake', () => {
  const { stage } = viewer();
  stage.tell({ type: 'time' });
  expect(() => stage.peer.handle({ type: 'time' }, stage.nowMs - 1)).toThrow(RangeError);
  expect(() => stage.peer.handle({ type: 'time' }, stage.nowMs + 0.5)).toThrow(RangeError);
});
