/** One message in, everything that follows out. */
import { describe, expect, test } from 'vitest';
import { VodStage } from './stage.js';
import { BLOCK, PIECE, whole } from './swarm.js';

const requests = (connection: number, index: number, blocks: number[]) =>
  blocks.map((block) => `to ${connection}: request ${index}+${block * BLOCK}, ${BLOCK} bytes`);

/** A stage whose neighbour 1 has everything and has unchoked us. */
function served(pieces: number): VodStage {
  const stage = new VodStage(pieces);
  stage.join(1);
  stage.hear(1, { type: 'have-all' });
  stage.hear(1, { type: 'unchoke' });
  return stage;
}

describe('a newcomer is told what is held', () => {
  const some = () => Uint8Array.from([1, 0, 1, 1, 0, 0, 0, 0, 0, 1]);
  test.each([
    { held: whole(10), fast: true, told: ['to 1: have-all'] },
    { held: new Uint8Array(10), fast: true, told: ['to 1: have-none'] },
    { held: some(), fast: true, told: ['to 1: bitfield 10110000 01000000'] },
    { held: whole(10), fast: false, told: ['to 1: bitfield 11111111 11000000'] },
    { held: new Uint8Array(10), fast: false, told: [] },
  ])('$told', ({ held, fast, told }) => {
    expect(new VodStage(10, { held }).join(1, fast)).toEqual(told);
  });
});

describe('what a neighbour holds', () => {
  test('makes us interested as soon as it has something that we lack', () => {
    const stage = new VodStage(10, { held: Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]) });
    stage.join(1);
    expect(stage.hear(1, { type: 'bitfield', bits: Uint8Array.from([0b10000000, 0]) })).toEqual([]);
    expect(stage.hear(1, { type: 'have', index: 0 })).toEqual([]);
    expect(stage.hear(1, { type: 'have', index: 9 })).toEqual(['to 1: interested']);
    expect(stage.hear(1, { type: 'have', index: 9 })).toEqual([]);
    expect(stage.tell({ type: 'wanted', wanted: whole(10).fill(0, 9) })).toEqual(['to 1: not-interested']);
    expect(stage.peer.figures(0)).toMatchObject({ wantedPieces: 9, availableCopies: 0.2 });
  });

  test.each([
    { bits: [0xff], why: 'too short' },
    { bits: [0xff, 0xc0, 0], why: 'too long' },
    { bits: [0xff, 0xe0], why: 'a bit behind the last piece' },
  ])('as a bitfield that is malformed sends it away: $why', ({ bits }) => {
    const stage = new VodStage(10);
    stage.join(1);
    expect(stage.hear(1, { type: 'bitfield', bits: Uint8Array.from(bits) })).toEqual(['close 1: malformed, banned']);
    expect(stage.hear(1, { type: 'unchoke' })).toEqual([]);
  });

  test('is not said by BEP 6 where only one side speaks it', () => {
    const stage = new VodStage(10);
    stage.join(1, false);
    expect(stage.hear(1, { type: 'have-all' })).toEqual(['close 1: unexpected, banned']);
  });

  test('is within the torrent', () => {
    const stage = new VodStage(10);
    stage.join(1);
    expect(stage.hear(1, { type: 'have', index: 10 })).toEqual(['close 1: malformed, banned']);
  });
});

describe('asking', () => {
  test('begins with four blocks, and goes on with two for each that comes', () => {
    const stage = new VodStage(3);
    stage.join(1);
    expect(stage.hear(1, { type: 'have-all' })).toEqual(['to 1: interested']);
    expect(stage.hear(1, { type: 'unchoke' })).toEqual(requests(1, 0, [0, 1, 2, 3]));
    expect(stage.block(1, 0, 0)).toEqual(['store 0+0', ...requests(1, 1, [0, 1])]);
    expect(stage.block(1, 0, 1)).toEqual([`store 0+${BLOCK}`, ...requests(1, 1, [2, 3])]);
  });

  test('a whole piece is verified, then held, told and done with', () => {
    const stage = served(1);
    stage.join(2);
    for (const block of [0, 1, 2]) stage.block(1, 0, block);
    expect(stage.block(1, 0, 3)).toEqual([`store 0+${3 * BLOCK}`, 'verify 0']);
    expect(stage.tell({ type: 'verified', index: 0, ok: true })).toEqual([
      'to 1: not-interested',
      'to 2: have 0',
      'held 0',
      'complete',
    ]);
    expect(stage.tell({ type: 'verified', index: 0, ok: true })).toEqual([]);
  });

  test('the last blocks are asked of who is idle as well, and taken back when they come', () => {
    const stage = served(1);
    stage.join(2);
    stage.hear(2, { type: 'have-all' });
    expect(stage.hear(2, { type: 'unchoke' })).toEqual(requests(2, 0, [3, 2, 1, 0]));
    expect(stage.block(2, 0, 3)).toEqual([`store 0+${3 * BLOCK}`, `to 1: cancel 0+${3 * BLOCK}, ${BLOCK} bytes`]);
    // It was on its way.
    expect(stage.block(1, 0, 3)).toEqual([]);
    expect(stage.peer.figures(0)).toMatchObject({ wastedBytes: BLOCK });
  });

  test('a choke without BEP 6 loses all that was asked for; with it the neighbour rejects or sends', () => {
    const stage = new VodStage(1);
    for (const one of [1, 2]) stage.join(one, one === 2);
    stage.hear(1, { type: 'bitfield', bits: Uint8Array.from([0x80]) });
    stage.hear(1, { type: 'unchoke' });
    expect(stage.hear(1, { type: 'choke' })).toEqual([]);
    stage.hear(2, { type: 'have-all' });
    expect(stage.hear(2, { type: 'unchoke' })).toEqual(requests(2, 0, [0, 1, 2, 3]));
    expect(stage.hear(2, { type: 'choke' })).toEqual([]);
    expect(stage.block(2, 0, 0)).toEqual(['store 0+0']);
    expect(stage.hear(2, { type: 'reject', index: 0, begin: BLOCK, length: BLOCK })).toEqual([]);
    expect(stage.hear(1, { type: 'unchoke' })).toEqual(requests(1, 0, [1, 3, 2]));
  });

  test('a piece that is allowed fast is asked for of who chokes', () => {
    const stage = new VodStage(5);
    stage.join(1);
    stage.hear(1, { type: 'have-all' });
    expect(stage.hear(1, { type: 'allowed-fast', index: 3 })).toEqual(requests(1, 3, [0, 1, 2, 3]));
    expect(stage.hear(1, { type: 'reject', index: 3, begin: 0, length: BLOCK })).toEqual([]);
  });

  test('a piece that an unchoked neighbour rejects is looked for elsewhere for a while', () => {
    const stage = served(2);
    expect(stage.hear(1, { type: 'reject', index: 0, begin: 0, length: BLOCK })).toEqual([]);
    for (const block of [1, 2, 3]) stage.block(1, 0, block);
    expect(stage.pass(1000)).toEqual(requests(1, 1, [0, 1, 2]));
    for (const block of [0, 1, 2, 3]) stage.block(1, 1, block);
    expect(stage.pass(12_000)).toContain(`to 1: request 0+0, ${BLOCK} bytes`);
  });

  test('what was taken back and asked for again is not rejected by the answer to the first CANCEL', () => {
    const stage = served(100);
    const readFrom = (piece: number) => {
      const place = { fromByte: piece * PIECE, toByte: 100 * PIECE };
      return stage.tell({ type: 'reader', reader: 1, ...place, playing: false, bytesPerSecond: 0, bufferedMs: 0 });
    };
    expect(readFrom(50)).toEqual(expect.arrayContaining(requests(1, 50, [0, 1, 2, 3])));
    expect(readFrom(0)).toEqual(expect.arrayContaining(requests(1, 0, [0, 1, 2, 3])));
    for (const piece of [0, 50]) {
      for (const block of [0, 1, 2, 3]) {
        expect(stage.hear(1, { type: 'reject', index: piece, begin: block * BLOCK, length: BLOCK })).toEqual([]);
      }
    }
    // All four are on their way still, and more is asked for.
    expect(stage.block(1, 0, 0)).toEqual(['store 0+0', ...requests(1, 1, [0, 1])]);
    // That piece isn't there any more.
    expect(stage.hear(1, { type: 'reject', index: 0, begin: BLOCK, length: BLOCK })).toEqual([]);
    expect(stage.block(1, 0, 2)).toEqual([`store 0+${2 * BLOCK}`]);
  });

  test('a REJECT long after a CANCEL is one, as old clients leave a CANCEL unanswered', () => {
    const stage = served(100);
    for (const piece of [50, 0]) {
      const place = { fromByte: piece * PIECE, toByte: 100 * PIECE };
      stage.tell({ type: 'reader', reader: 1, ...place, playing: false, bytesPerSecond: 0, bufferedMs: 0 });
    }
    stage.pass(6000);
    stage.hear(1, { type: 'reject', index: 0, begin: 0, length: BLOCK });
    // The piece is of neighbour 2 then.
    stage.join(2);
    stage.hear(2, { type: 'have-all' });
    expect(stage.hear(2, { type: 'unchoke' })).toContain(`to 2: request 0+0, ${BLOCK} bytes`);
  });

  test('a block that is passed over while later ones come is asked of somebody else', () => {
    const stage = served(100);
    const words = requests(1, 0, [1, 2, 3]);
    for (let at = 0, passedMs = 0; passedMs < 22_000; passedMs += 500) {
      const [, index, begin] = (/1: request (\d+)\+(\d+)/.exec(words[at++] ?? '') ?? []).map(Number);
      if (index !== undefined && begin !== undefined) words.push(...stage.block(1, index, begin / BLOCK));
      words.push(...stage.pass(500));
    }
    expect(words).toContain(`to 1: cancel 0+0, ${BLOCK} bytes`);
    stage.join(2);
    stage.hear(2, { type: 'have-all' });
    expect(stage.hear(2, { type: 'unchoke' })).toContain(`to 2: request 0+0, ${BLOCK} bytes`);
  });

  test('who rejects everything is not asked for it as fast as it answers', () => {
    const stage = new VodStage(100);
    stage.join(1);
    stage.hear(1, { type: 'have-all' });
    const toAnswer = stage.hear(1, { type: 'unchoke' });
    let asked = 0;
    for (let passedMs = 0; passedMs < 60_000; passedMs += 100) {
      for (let word = toAnswer.shift(); word && asked < 10_000; word = toAnswer.shift()) {
        const [, index, begin] = (/request (\d+)\+(\d+)/.exec(word) ?? []).map(Number);
        if (index === undefined || begin === undefined) continue;
        asked++;
        toAnswer.push(...stage.hear(1, { type: 'reject', index, begin, length: BLOCK }));
      }
      toAnswer.push(...stage.pass(100));
    }
    expect(asked).toBeLessThan(2048);
  });

  test('what isn’t wanted any more is taken back', () => {
    const stage = served(2);
    stage.block(1, 0, 0);
    const words = stage.tell({ type: 'wanted', wanted: Uint8Array.from([0, 1]) });
    expect(words).toEqual([
      ...[3, 2, 1].map((block) => `to 1: cancel 0+${block * BLOCK}, ${BLOCK} bytes`),
      'abandon 0',
      ...requests(1, 1, [2, 3]),
    ]);
  });

  test('a piece that is lost is wanted again', () => {
    const stage = new VodStage(2, { held: whole(2) });
    stage.join(1);
    stage.hear(1, { type: 'have-all' });
    stage.hear(1, { type: 'unchoke' });
    expect(stage.tell({ type: 'lost', index: 1 })).toEqual(['to 1: interested', ...requests(1, 1, [0, 1, 2, 3])]);
    expect(stage.tell({ type: 'lost', index: 1 })).toEqual([]);
  });

  test('no faster than the limit', () => {
    const stage = new VodStage(40, { downloadBytesPerSecond: PIECE });
    stage.join(1);
    stage.hear(1, { type: 'have-all' });
    const asked = [...stage.hear(1, { type: 'unchoke' }), ...answered(stage, 10_000)];
    // Half a second's worth is saved up: two blocks.
    expect(asked.filter((words) => words.includes('request'))).toHaveLength(2 + 4 * 10);
  });
});

/** Each request is answered at once, for so long. */
function answered(stage: VodStage, ms: number): string[] {
  const words: string[] = [];
  const open = requests(1, 0, [0, 1]).slice();
  const endMs = stage.nowMs + ms;
  while (stage.nowMs < endMs) {
    for (const request of open.splice(0)) {
      const [, index, begin] = /request (\d+)\+(\d+)/.exec(request) ?? [];
      const block = { byteLength: BLOCK };
      const next = stage.hear(1, { type: 'piece', index: Number(index), begin: Number(begin), block });
      words.push(...next);
      open.push(...next.filter((word) => word.includes('request')));
    }
    const passed = stage.pass(1);
    words.push(...passed);
    open.push(...passed.filter((word) => word.includes('request')));
  }
  return words;
}
