/** A seeder that alone brings a torrent into the swarm shows each piece to one neighbour first (BEP 16). */
import { describe, expect, test } from 'vitest';
import { VodStage } from './stage.js';
import { BLOCK, PIECE, whole } from './swarm.js';

const PIECES = 20;

/** Somebody is there already, and fetches nothing. */
function seeder(pieces = PIECES): VodStage {
  const stage = new VodStage(pieces, { held: whole(pieces), superSeeding: true });
  expect(stage.join(0)).toEqual(['to 0: have-all']);
  return stage;
}

/** Comes with nothing, and asks for all that it is shown. */
function leech(stage: VodStage, connection: number): string[] {
  return [...stage.join(connection), ...stage.hear(connection, { type: 'have-none' })];
}

const has = (stage: VodStage, connection: number, index: number) => stage.hear(connection, { type: 'have', index });
const haves = (...ones: [to: number, index: number][]) => ones.map(([to, index]) => `to ${to}: have ${index}`);

describe('a super-seeder', () => {
  test('shows all to the only one, and of the others to each the next four pieces', () => {
    const stage = seeder();
    expect(leech(stage, 1)).toEqual(['to 1: have-none', 'to 1: unchoke', ...haves([1, 0], [1, 1], [1, 2], [1, 3])]);
    expect(leech(stage, 2)).toEqual(['to 2: have-none', 'to 2: unchoke', ...haves([2, 4], [2, 5], [2, 6], [2, 7])]);
  });

  test('without BEP 6 says nothing of what it has', () => {
    const stage = seeder();
    expect(stage.join(1, false)).toEqual([]);
  });

  test('shows one that has a piece another, and the piece to a second and a third; then tells the others of it', () => {
    const stage = seeder();
    for (const one of [1, 2, 3]) leech(stage, one);
    stage.join(5);
    expect(has(stage, 1, 2)).toEqual(haves([1, 12]));
    expect(has(stage, 2, 5)).toEqual(haves([2, 2]));
    // It got this one elsewhere, and may have more of what others were shown.
    expect(has(stage, 3, 2)).toEqual([]);
    expect(has(stage, 2, 2)).toEqual(haves([5, 2], [2, 13]));
    expect(leech(stage, 4)).toEqual([
      'to 4: bitfield 00100000 00000000 00000000',
      'to 4: unchoke',
      ...haves([4, 5], [4, 14], [4, 15], [4, 16]),
    ]);
  });

  test('leaves a piece to two neighbours when one has it', () => {
    const stage = seeder();
    leech(stage, 1);
    expect(has(stage, 1, 2)).toEqual(haves([1, 4]));
    expect(leech(stage, 2)[0]).toBe('to 2: bitfield 00100000 00000000 00000000');
    stage.tell({ type: 'left', connection: 0 });
    expect(has(stage, 1, 3)).toEqual(haves([2, 3], [1, 9]));
  });

  test('tells all of a piece that one or two have for ten seconds', () => {
    const stage = seeder();
    for (const one of [1, 2]) leech(stage, one);
    has(stage, 1, 2);
    expect(stage.pass(9000)).not.toContain('to 0: have 2');
    expect(leech(stage, 3)[0]).toBe('to 3: have-none');
    stage.pass(2000);
    expect(leech(stage, 4)[0]).toBe('to 4: bitfield 00100000 00000000 00000000');
  });

  test('tells those who came first of what is revealed because of those who came last', () => {
    const stage = seeder();
    for (const one of [1, 2, 3, 4]) leech(stage, one);
    for (let index = 0; index < PIECES; index++) for (const one of [3, 4]) has(stage, one, index);
    const told = stage.pass(12_000);
    expect(told).toEqual(expect.arrayContaining(haves([1, 19], [2, 19])));
  });

  test('gives to who asks what another one was shown a second ago, and hasn’t asked for', () => {
    const stage = seeder();
    for (const one of [1, 2]) {
      leech(stage, one);
      stage.tell({ type: 'extended', connection: one, witnesses: true });
    }
    const request = (index: number) => ({ type: 'request', index, begin: 0, length: BLOCK }) as const;
    // The system takes nothing of what goes to it, so that it waits for what it asked for.
    stage.hear(2, request(4));
    stage.pass(1000);
    expect(stage.hear(1, request(4))).toEqual([`to 1: reject 4+0, ${BLOCK} bytes`]);
    expect(stage.hear(1, request(5))).toEqual([`to 1: block 5+0, ${BLOCK} bytes`]);
    expect(stage.hear(2, request(5))).toEqual([`to 2: reject 5+0, ${BLOCK} bytes`]);
  });

  test('gives to others what somebody leaves with', () => {
    const stage = seeder();
    for (const one of [1, 2]) leech(stage, one);
    stage.tell({ type: 'left', connection: 1 });
    expect(has(stage, 2, 5)).toEqual(haves([2, 0]));
  });

  test('shows to others what somebody was shown and doesn’t fetch', () => {
    const stage = seeder();
    for (const one of [1, 2]) leech(stage, one);
    expect(stage.pass(7000)).toEqual(haves([1, 4], [1, 5], [1, 6], [1, 7], [2, 8], [2, 9], [2, 10], [2, 11]));
    // In the end each was shown all, and is shown it again.
    const later = stage.pass(60_000);
    for (let index = 0; index < PIECES; index++) expect(later).toContain(`to 2: have ${index}`);
  });

  test('goes on serving who isn’t interested any more for want of something new', () => {
    const stage = seeder();
    leech(stage, 1);
    stage.hear(1, { type: 'interested' });
    expect(stage.hear(1, { type: 'not-interested' })).toEqual([]);
    for (let index = 0; index < PIECES; index++) has(stage, 1, index);
    expect(stage.hear(1, { type: 'interested' })).toEqual([]);
    expect(stage.hear(1, { type: 'not-interested' })[0]).toBe('to 1: choke');
  });

  test('is an ordinary seeder when everything was seen', () => {
    const stage = seeder();
    leech(stage, 1);
    for (let index = 0; index < PIECES; index++) has(stage, 1, index);
    stage.pass(11_000);
    expect(stage.join(2)).toEqual(['to 2: have-all']);
  });

  test('isn’t one if it lacks something', () => {
    const held = whole(PIECES);
    held[3] = 0;
    const stage = new VodStage(PIECES, { held, superSeeding: true });
    stage.join(0);
    expect(stage.join(1)).toEqual(['to 1: bitfield 11101111 11111111 11110000']);
  });

  test('tells nobody of more than 256 pieces a second, however many somebody says to have', () => {
    const pieces = 1000;
    const stage = seeder(pieces);
    for (const one of [1, 2]) leech(stage, one);
    stage.join(3);
    const told = (words: readonly string[]) => words.filter((word) => word.startsWith('to 1: have ')).length;
    expect(told(stage.hear(3, { type: 'have-all' }))).toBe(0);
    stage.pass(9000);
    expect(told(stage.pass(1000))).toBeLessThanOrEqual(256);
    expect(told(stage.pass(4000))).toBeGreaterThan(pieces - 3 * 256);
    expect(stage.join(4)).toEqual(['to 4: have-all']);
  });

  test('never shows a piece that can’t be read', () => {
    const stage = seeder();
    stage.tell({ type: 'lost', index: 1 });
    expect(leech(stage, 1)).toEqual(['to 1: have-none', 'to 1: unchoke', ...haves([1, 0], [1, 2], [1, 3], [1, 4])]);
  });

  test('serves one of our own what it wasn’t told of, unless that was shown to another one', () => {
    const stage = seeder();
    for (const one of [1, 2]) {
      leech(stage, one);
      stage.tell({ type: 'extended', connection: one, witnesses: true });
    }
    const request = (index: number) => ({ type: 'request', index, begin: 0, length: BLOCK }) as const;
    expect(stage.hear(1, request(4))).toEqual([`to 1: reject 4+0, ${BLOCK} bytes`]);
    expect(stage.hear(1, request(17))).toEqual([`to 1: block 17+0, ${BLOCK} bytes`]);
    expect(stage.hear(2, request(17))).toEqual([`to 2: reject 17+0, ${BLOCK} bytes`]);
    // Who asks for all of it doesn't keep it from the others.
    for (let index = 8; index < PIECES; index++) stage.hear(1, request(index));
    expect(leech(stage, 3).at(-1)).toBe('to 3: have 14');
  });
});

describe('a reader of what nobody says to hold', () => {
  const reading = {
    type: 'reader' as const,
    reader: 1,
    fromByte: 0,
    toByte: 1e9,
    playing: false,
    bytesPerSecond: 1,
    bufferedMs: 0,
  };

  test('has it asked of one of our own that wants nothing from us, and not again at once when it is rejected', () => {
    const stage = new VodStage(PIECES);
    for (const one of [1, 2]) {
      stage.join(one);
      stage.hear(one, { type: 'have-none' });
      stage.hear(one, { type: 'unchoke' });
    }
    stage.tell({ type: 'extended', connection: 1, witnesses: true });
    const asked = [...stage.tell({ ...reading, toByte: PIECES * PIECE }), ...stage.pass(500)];
    const requests = asked.filter((word) => word.includes('request'));
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.every((word) => /^to 1: request [01]\+/.test(word))).toBe(true);
    for (let begin = 0; begin < PIECE; begin += BLOCK) {
      for (const index of [0, 1]) stage.hear(1, { type: 'reject', index, begin, length: BLOCK });
    }
    const asksAgain = (words: readonly string[]) => words.some((word) => word.startsWith('to 1: request 0+0'));
    expect(asksAgain(stage.pass(2000))).toBe(false);
    expect(asksAgain(stage.pass(3000))).toBe(true);
  });
});
