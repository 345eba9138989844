/** Whatever neighbours say, in whatever order: nothing throws, what they make a peer keep is bounded, and it gets its pieces in the end. */
import type { Block, Message } from '@tstream/wire-ext';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVodPeer, type VodInput, type VodOutput, type VodPeer } from '../../src/index.js';
import { peerId } from '../loop.js';
import { atRandom, BLOCK, PIECE, vodConfig } from './swarm.js';
import { LENGTH, NEIGHBOURS, PIECES, type Step, step } from './talk.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const WEB_SEED = 3;

interface Asked {
  readonly index: number;
  readonly begin: number;
  readonly length: number;
}

/** A driver that holds the peer to its contract. */
class Holder {
  readonly peer: VodPeer;
  nowMs = 1000;
  complete = false;
  readonly verifying: number[] = [];
  readonly #held: Uint8Array;
  /** Connections by neighbour; what each was asked for and hasn't answered. */
  readonly #numbers = new Map<number, number>();
  readonly #asked = new Map<number, Asked[]>();
  readonly #stored = new Map<number, Set<number>>();
  #nextConnection = 1;

  constructor(readonly fast: boolean) {
    this.#held = new Uint8Array(PIECES);
    this.peer = createVodPeer(
      vodConfig(PIECES, { lengthBytes: LENGTH, picker: atRandom, held: this.#held }),
      this.nowMs,
    );
    for (let one = 0; one < NEIGHBOURS; one++) this.#join(one);
  }

  take(taken: Step): void {
    switch (taken.do) {
      case 'hear':
        return this.hear(taken.who, taken.message);
      case 'answer':
        return this.answer(taken.who, taken.nth, taken.how);
      case 'verify':
        return this.verify(taken.ok);
      case 'join':
        return this.#join(taken.who);
      case 'leave':
        return this.leave(taken.who);
      case 'fail':
        return this.#tell({ type: 'fetchFailed', connection: this.#number(taken.who), index: 0 });
      case 'sent':
        return this.#tell({ type: 'sent', connection: this.#number(taken.who), blockBytes: BLOCK });
      case 'pass':
        return this.pass(taken.ms);
      case 'lose':
        return this.#tell({ type: 'lost', index: taken.index });
      case 'want':
        return this.#tell({
          type: 'wanted',
          wanted: Uint8Array.from({ length: PIECES }, (_, i) => (taken.set >> i) & 1),
        });
      case 'read':
        return this.#tell({
          type: 'reader',
          reader: taken.who,
          fromByte: taken.from,
          toByte: LENGTH,
          playing: taken.playing,
          bytesPerSecond: taken.who * 50_000,
          bufferedMs: 500,
        });
      case 'limit':
        return this.#tell({
          type: 'limits',
          uploadBytesPerSecond: taken.bytesPerSecond,
          downloadBytesPerSecond: taken.bytesPerSecond,
        });
    }
  }

  hear(one: number, heard: Message<Block>): void {
    this.#tell({ type: 'message', connection: this.#number(one), message: heard });
  }

  answer(one: number, nth: number, how: 'piece' | 'reject'): void {
    const asked = this.#asked.get(this.#number(one)) ?? [];
    const [wish] = asked.splice(nth % Math.max(1, asked.length), 1);
    if (!wish) return;
    const { index, begin, length } = wish;
    if (how === 'piece') this.hear(one, { type: 'piece', index, begin, block: { byteLength: length } });
    else this.hear(one, { type: 'reject', index, begin, length });
  }

  verify(ok: boolean): void {
    const index = this.verifying.shift();
    if (index !== undefined) this.#tell({ type: 'verified', index, ok });
  }

  leave(one: number): void {
    const number = this.#number(one);
    this.#numbers.delete(one);
    this.#tell({ type: 'left', connection: number });
  }

  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.peer.nextDeadlineMs <= endMs) {
      this.nowMs = Math.max(this.nowMs, this.peer.nextDeadlineMs);
      this.#tell({ type: 'time' });
    }
    this.nowMs = endMs;
  }

  /** Somebody honest comes, alone or to the others, and gives all that is asked for. @returns Whether the peer has everything then. */
  recover(alone: boolean): boolean {
    if (alone) for (let one = 0; one < NEIGHBOURS; one++) this.leave(one);
    this.#tell({ type: 'wanted', wanted: new Uint8Array(PIECES).fill(1) });
    this.#tell({ type: 'limits', uploadBytesPerSecond: Infinity, downloadBytesPerSecond: Infinity });
    const seed = NEIGHBOURS;
    this.#join(seed);
    this.#haveAll(seed);
    this.hear(seed, { type: 'unchoke' });
    for (let round = 0; round < 200; round++) {
      if (this.peer.figures(this.nowMs).missingPieces === 0) return true;
      for (let n = 0; n < 100 && this.outstanding(seed) > 0; n++) this.answer(seed, 0, 'piece');
      while (this.verifying.length > 0) this.verify(true);
      this.pass(1000);
    }
    return false;
  }

  outstanding(one: number): number {
    return this.#asked.get(this.#number(one))?.length ?? 0;
  }

  #number(one: number): number {
    return this.#numbers.get(one) ?? 0;
  }

  #join(one: number): void {
    if (this.#numbers.has(one)) return;
    const connection = this.#nextConnection++;
    this.#numbers.set(one, connection);
    if (one === WEB_SEED) return this.#tell({ type: 'webSeed', connection });
    this.#tell({ type: 'joined', connection, peerId: peerId(`neighbour ${one}`), fast: this.fast });
    this.#tell({ type: 'extended', connection, witnesses: true });
    // Two who are of use until they misbehave: without them little happens.
    if (one > 1) return;
    this.#haveAll(one);
    this.hear(one, { type: 'unchoke' });
  }

  #haveAll(one: number): void {
    this.hear(one, this.fast ? { type: 'have-all' } : { type: 'bitfield', bits: new Uint8Array([0xff, 0xe0]) });
  }

  #tell(input: VodInput): void {
    this.peer.handle(input, this.nowMs);
    for (let outputs = this.peer.poll(); outputs.length > 0; outputs = this.peer.poll()) {
      for (const output of outputs) this.#check(output);
    }
    for (const { requestsIn, requestsOut } of this.peer.figures(this.nowMs).neighbours) {
      expect(requestsIn).toBeLessThanOrEqual(512);
      expect(requestsOut).toBeLessThanOrEqual(512);
    }
  }

  #check(output: VodOutput): void {
    switch (output.type) {
      case 'send':
        return this.#sent(output.connection, output.message);
      case 'sendBlock':
        return void expect(this.#held[output.index]).toBe(1);
      case 'store': {
        const stored = this.#stored.get(output.index) ?? new Set();
        this.#stored.set(output.index, stored);
        expect(stored.has(output.begin)).toBe(false);
        return void stored.add(output.begin);
      }
      case 'abandon':
        return void expect(this.#stored.delete(output.index)).toBe(true);
      case 'verify':
        expect(this.#stored.get(output.index)?.size).toBe(output.index === PIECES - 1 ? 2 : 4);
        return void this.verifying.push(output.index);
      case 'event':
        if (output.event.type === 'held') this.#stored.delete(output.event.index);
        return;
      case 'close':
        for (const [one, number] of this.#numbers) if (number === output.connection) this.#numbers.delete(one);
        return;
      case 'fetch': {
        const asked = [];
        for (let i = output.index; i < output.index + output.pieces; i++) {
          const bytes = Math.min(PIECE, LENGTH - i * PIECE);
          for (let at = 0; at < bytes; at += BLOCK)
            asked.push({ index: i, begin: at, length: Math.min(BLOCK, bytes - at) });
        }
        return void this.#asked.set(output.connection, asked);
      }
      case 'cancelFetch':
        this.#asked.delete(output.connection);
    }
  }

  #sent(connection: number, { ...message }: Message<Block>): void {
    const asked = this.#asked.get(connection) ?? [];
    this.#asked.set(connection, asked);
    if (message.type === 'request') asked.push(message);
    if (message.type !== 'cancel') return;
    const place = asked.findIndex(({ index, begin }) => index === message.index && begin === message.begin);
    if (place >= 0) asked.splice(place, 1);
  }
}

test.each([true, false])('nothing throws, and whoever is honest can still give everything, with BEP 6: %s', (fast) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), fc.boolean(), (steps, alone) => {
      const holder = new Holder(fast);
      for (const taken of steps) holder.take(taken);
      expect(holder.recover(alone)).toBe(true);
      for (let one = 0; one <= NEIGHBOURS; one++) holder.leave(one);
      holder.pass(100_000);
      expect(holder.peer.figures(holder.nowMs).neighbours).toEqual([]);
      expect(holder.peer.figures(holder.nowMs)).toMatchObject({ availableCopies: 0 });
      expect(holder.peer.nextDeadlineMs).toBe(Infinity);
    }),
    { numRuns: RUNS },
  );
});
