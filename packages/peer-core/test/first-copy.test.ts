import { decodeHeader } from '@tstream/live-piece-auth';
import { expect, test } from 'vitest';
import type { Input, Output } from '../src/index.js';
import { config, Loop, type Node, Publisher, peerId } from './loop.js';

const PIECE_BYTES = 32712;
const PIECE_MS = 150;
const BITRATE_BYTES = (PIECE_BYTES * 1000) / PIECE_MS;
/** Answers to offers take so long: most neighbours are near, one is far, or busy. */
const ANSWER_MS = [4, 6, 8, 10, 400];
const CONFIRM_MS = 30;

/** Neighbours of a source that get nothing from each other: there is always a second copy to send. */
class Takers extends Loop {
  /** When the first block of each piece left. */
  readonly leftMs = new Map<number, number>();

  join(source: Node, run: number): void {
    for (const connection of ANSWER_MS.keys()) {
      this.give(source, { type: 'joined', connection, peerId: peerId(`taker${connection}`) });
      this.give(source, { type: 'message', connection, message: { type: 'start', run, seq: 0 } });
    }
  }

  override drain(node: Node): void {
    for (let outputs = node.peer.poll(); outputs.length > 0; outputs = node.peer.poll()) {
      for (const output of outputs) this.#take(node, output);
    }
  }

  #take(node: Node, output: Output): void {
    if (output.type === 'verify') return node.peer.handle({ type: 'verified', job: output.job, ok: true }, this.nowMs);
    if (output.type === 'send' && output.message.type === 'offer') {
      const header = decodeHeader(output.message.header);
      const index = header.ok ? header.value.seq : 0;
      const answerMs = ANSWER_MS[output.connection] as number;
      const { connection } = output;
      for (const [begin, length] of BLOCKS) {
        this.#later(answerMs, node, {
          type: 'message',
          connection,
          message: { type: 'request', index, begin, length },
        });
      }
    } else if (output.type === 'sendBlock') {
      const { connection, seq, run, begin, blockBytes } = output;
      if (!this.leftMs.has(seq)) this.leftMs.set(seq, this.nowMs);
      node.peer.handle({ type: 'sent', connection, blockBytes }, this.nowMs);
      const message = { type: 'live-have', run, base: seq, bitmap: Uint8Array.of(0x80) } as const;
      if (begin > 0) this.#later(CONFIRM_MS, node, { type: 'message', connection, message });
    }
  }

  #later(afterMs: number, node: Node, input: Input): void {
    this.at(this.nowMs + afterMs, () => this.give(node, input));
  }
}

test.each([1.25, 2])('with %s × the bitrate, a new piece goes out before second copies of older ones', (multiple) => {
  const loop = new Takers();
  const source = loop.add('source', config('source', { uploadBytesPerSecond: multiple * BITRATE_BYTES }));
  const publisher = new Publisher(loop, source, 5);
  loop.join(source, publisher.run);
  publisher.stream(PIECE_MS, 12_000);
  loop.runUntil(12_500);
  const waitsMs = [...loop.leftMs].map(([seq, atMs]) => atMs - seq * PIECE_MS).sort((a, b) => a - b);
  expect(waitsMs.length).toBe(publisher.seq);
  // An answer, and what the limit still owes for what went before; the far one gets first copies, too.
  const owedMs = (2 * PIECE_MS) / multiple;
  expect(waitsMs[publisher.seq >> 1]).toBeLessThan(owedMs);
  expect(waitsMs.at(-1)).toBeLessThan(Math.max(...ANSWER_MS) + owedMs);
});

const BLOCKS: readonly (readonly [number, number])[] = [
  [0, 16384],
  [16384, PIECE_BYTES - 16384],
];
