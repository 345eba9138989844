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

  describe('and is one block', () => {
    /** Piece 11 was given up: its sender 1 took too long. */
    function givenUp() {
      const { stage, author } = accepted();
      stage.hear(1, { type: 'withdraw', run: 5, seq: 10 });
      stage.hear(1, { type: 'offer', header: author.piece(11, { bytes: BLOCK }) });
      expect(stage.pass(2500)).toContain(`to 1: cancel 11+0`);
      const [block] = author.blocks(11, BLOCK) as [Uint8Array];
      return { stage, author, block, late: { type: 'piece', index: 11, begin: 0, block } as const };
    }

    test('is taken when it comes after all; its sender keeps its strike', () => {
      const { stage, late } = givenUp();
      expect(stage.peer.figures().neighbours.get(1)).toMatchObject({ strikes: 1 });
      const said = stage.hear(1, late);
      expect(said).toContain('to 1: have 5/11');
      expect(said.filter((word) => word.startsWith('store'))).toHaveLength(1);
      expect(stage.peer.figures().neighbours.get(1)).toMatchObject({ strikes: 1, delivered: 2 });
      // A second copy changes nothing, and is no offence.
      expect(stage.hear(1, late)).toEqual([]);
    });

    test('is taken although another one sends it by now, who is told, and whose block is forgiven', () => {
      const { stage, author, late } = givenUp();
      stage.hear(2, { type: 'offer', header: author.piece(11, { bytes: BLOCK }) });
      expect(stage.hear(1, late)).toEqual(expect.arrayContaining([`to 2: cancel 11+0`, 'to 1: have 5/11']));
      expect(stage.hear(2, late)).toEqual([]);
      expect(stage.peer.figures().neighbours.get(2)).toMatchObject({ strikes: 0 });
    });

    test('is taken from who is late each time, every other time before long', () => {
      const { stage, author } = accepted();
      stage.hear(1, { type: 'withdraw', run: 5, seq: 10 });
      const taken: boolean[] = [];
      for (let seq = 11; seq < 20; seq++) {
        const [block] = author.blocks(seq, BLOCK) as [Uint8Array];
        const heard = stage.hear(1, { type: 'offer', header: author.piece(seq, { bytes: BLOCK }) });
        const isTaken = heard.includes(`to 1: request ${seq}+0, ${BLOCK} bytes`);
        stage.pass(2500);
        if (isTaken) stage.hear(1, { type: 'piece', index: seq, begin: 0, block });
        taken.push(isTaken);
      }
      expect(taken).toEqual([true, true, true, false, true, false, true, false, true]);
    });

    test('is not taken when it is altered, and its sender is sent away', () => {
      const { stage, late } = givenUp();
      stage.judge = () => false;
      expect(stage.hear(1, late)).toContainEqual(expect.stringContaining('close 1: bad-block'));
    });
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
    stage.hear(1, first);
    expect(stage.hear(1, { type: 'offer', header: author.piece(10) })).toEqual([
      'abandon 5/10',
      `to 1: request 10+0, ${BLOCK} bytes`,
      `to 1: request 10+${BLOCK}, ${LAST} bytes`,
      'to 2: coming 5/10',
      'to 3: coming 5/10',
      'to 2: withdraw 5/10',
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

  test('is asked for elsewhere when who offers it again has done so before, and delivered nothing', () => {
    const { stage, author } = accepted();
    expect(stage.hear(1, { type: 'offer', header: author.piece(10) })).toContain('to 2: coming 5/10');
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
