import { describe, expect, test } from 'vitest';
import { Author, playing, Stage, source, viewer } from './stage.js';

const author = new Author();
const certificate = author.certificate();

/** A viewer that knows nothing, and a neighbour. */
function newcomer(): Stage {
  const stage = new Stage('viewer');
  stage.join(1);
  return stage;
}

describe('a certificate', () => {
  test('is checked, and passed on to all with what is known of the run', () => {
    const stage = newcomer();
    stage.join(2);
    expect(stage.hear(1, { type: 'cert', certificate })).toEqual([
      'check certificate',
      'event runStarted 5',
      'to 1: cert 5',
      'to 2: cert 5',
    ]);
  });

  test('that is known already is not checked again', () => {
    const { stage } = viewer();
    expect(stage.hear(2, { type: 'cert', certificate })).toEqual([]);
  });

  test('is told to who joins later, with the edge and the wish for pieces', () => {
    const { stage } = viewer();
    expect(stage.join(3)).toEqual(['to 3: cert 5', 'to 3: edge 5/10 heartbeat', 'to 3: start 5/9']);
  });

  test('that does not hold closes the connection, and keeps the neighbour out', () => {
    const stage = newcomer();
    stage.judge = () => false;
    expect(stage.hear(1, { type: 'cert', certificate })).toEqual([
      'check certificate',
      'close 1: bad-certificate, banned',
    ]);
  });

  test('that is none closes the connection unchecked', () => {
    expect(newcomer().hear(1, { type: 'cert', certificate: new Uint8Array(116) })).toEqual([
      'close 1: bad-certificate, banned',
    ]);
  });

  test('holds back what the same neighbour says after it, until it is checked', () => {
    const stage = newcomer();
    stage.judge = ({ kind }) => (kind === 'certificate' ? undefined : true);
    stage.hear(1, { type: 'cert', certificate });
    expect(stage.hear(1, { type: 'edge', header: author.heartbeat(10) })).toEqual([]);
    const [job = -1] = stage.open;
    expect(stage.tell({ type: 'verified', job, ok: true })).toEqual([
      'event runStarted 5',
      'to 1: cert 5',
      'check header',
    ]);
  });

  test('whose answer comes when the neighbour is gone still tells of the run', () => {
    const stage = newcomer();
    stage.judge = () => undefined;
    stage.hear(1, { type: 'cert', certificate });
    stage.tell({ type: 'left', connection: 1 });
    expect(stage.tell({ type: 'verified', job: stage.open[0] ?? -1, ok: true })).toEqual(['event runStarted 5']);
    expect(stage.tell({ type: 'verified', job: stage.open[0] ?? -1, ok: true })).toEqual([]);
  });
});

describe('runs', () => {
  test('the two highest are kept', () => {
    const { stage } = viewer([1]);
    const hear = (run: number) => stage.hear(1, { type: 'cert', certificate: new Author(run).certificate() });
    expect(hear(7)).toEqual(['check certificate', 'event runStarted 7', 'to 1: cert 7']);
    expect(hear(6)).toEqual(['check certificate', 'discard 5 below Infinity', 'event runStarted 6', 'to 1: cert 6']);
    expect(hear(4)).toEqual([]);
  });

  test('below the lowest valid one are forgotten, and not heard of again', () => {
    const { stage } = viewer([1]);
    const later = new Author(9).certificate({ lowestValidRun: 9 });
    expect(stage.hear(1, { type: 'cert', certificate: later })).toEqual([
      'check certificate',
      'discard 5 below Infinity',
      'event runStarted 9',
      'to 1: cert 9',
    ]);
    expect(stage.hear(1, { type: 'cert', certificate })).toEqual([]);
    expect(stage.hear(1, { type: 'cert', certificate: new Author(8).certificate() })).toEqual([]);
  });

  test('that are forgotten leave nobody to blame: blocks on their way are forgiven, and not stored', () => {
    const { stage } = viewer();
    stage.judge = ({ kind }) => (kind === 'block' ? undefined : true);
    stage.hear(1, { type: 'offer', header: author.piece(9) });
    stage.hear(1, { type: 'offer', header: author.piece(10, { bytes: 16_384 }) });
    const [first, second] = author.blocks(9) as [Uint8Array, Uint8Array];
    const [whole] = author.blocks(10, 16_384) as [Uint8Array];
    stage.hear(1, { type: 'piece', index: 9, begin: 0, block: first });
    stage.hear(2, { type: 'cert', certificate: new Author(9).certificate({ lowestValidRun: 9 }) });
    expect(stage.hear(1, { type: 'piece', index: 9, begin: 16_384, block: second })).toEqual([]);
    expect(stage.hear(1, { type: 'piece', index: 10, begin: 0, block: whole })).toEqual([]);
    expect(stage.tell({ type: 'verified', job: stage.open[0] ?? -1, ok: true })).toEqual([]);
  });

  test('that are forgotten are offered no more: who accepted may ask elsewhere', () => {
    const { stage } = playing();
    stage.swallowSent = true;
    stage.hear(1, { type: 'offer', header: author.piece(10) });
    for (const [i, block] of author.blocks(10).entries()) {
      stage.hear(1, { type: 'piece', index: 10, begin: i * 16_384, block });
    }
    const heard = stage.hear(1, { type: 'cert', certificate: new Author(9).certificate({ lowestValidRun: 9 }) });
    expect(heard).toContain('to 2: withdraw 5/10');
    expect(stage.hear(2, { type: 'request', index: 10, begin: 0, length: 16_384 })).toEqual([]);
  });
});

describe('a source', () => {
  test('proves to its neighbours that it is one', () => {
    const stage = new Stage('source');
    stage.join(1);
    expect(stage.tell({ type: 'certified', certificate })).toEqual([
      'event runStarted 5',
      'to 1: cert 5',
      'prove 5 to 1',
    ]);
    expect(stage.join(2)).toEqual(['to 2: cert 5', 'prove 5 to 2']);
  });

  test.each([
    ['a later run', 6, new Author(6).certificate()],
    ['its own run with another key', 5, author.certificate({ salt: 1 })],
  ])('that hears of %s stops offering, and says so', (_, run, foreign) => {
    const { stage } = source(1, [1]);
    expect(stage.hear(1, { type: 'cert', certificate: foreign })).toContain(`event superseded ${run}`);
    expect(stage.hear(1, { type: 'start', run: 5, seq: 0 })).toEqual([]);
  });

  test('that sees a header of its run that it did not sign stops likewise, and its own pieces still are its own', () => {
    const { stage } = source(1, [1]);
    expect(stage.hear(1, { type: 'edge', header: author.piece(7) })).toEqual(['check header', 'event superseded 5']);
    expect(stage.hear(1, { type: 'edge', header: author.piece(8) })).toEqual(['check header']);
    expect(stage.tell({ type: 'published', header: author.piece(1) })).toEqual(['to 1: edge 5/1']);
    expect(stage.hear(1, { type: 'start', run: 5, seq: 0 })).toEqual([]);
  });

  test('whose run two later ones have pushed out may go on publishing until it stops: nothing comes of it', () => {
    const { stage } = source(1, [1]);
    for (const run of [6, 7]) stage.hear(1, { type: 'cert', certificate: new Author(run).certificate() });
    expect(stage.tell({ type: 'published', header: author.piece(1) })).toEqual([]);
    expect(stage.tell({ type: 'beat', header: author.heartbeat(2) })).toEqual([]);
  });

  test('that hears of an older run goes on', () => {
    const { stage } = source(1, [1]);
    const heard = stage.hear(1, { type: 'cert', certificate: new Author(4).certificate() });
    expect(heard).toEqual(['check certificate', 'event runStarted 4', 'to 1: cert 4']);
    expect(stage.hear(1, { type: 'start', run: 5, seq: 0 })).toEqual(['to 1: offer 5/0']);
  });
});

test('a certificate from the own process that is none, or of no source, is the caller’s mistake', () => {
  expect(() => new Stage('source').tell({ type: 'certified', certificate: new Uint8Array(116) })).toThrow(TypeError);
  expect(() => new Stage('viewer').tell({ type: 'certified', certificate })).toThrow(/expected role source/);
});
