import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Delivery, Readers } from '../src/readers.js';
import { until } from './stream.js';

const PACKET = 188;

/** Packets whose bytes all say which they are. */
function packets(from: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count * PACKET);
  for (let at = 0; at < count; at += 1) bytes.fill(from + at, at * PACKET, (at + 1) * PACKET);
  return bytes;
}

function piece(bytes: Uint8Array, entryAt?: number, discontinuity = false): Delivery {
  return { bytes, entryAt, discontinuity };
}

function keeping(): { readonly sink: PassThrough; readonly numbers: () => number[] } {
  const sink = new PassThrough({ highWaterMark: 1 << 26 });
  const chunks: Buffer[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk));
  const numbers = () => {
    const bytes = Buffer.concat(chunks);
    expect(bytes.length % PACKET).toBe(0);
    return Array.from({ length: bytes.length / PACKET }, (_, at) => bytes[at * PACKET] as number);
  };
  return { sink, numbers };
}

/** Takes nothing until it is told to. */
class Stuck extends Writable {
  readonly chunks: Buffer[] = [];
  #release: (() => void) | undefined;
  #stuck = true;

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    if (this.#stuck) this.#release = done;
    else done();
  }

  release(): void {
    this.#stuck = false;
    this.#release?.();
  }
}

describe('readers', () => {
  it('begin at the newest entry point that was played', async () => {
    const readers = new Readers(() => undefined);
    const early = keeping();
    readers.add(early.sink);
    readers.deliver(piece(packets(0, 2)));
    readers.deliver(piece(packets(2, 2), PACKET));
    readers.deliver(piece(packets(4, 2), 0));
    readers.deliver(piece(packets(6, 2)));
    const late = keeping();
    readers.add(late.sink);
    readers.deliver(piece(packets(8, 1)));
    await until(() => late.numbers().length === 5);
    expect(late.numbers()).toEqual([4, 5, 6, 7, 8]);
    expect(early.numbers()).toEqual([3, 4, 5, 6, 7, 8]);
    expect(readers.size).toBe(2);
  });

  it('get whole packets, also when pieces are cut anywhere', async () => {
    const readers = new Readers(() => undefined);
    const reader = keeping();
    readers.add(reader.sink);
    const all = packets(0, 5);
    readers.deliver(piece(all.subarray(0, 300), 0));
    readers.deliver(piece(all.subarray(300, 301)));
    readers.deliver(piece(all.subarray(301, 600)));
    readers.deliver(piece(all.subarray(600)));
    await until(() => reader.numbers().length === 5);
    expect(reader.numbers()).toEqual([0, 1, 2, 3, 4]);
  });

  it('drop the start of a packet whose end never came', async () => {
    const readers = new Readers(() => undefined);
    const reader = keeping();
    readers.add(reader.sink);
    readers.deliver(piece(packets(0, 2).subarray(0, 300), 0));
    readers.deliver(piece(packets(7, 2), 0, true));
    await until(() => reader.numbers().length === 3);
    expect(reader.numbers()).toEqual([0, 7, 8]);
  });

  it('go on at an entry point after a gap', async () => {
    const readers = new Readers(() => undefined);
    const reader = keeping();
    readers.add(reader.sink);
    readers.deliver(piece(packets(0, 1), 0));
    readers.deliver(piece(packets(3, 1), undefined, true));
    readers.deliver(piece(packets(4, 1)));
    readers.deliver(piece(packets(5, 1), 0));
    await until(() => reader.numbers().length === 2);
    expect(reader.numbers()).toEqual([0, 5]);
  });

  it('are moved forward to an entry point when they are too slow, and hold up nobody', async () => {
    const taking: boolean[] = [];
    const readers = new Readers((one) => taking.push(one));
    const slow = new Stuck();
    const fast = keeping();
    readers.add(slow);
    readers.add(fast.sink);
    // 9.4 MB from one entry point on, then another one.
    for (let at = 0; at < 100; at += 1) readers.deliver(piece(packets(1, 500), at === 0 ? 0 : undefined));
    readers.deliver(piece(packets(2, 1), 0));
    slow.release();
    await until(() => slow.chunks.length === 2);
    expect(slow.chunks.map((chunk) => [chunk[0], chunk.length])).toEqual([
      [1, 500 * PACKET],
      [2, PACKET],
    ]);
    expect(fast.numbers()).toHaveLength(50_001);
    expect(taking).toEqual([]);
  });

  it('make the virtual reader wait while a primary one is slow, and lose nothing', async () => {
    const taking: boolean[] = [];
    const readers = new Readers((one) => taking.push(one));
    const recorder = new Stuck();
    readers.add(recorder, { primary: true });
    for (let at = 0; at < 100; at += 1) readers.deliver(piece(packets(at, 500), at === 0 ? 0 : undefined));
    expect(taking).toEqual([false]);
    recorder.release();
    await until(() => recorder.chunks.length === 100);
    expect(taking).toEqual([false, true]);
    expect(recorder.chunks.map((chunk) => chunk[0])).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  it('do not hold up anything once they are gone', async () => {
    const taking: boolean[] = [];
    const readers = new Readers((one) => taking.push(one));
    const recorder = new Stuck();
    const gone: (Error | undefined)[] = [];
    readers.add(recorder, { primary: true, onGone: (error) => gone.push(error) });
    for (let at = 0; at < 100; at += 1) readers.deliver(piece(packets(0, 500), at === 0 ? 0 : undefined));
    recorder.destroy(new Error('disk full'));
    await until(() => gone.length === 1);
    expect(gone[0]?.message).toBe('disk full');
    expect(taking).toEqual([false, true]);
    expect(readers.size).toBe(0);
  });

  it('get what is queued for them, then the end', async () => {
    const readers = new Readers(() => undefined);
    const recorder = new Stuck();
    const open = keeping();
    readers.add(recorder, { primary: true });
    readers.add(open.sink, { keepOpen: true });
    for (let at = 0; at < 3; at += 1) readers.deliver(piece(packets(at, 1), at === 0 ? 0 : undefined));
    const ended = readers.end();
    recorder.release();
    await ended;
    expect(recorder.chunks.map((chunk) => chunk[0])).toEqual([0, 1, 2]);
    expect(recorder.writableFinished).toBe(true);
    expect(open.numbers()).toEqual([0, 1, 2]);
    expect(open.sink.writableEnded).toBe(false);
    expect(readers.size).toBe(0);
  });

  it('keep no more than 8 MiB for those who come', async () => {
    const readers = new Readers(() => undefined);
    for (let at = 0; at < 100; at += 1) readers.deliver(piece(packets(1, 500), at === 0 ? 0 : undefined));
    const late = keeping();
    readers.add(late.sink);
    readers.deliver(piece(packets(2, 1), 0));
    await until(() => late.numbers().length > 0);
    expect(late.numbers()).toEqual([2]);
  });
});
