import { describe, expect, test } from 'vitest';
import { EPOCH_MS } from './loop.js';
import { Author, PIECE_MS, Stage, source, viewer } from './stage.js';

describe('a heartbeat', () => {
  test('that is newer goes on to all but who told it', () => {
    const { stage, author } = viewer([1, 2, 3]);
    expect(stage.hear(2, { type: 'edge', header: author.heartbeat(10, { sourceTimeMs: EPOCH_MS + 2000 }) })).toEqual([
      'check header',
      'to 1: edge 5/10 heartbeat',
      'to 3: edge 5/10 heartbeat',
    ]);
  });

  test('that is not newer goes nowhere, unchecked', () => {
    const { stage, author } = viewer([1, 2]);
    expect(stage.hear(2, { type: 'edge', header: author.heartbeat(10) })).toEqual([]);
    expect(stage.hear(2, { type: 'edge', header: author.heartbeat(9) })).toEqual([]);
  });

  test('of a source goes to all neighbours', () => {
    const { stage, author } = source(1, [1, 2]);
    expect(stage.tell({ type: 'beat', header: author.heartbeat(1) })).toEqual([
      'to 1: edge 5/1 heartbeat',
      'to 2: edge 5/1 heartbeat',
    ]);
  });

  test('moves the edge to the piece before its number', () => {
    const { stage, author } = viewer();
    stage.hear(1, { type: 'edge', header: author.heartbeat(20) });
    expect(stage.peer.figures()).toMatchObject({ edgeRun: 5, edgeSeq: 19, edgeAgeMs: 0 });
  });

  test('after ten silent seconds takes staleness away', () => {
    const { stage, author } = viewer([1]);
    expect(stage.pass(9700)).not.toContain('event stale');
    expect(stage.pass(300)).toContain('event stale');
    expect(stage.peer.figures().state).toBe('stale');
    expect(stage.hear(1, { type: 'edge', header: author.heartbeat(10, { sourceTimeMs: EPOCH_MS + 11_500 }) })).toEqual([
      'check header',
      'event live',
    ]);
  });
});

describe('the header of a piece', () => {
  test('moves the edge, and is passed on only to who has yet to say what it wants', () => {
    const { stage, author } = viewer([1, 2, 3]);
    stage.hear(2, { type: 'start', run: 5, seq: 9 });
    expect(stage.hear(1, { type: 'edge', header: author.piece(10) })).toEqual(['check header', 'to 3: edge 5/10']);
    expect(stage.peer.figures().edgeSeq).toBe(10);
  });

  test('of a run that nobody has certified closes the connection, but keeps nobody out', () => {
    const { stage } = viewer();
    expect(stage.hear(1, { type: 'edge', header: new Author(9).heartbeat(3) })).toEqual(['close 1: unexpected']);
  });

  test('of a run that is forgotten is ignored', () => {
    const { stage } = viewer();
    expect(stage.hear(1, { type: 'offer', header: new Author(4).piece(3) })).toEqual([]);
  });

  test('from after its certificate’s end closes the connection', () => {
    const stage = new Stage('viewer');
    const author = new Author();
    stage.join(1);
    stage.hear(1, { type: 'cert', certificate: author.certificate({ expiryMs: EPOCH_MS + 1000 }) });
    const edge = (sourceTimeMs: number) => ({ type: 'edge', header: author.heartbeat(3, { sourceTimeMs }) }) as const;
    expect(stage.hear(1, edge(EPOCH_MS + 1000))).toEqual(['check header']);
    expect(stage.hear(1, edge(EPOCH_MS + 1001))).toEqual(['check header', 'close 1: bad-certificate, banned']);
  });
});

describe('a header from the future', () => {
  // The viewer has seen source time 1500 at 1000 ms, and now it is 1200.
  const expectedMs = EPOCH_MS + 1700;

  test.each([
    [0, ['check header']],
    [1, ['check header', 'close 1: future, banned']],
  ])('30 s and %i ms ahead of the source’s clock', (moreMs, words) => {
    const { stage, author } = viewer([1]);
    const header = author.heartbeat(11, { sourceTimeMs: expectedMs + 30_000 + moreMs });
    expect(stage.hear(1, { type: 'edge', header })).toEqual(words);
  });

  test.each([
    [0, true],
    [1, false],
  ])('%i pieces more than a source makes, a thousand a second and those of 30 s', (more, holds) => {
    const { stage, author } = viewer([1]);
    const header = author.piece(9 + 200 + 30_000 + more, { sourceTimeMs: expectedMs });
    const words = stage.hear(1, { type: 'edge', header });
    expect(words.includes('close 1: future, banned')).toBe(!holds);
    expect(stage.peer.figures().edgeSeq).toBe(holds ? 30_209 : 9);
  });

  test('is nobody’s before there is a past', () => {
    const stage = new Stage('viewer');
    const author = new Author();
    stage.join(1);
    stage.hear(1, { type: 'cert', certificate: author.certificate() });
    expect(stage.hear(1, { type: 'edge', header: author.heartbeat(123_456) })).toContain('check header');
    expect(stage.peer.figures().edgeSeq).toBe(123_455);
  });
});

describe('what is behind the window by more than its eighth', () => {
  // A window of 100 pieces, the edge at 1000; 64 are tolerated, as the eighth is less.
  const world = () => {
    const { stage, author } = viewer([1]);
    stage.nowMs += 990 * PIECE_MS;
    stage.hear(1, { type: 'edge', header: author.heartbeat(1001) });
    return { stage, author };
  };

  test('closes the connection if it is offered: nobody can want it', () => {
    const { stage, author } = world();
    expect(stage.hear(1, { type: 'offer', header: author.piece(901 - 64) })).toEqual(['to 1: decline 5/837 busy']);
    expect(stage.hear(1, { type: 'offer', header: author.piece(900 - 64) })).toEqual(['close 1: stale, banned']);
  });

  test('is an honest, old edge of who was away', () => {
    const { stage, author } = world();
    expect(stage.hear(1, { type: 'edge', header: author.piece(10) })).toEqual([]);
    expect(stage.hear(1, { type: 'edge', header: author.heartbeat(20) })).toEqual([]);
  });
});

describe('an END', () => {
  test('goes on to all others, and ends what is played', () => {
    const { stage, author } = viewer([1, 2], { lagMs: 300 });
    const block = author.blocks(9, 100)[0] as Uint8Array;
    stage.hear(1, { type: 'offer', header: author.piece(9, { bytes: 100 }) });
    stage.hear(1, { type: 'piece', index: 9, begin: 0, block });
    expect(stage.hear(1, { type: 'edge', header: author.end(10) })).toEqual([
      'check header',
      'to 2: edge 5/10 end',
      'deliver 5/9 from 50',
      'event playing',
      'event ended',
    ]);
    expect(stage.pass(20_000)).not.toContain('event stale');
    expect(stage.peer.figures().state).toBe('ended');
  });

  test('cannot be taken back', () => {
    const { stage, author } = viewer([1]);
    stage.hear(1, { type: 'edge', header: author.end(10) });
    const later = author.heartbeat(10, { sourceTimeMs: EPOCH_MS + 5000 });
    expect(stage.hear(1, { type: 'edge', header: later })).toEqual([]);
  });

  test('is all that a viewer needs who comes after it, even of a broadcast of nothing', () => {
    const stage = new Stage('viewer');
    const author = new Author();
    stage.join(1);
    stage.hear(1, { type: 'cert', certificate: author.certificate() });
    stage.hear(1, { type: 'edge', header: author.end(0) });
    expect(stage.pass(200)).toContain('event ended');
  });
});

describe('a proof of being the source', () => {
  const proof = { type: 'source', run: 5, proof: new Uint8Array(64) } as const;

  test('is checked once, and changes the figures', () => {
    const { stage } = viewer();
    expect(stage.hear(1, proof)).toEqual(['check source', 'event sourceFound']);
    expect(stage.hear(1, proof)).toEqual([]);
    expect(stage.peer.figures().neighbours.get(1)?.isSource).toBe(true);
  });

  test('that does not hold closes the connection', () => {
    const { stage } = viewer();
    stage.judge = () => false;
    expect(stage.hear(1, proof)).toEqual(['check source', 'close 1: bad-certificate, banned']);
  });

  test('of a run that is not known is ignored', () => {
    expect(viewer().stage.hear(1, { ...proof, run: 6 })).toEqual([]);
  });
});

test('what this process published out of order, or not for its run, is the caller’s mistake', () => {
  const { stage, author } = source(1, []);
  expect(() => stage.tell({ type: 'published', header: author.piece(2) })).toThrow(/expected seq 1, got 2/);
  expect(() => stage.tell({ type: 'beat', header: new Author(6).heartbeat(1) })).toThrow(/expected a header of run 5/);
  expect(() => stage.tell({ type: 'published', header: new Uint8Array(9) })).toThrow(TypeError);
});
