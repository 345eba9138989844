/** What a picker is told of what neighbours ask for. */
import type { PiecePicker } from '@tstream/piece-picker';
import type { Message } from '@tstream/wire-ext';
import { expect, test } from 'vitest';
import { source } from './stage.js';

const want = (seq: number): Message => ({ type: 'want', run: 5, seq });
const start: Message = { type: 'start', run: 5, seq: 0 };

/** A source with four pieces; its picker, which offers what is asked for as long as it may, notes what it was told last. */
function asked(uploadBytesPerSecond = Infinity) {
  const seen = { wantedSeq: -1, mayOffer: false };
  const picker: PiecePicker = {
    offer({ neighbours: [neighbour] }) {
      seen.wantedSeq = neighbour?.wantedSeq ?? -1;
      return seen.mayOffer && neighbour && seen.wantedSeq >= 0 ? { neighbour, seq: seen.wantedSeq } : undefined;
    },
    want: () => [],
  };
  const { stage } = source(4, [1], { picker, uploadBytesPerSecond });
  stage.hear(1, start);
  return { stage, seen };
}

test('a picker is told of the piece that a neighbour asked for last', () => {
  const { stage, seen } = asked();
  expect(seen.wantedSeq).toBe(-1);
  stage.hear(1, want(2));
  expect(seen.wantedSeq).toBe(2);
  stage.hear(1, want(1));
  expect(seen.wantedSeq).toBe(1);
});

test.each<[string, Message]>([
  ['COMING', { type: 'coming', run: 5, seq: 2 }],
  ['HAVE', { type: 'live-have', run: 5, base: 1, bitmap: Uint8Array.of(0b0110_0000) }],
])('… until that is offered, or comes to it from elsewhere: %s', (_, message) => {
  const { stage, seen } = asked();
  seen.mayOffer = true;
  expect(stage.hear(1, want(2))).toEqual(['to 1: offer 5/2']);
  expect(seen.wantedSeq).toBe(-1);
  stage.hear(1, { type: 'decline', run: 5, seq: 2, why: 'busy' });
  stage.pass(1000);
  seen.mayOffer = false;
  stage.hear(1, want(2));
  expect(seen.wantedSeq).toBe(2);
  stage.hear(1, message);
  stage.hear(1, start);
  expect(seen.wantedSeq).toBe(-1);
});

test('… but not where the uplink carries less than the video: it would come too late', () => {
  const { stage, seen } = asked(100_000);
  stage.hear(1, want(2));
  expect(seen.wantedSeq).toBe(-1);
});

test('what was sent and isn’t confirmed counts as asked for, once', () => {
  const { stage, seen } = asked();
  seen.mayOffer = true;
  const take = () => {
    stage.hear(1, { type: 'request', index: 2, begin: 0, length: 16_384 });
    stage.hear(1, { type: 'request', index: 2, begin: 16_384, length: 3616 });
  };
  stage.hear(1, want(2));
  stage.pass(1000);
  take();
  // Nothing was ever confirmed: it takes a second to give up hope.
  expect(stage.pass(999)).toEqual([]);
  expect(stage.pass(1)).toEqual(['to 1: offer 5/2']);
  take();
  expect(stage.pass(3000)).toEqual([]);
});
