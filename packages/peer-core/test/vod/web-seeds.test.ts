/** Servers as neighbours (BEP 19). */
import { expect, test } from 'vitest';
import { VodStage } from './stage.js';
import { whole } from './swarm.js';

function joined(pieces: number): { stage: VodStage; words: string[] } {
  const stage = new VodStage(pieces);
  return { stage, words: stage.tell({ type: 'webSeed', connection: 1 }) };
}

/** A piece comes whole and is good. */
function piece(stage: VodStage, index: number): string[] {
  const words = [0, 1, 2, 3].flatMap((block) => stage.block(1, index, block));
  return [...words, ...stage.tell({ type: 'verified', index, ok: true })].filter((word) => !word.startsWith('store'));
}

test('one piece first, then runs of three seconds', () => {
  const { stage, words } = joined(40);
  expect(words).toEqual(['fetch 0, 1 pieces, from 1']);
  stage.nowMs = 100;
  expect(piece(stage, 0)).toEqual(['verify 0', 'fetch 1, 1 pieces, from 1', 'held 0']);
  stage.nowMs = 300;
  piece(stage, 1);
  stage.pass(700);
  // Two pieces came in a second.
  expect(piece(stage, 2)).toEqual(['verify 2', 'fetch 3, 6 pieces, from 1', 'held 2']);
});

test('what fails is free again at once, and the server rests for longer each time until it goes', () => {
  const { stage } = joined(4);
  stage.join(2);
  stage.hear(2, { type: 'have-all' });
  stage.block(1, 0, 0);
  expect(stage.tell({ type: 'fetchFailed', connection: 1, index: 0 })).toEqual([]);
  expect(stage.hear(2, { type: 'unchoke' })).toEqual(
    [1, 2, 3].map((block) => `to 2: request 0+${block * 16384}, 16384 bytes`).concat('to 2: request 1+0, 16384 bytes'),
  );
  stage.tell({ type: 'left', connection: 2 });
  const fetched = [];
  for (let failures = 1; failures < 5; failures++) {
    let waitedS = 0;
    while (!stage.pass(1000).some((word) => word.startsWith('fetch'))) waitedS++;
    fetched.push(waitedS + 1);
    if (failures < 4) expect(stage.tell({ type: 'fetchFailed', connection: 1, index: 0 })).toEqual([]);
  }
  expect(fetched).toEqual([5, 10, 20, 40]);
  expect(stage.tell({ type: 'fetchFailed', connection: 1, index: 0 })).toEqual(['close 1: no-delivery']);
});

test('a server that sends nothing is not waited for', () => {
  const { stage } = joined(4);
  expect(stage.pass(30_000)).toEqual(['cancel what is fetched from 1']);
});

test('a seek stops a run', () => {
  const { stage } = joined(4000);
  for (let index = 0; index < 4; index++) piece(stage, index);
  stage.pass(1000);
  piece(stage, 4);
  const reader = {
    type: 'reader',
    reader: 1,
    toByte: 4000 * 65536,
    playing: true,
    bytesPerSecond: 0,
    bufferedMs: 0,
  } as const;
  expect(stage.tell({ ...reader, fromByte: 3000 * 65536 })).toEqual([
    'cancel what is fetched from 1',
    'fetch 3000, 12 pieces, from 1',
  ]);
});

test('a bad piece of a server’s ends it', () => {
  const { stage } = joined(4);
  for (let block = 0; block < 4; block++) stage.block(1, 0, block);
  expect(stage.tell({ type: 'verified', index: 0, ok: false })).toEqual(['abandon 0', 'close 1: bad-block, banned']);
});

test('nothing is fetched where nothing is wanted', () => {
  const stage = new VodStage(3, { held: whole(3) });
  expect(stage.tell({ type: 'webSeed', connection: 1 })).toEqual([]);
  expect(stage.pass(100_000)).toEqual([]);
});
