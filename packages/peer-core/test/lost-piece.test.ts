import { describe, expect, test } from 'vitest';
import { accepted, BLOCK, LAST } from './accepted.js';
import { playing } from './stage.js';

describe('a piece that does not come', () => {
  test('is cancelled after 2.5 s, and asked for elsewhere; its late block is forgiven', () => {
    const { stage, first, last } = accepted();
    stage.hear(1, first);
    stage.hear(2, { type: 'request', index: 10, begin: 0, length: BLOCK });
    expect(stage.pass(2499)).toEqual([]);
    expect(stage.pass(1)).toEqual([
      `to 1: cancel 10+${BLOCK}`,
      'abandon 5/10',
      'to 2: withdraw 5/10',
      'to 1: want 5/10',
      'to 2: want 5/10',
      'to 3: want 5/10',
    ]);
    expect(stage.hear(1, last)).toEqual([]);
    expect(stage.peer.figures().neighbours.get(1)).toMatchObject({ strikes: 1 });
  });

  test('is asked for elsewhere at once when its sender goes', () => {
    const { stage } = accepted();
    expect(stage.tell({ type: 'left', connection: 1 })).toEqual(['to 2: want 5/10', 'to 3: want 5/10']);
  });

  test('is asked for elsewhere at once when its sender takes the offer back, who is not blamed', () => {
    const { stage } = accepted();
    expect(stage.hear(1, { type: 'withdraw', run: 5, seq: 10 })).toEqual([
      'to 1: want 5/10',
      'to 2: want 5/10',
      'to 3: want 5/10',
    ]);
    expect(stage.peer.figures().neighbours.get(1)).toMatchObject({ strikes: 0 });
  });

  test('is not accepted when the offer is taken back before its header was checked', () => {
    const { stage, author } = accepted();
    stage.judge = () => undefined;
    stage.hear(2, { type: 'offer', header: author.piece(11) });
    expect(stage.hear(2, { type: 'withdraw', run: 5, seq: 11 })).toEqual([]);
    const [check = 0] = stage.open;
    expect(stage.tell({ type: 'verified', job: check, ok: true }).filter((said) => said.includes('request'))).toEqual(
      [],
    );
    expect(stage.peer.figures().edgeSeq).toBe(11);
    stage.judge = () => true;
    expect(stage.hear(3, { type: 'offer', header: author.piece(11) })).toContain(`to 3: request 11+0, ${BLOCK} bytes`);
  });

  test('can be accepted from another one then', () => {
    const { stage, author } = accepted();
    stage.hear(1, { type: 'withdraw', run: 5, seq: 10 });
    expect(stage.hear(2, { type: 'offer', header: author.piece(10) }).slice(0, 2)).toEqual([
      `to 2: request 10+0, ${BLOCK} bytes`,
      `to 2: request 10+${BLOCK}, ${LAST} bytes`,
    ]);
  });

  test('is asked for again when its sender offers it again: what that one sent was lost', () => {
    const { stage, author, first, last } = accepted();
    const give = (seq: number) => {
      const [one, two] = author.blocks(seq) as [Uint8Array, Uint8Array];
      stage.hear(1, { type: 'offer', header: author.piece(seq) });
      stage.hear(1, { type: 'piece', index: seq, begin: 0, block: one });
      stage.hear(1, { type: 'piece', index: seq, begin: BLOCK, block: two });
    };
    // Of who has delivered nothing yet nothing is taken twice.
    for (let seq = 11; seq <= 15; seq++) give(seq);
    stage.hear(1, first);
    expect(stage.hear(1, { type: 'offer', header: author.piece(10) })).toEqual([
      'abandon 5/10',
      `to 1: request 10+0, ${BLOCK} bytes`,
      `to 1: request 10+${BLOCK}, ${LAST} bytes`,
      'to 2: coming 5/10',
      'to 3: coming 5/10',
    ]);
    expect(stage.peer.figures().neighbours.get(1)).toMatchObject({ strikes: 1 });
    stage.hear(1, first);
    expect(stage.hear(1, last)).toContain('to 1: have 5/10');
    // What was late and not lost is forgiven.
    expect(stage.hear(1, last)).toEqual([]);
  });

  test('is not asked for again while its last block is checked', () => {
    const { stage, author, first, last } = accepted();
    stage.hear(1, first);
    stage.judge = () => undefined;
    stage.hear(1, last);
    expect(stage.hear(1, { type: 'offer', header: author.piece(10) })).toEqual(['to 1: decline 5/10 coming']);
  });

  test('is asked for elsewhere when who offers it again has delivered nothing yet', () => {
    const { stage, author } = accepted();
    expect(stage.hear(1, { type: 'offer', header: author.piece(10) })).toEqual([
      'to 1: decline 5/10 busy',
      'to 1: want 5/10',
      'to 2: want 5/10',
      'to 3: want 5/10',
    ]);
  });

  test('ends with the eighth piece that who never delivers offers twice', () => {
    const { stage, author } = playing();
    const said: string[][] = [];
    for (let seq = 10; seq < 18; seq++) {
      stage.pass(2000);
      stage.hear(1, { type: 'offer', header: author.piece(seq) });
      said.push(stage.hear(1, { type: 'offer', header: author.piece(seq) }));
    }
    expect(said.map((words) => words.some((word) => word.startsWith('close 1')))).toEqual([
      ...Array(7).fill(false),
      true,
    ]);
    expect(said.at(-1)?.filter((word) => word.includes('to 1:'))).toEqual([]);
  });

  test('a WITHDRAW of something else changes nothing', () => {
    const { stage } = accepted();
    expect(stage.hear(1, { type: 'withdraw', run: 5, seq: 410 })).toEqual([]);
    expect(stage.hear(1, { type: 'withdraw', run: 4, seq: 10 })).toEqual([]);
    expect(stage.hear(2, { type: 'withdraw', run: 5, seq: 10 })).toEqual([]);
  });
});
