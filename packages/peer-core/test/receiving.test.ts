import { describe, expect, test } from 'vitest';
import { accepted, BLOCK, LAST } from './accepted.js';
import { type Author, PIECE_MS, playing, viewer } from './stage.js';

describe('an offer', () => {
  test('is accepted by requests for all blocks, and all others are told', () => {
    expect(accepted().answers).toEqual([
      'check header',
      `to 1: request 10+0, ${BLOCK} bytes`,
      `to 1: request 10+${BLOCK}, ${LAST} bytes`,
      'to 2: coming 5/10',
      'to 3: coming 5/10',
    ]);
  });

  test('of a piece that is coming is declined, and its header not checked again', () => {
    const { stage, author } = accepted();
    expect(stage.hear(2, { type: 'offer', header: author.piece(10) })).toEqual(['to 2: decline 5/10 coming']);
  });

  test('of a piece that is here is declined', () => {
    const { stage, author, first, last } = accepted();
    stage.hear(1, first);
    stage.hear(1, last);
    expect(stage.hear(3, { type: 'offer', header: author.piece(10) })).toEqual(['to 3: decline 5/10 have']);
  });

  test('of a piece from before the beginning is declined', () => {
    const { stage, author } = viewer();
    expect(stage.hear(1, { type: 'offer', header: author.piece(8) })).toEqual([
      'check header',
      'to 1: decline 5/8 busy',
    ]);
  });

  test('of a piece that was passed over is declined', () => {
    const { stage, author } = viewer([1], { lagMs: 100 });
    // The entry point that was chosen doesn't come, so it goes on to a newer one.
    stage.hear(1, { type: 'edge', header: author.heartbeat(14) });
    stage.pass(2500);
    expect(stage.hear(1, { type: 'offer', header: author.piece(12) })).toEqual([
      'check header',
      'to 1: decline 5/12 busy',
    ]);
    expect(stage.hear(1, { type: 'offer', header: author.piece(13) })).toContain(`to 1: request 13+0, ${BLOCK} bytes`);
  });

  test('of a piece behind a newer entry point is taken for four seconds: each is awaited twice as long as the one before it', () => {
    const { stage, author } = viewer([1, 2], { lagMs: 100 });
    stage.hear(1, { type: 'edge', header: author.heartbeat(14) });
    stage.pass(2500);
    stage.hear(1, { type: 'edge', header: author.heartbeat(30) });
    stage.pass(3000);
    expect(stage.hear(1, { type: 'offer', header: author.piece(14) })).toContain(`to 1: request 14+0, ${BLOCK} bytes`);
    stage.pass(1000);
    expect(stage.hear(2, { type: 'offer', header: author.piece(15) })).toContain('to 2: decline 5/15 busy');
  });

  test('with a header that does not hold closes the connection, for good', () => {
    const { stage, author } = viewer();
    stage.judge = () => false;
    expect(stage.hear(1, { type: 'offer', header: author.piece(10) })).toEqual([
      'check header',
      'close 1: bad-header, banned',
    ]);
    expect(stage.peer.figures()).toMatchObject({ piecesRejected: 1, peersBanned: 1 });
  });

  test.each([
    ['garbage', (author: Author) => author.piece(10).subarray(1)],
    ['a heartbeat', (author: Author) => author.heartbeat(10)],
    ['a piece longer than the stream’s', (author: Author) => author.piece(10, { bytes: 40_000 })],
  ])('of %s closes the connection unchecked', (_, header) => {
    const { stage, author } = viewer();
    expect(stage.hear(1, { type: 'offer', header: header(author) })).toEqual(['close 1: bad-header, banned']);
  });
});

describe('a block', () => {
  test('is checked and stored as it comes; the piece is offered on at the first byte of the first, and confirmed when whole', () => {
    const { stage, first, last } = accepted();
    expect(stage.tell({ type: 'pieceStarted', connection: 1, index: 10, begin: 0 })).toEqual(['to 2: offer 5/10']);
    expect(stage.hear(1, first)).toEqual(['check block', 'store 5/10+0']);
    // The sender first, as its uplink waits for that; the others together.
    expect(stage.hear(1, last)).toEqual(['check block', `store 5/10+${BLOCK}, whole`, 'to 1: have 5/10']);
    expect(stage.pass(430)).toEqual([
      'to 1: have 5/10',
      'to 2: have 5/10',
      'to 3: have 5/10',
      'to 1: witness, knows 2 others',
    ]);
    expect(stage.peer.figures()).toMatchObject({ bytesFromPeers: 40_000, heldPieces: 2 });
  });

  test.each([
    [1760, 'at its first byte', true],
    [1840, 'when it is whole', false],
  ])(
    'of who took no time for one piece and %i ms for the next, a quarter of which counts, is offered on %s',
    (tookMs, _, atOnce) => {
      const { stage, author, first, last } = accepted();
      stage.hear(1, first);
      stage.pass(tookMs);
      stage.hear(1, last);
      stage.hear(2, { type: 'decline', run: 5, seq: 10, why: 'have' });
      stage.hear(3, { type: 'decline', run: 5, seq: 10, why: 'have' });
      stage.hear(1, { type: 'offer', header: author.piece(11) });
      const [one, two] = author.blocks(11) as [Uint8Array, Uint8Array];
      const begun = stage.hear(1, { type: 'piece', index: 11, begin: 0, block: one });
      const whole = stage.hear(1, { type: 'piece', index: 11, begin: BLOCK, block: two });
      const offered = (words: readonly string[]) => words.some((word) => word.endsWith('offer 5/11'));
      expect([offered(begun), offered(whole)]).toEqual([atOnce, !atOnce]);
    },
  );

  test('may come in any order', () => {
    const { stage, first, last } = accepted();
    expect(stage.hear(1, last)).toEqual(['check block', 'to 2: offer 5/10', `store 5/10+${BLOCK}`]);
    expect(stage.hear(1, first)).toEqual(['check block', 'store 5/10+0, whole', 'to 1: have 5/10']);
  });

  test('that is bad reaches nobody: its sender is kept out, offers of the piece are taken back, others are asked for it', () => {
    const { stage, first, last } = accepted();
    stage.hear(1, first);
    stage.judge = ({ kind }) => kind !== 'block';
    expect(stage.hear(1, last)).toEqual([
      'check block',
      'close 1: bad-block, banned',
      'abandon 5/10',
      'to 2: withdraw 5/10',
      'to 2: want 5/10',
      'to 3: want 5/10',
    ]);
    expect(stage.peer.figures()).toMatchObject({ piecesRejected: 1, peersBanned: 1, heldPieces: 1 });
  });

  test('of the wrong length is bad unchecked', () => {
    const { stage, first } = accepted();
    expect(stage.hear(1, { ...first, block: first.block.subarray(1) })).toContain('close 1: bad-block, banned');
  });

  test.each([
    ['of a piece that was not asked for', { index: 11, begin: 0 }],
    ['that is none', { index: 10, begin: 1 }],
    ['beyond the piece', { index: 10, begin: 2 * BLOCK }],
  ])('%s closes the connection', (_, place) => {
    const { stage, first } = accepted();
    expect(stage.hear(1, { ...first, ...place })).toContain('close 1: unexpected, banned');
  });

  test('that came already closes the connection', () => {
    const { stage, first } = accepted();
    stage.hear(1, first);
    expect(stage.hear(1, first)).toContain('close 1: unexpected, banned');
  });

  test('of another neighbour’s piece closes that one’s connection, and disturbs nothing', () => {
    const { stage, first, last } = accepted();
    expect(stage.hear(2, first)).toEqual(['close 2: unexpected, banned']);
    stage.hear(1, first);
    expect(stage.hear(1, last)).toContain(`store 5/10+${BLOCK}, whole`);
  });

  test('whose check ends after its sender has gone is not stored', () => {
    const { stage, first } = accepted();
    stage.judge = () => undefined;
    stage.hear(1, first);
    stage.tell({ type: 'left', connection: 1 });
    expect(stage.tell({ type: 'verified', job: stage.open[0] ?? -1, ok: true })).toEqual([]);
  });
});

test.each([
  ['five pieces’ time, if it is due soon', 3000, 5],
  ['thirty, if it isn’t', 60_000, 30],
])('what is proven to exist and not offered is asked of who holds it after %s', (_, lagMs, pieces) => {
  const { stage, author } = playing({ lagMs });
  stage.hear(1, { type: 'edge', header: author.heartbeat(12) });
  stage.hear(1, { type: 'live-have', run: 5, base: 10, bitmap: Uint8Array.of(0b1100_0000) });
  stage.hear(2, { type: 'live-have', run: 5, base: 10, bitmap: Uint8Array.of(0b1000_0000) });
  expect(stage.pass(pieces * PIECE_MS).filter((word) => word.includes('want'))).toEqual([]);
  expect(
    stage
      .pass(2 * PIECE_MS)
      .filter((word) => word.includes('want'))
      .sort(),
  ).toEqual(['to 1: want 5/10', 'to 1: want 5/11', 'to 2: want 5/10']);
  // And once more, but later than the first time.
  expect(stage.pass(pieces * PIECE_MS).filter((word) => word.includes('want'))).toEqual([]);
});
