/** Whatever neighbours say, in whatever order: nothing throws, and what they can make a peer do and keep is bounded. */
import { decodeHeader } from '@tstream/live-piece-auth';
import type { Block, Message } from '@tstream/wire-ext';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPeer, type Input, type Output, type Peer, type PeerConfig } from '../src/index.js';
import { config, EPOCH_MS, peerId } from './loop.js';
import { beats, blocks, certificates, NEIGHBOURS, pieces, RING, type Step, step } from './talk.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);
const WINDOW = 16;
const CHECKS_MAX = 64;

/** A driver that does what a peer asks, and holds it to its contract. */
class Holder {
  readonly peer: Peer;
  nowMs = 1000;
  inputs = 0;
  /** How many outputs there were, by type. */
  readonly outputs = new Map<Output['type'], number>();
  readonly #checks: number[] = [];
  readonly #connected = new Set<number>();
  #nextConnection = 10;
  /** The neighbour that a number of the steps stands for now: numbers of connections are never used twice. */
  readonly #numbers = new Map<number, number>();

  readonly #role: PeerConfig['role'];
  /** What the peer asked its neighbours for, or offered them: what they would do about it. */
  readonly #favours: Input[] = [];
  /** The author of what a neighbour offered last under an index. */
  readonly #offered = new Map<string, number>();
  #published = 0;
  #superseded = false;

  constructor(peerConfig: PeerConfig) {
    this.#role = peerConfig.role;
    this.peer = createPeer(peerConfig, this.nowMs);
    this.#tell({ type: 'wallClock', offsetMs: EPOCH_MS });
    if (peerConfig.role === 'source') {
      this.#tell({ type: 'certified', certificate: certificates[1] as Uint8Array });
    }
    for (const one of NEIGHBOURS) this.#join(one);
    // Nothing much happens before a run is known.
    this.#hear(1, { type: 'cert', certificate: certificates[1] as Uint8Array });
    this.take({ do: 'answer', ok: true });
    for (const one of NEIGHBOURS) this.#hear(one, { type: 'start', run: 5, seq: 0 });
    if (peerConfig.role !== 'source') this.#hear(1, { type: 'edge', header: beats[1]?.[2] as Uint8Array });
    this.take({ do: 'answer', ok: true });
    this.#pass(150);
  }

  /** Whether there is something to offer. */
  get makes(): boolean {
    return this.#published > 0 && !this.#superseded;
  }

  take(taken: Step): void {
    switch (taken.do) {
      case 'hear':
        // Who was sent away comes back.
        this.#join(taken.connection);
        return this.#hear(taken.connection, taken.message);
      case 'started': {
        const number = this.#number(taken.connection);
        return this.#tell({ type: 'pieceStarted', connection: number, index: taken.index, begin: taken.begin });
      }
      case 'pass':
        return this.#pass(taken.ms);
      case 'leave':
        this.#connected.delete(this.#number(taken.connection));
        return this.#tell({ type: 'left', connection: this.#number(taken.connection) });
      case 'join':
        return this.#join(taken.connection);
      case 'answer':
        return this.#tell({ type: 'verified', job: this.#checks.shift() ?? 0, ok: taken.ok });
      case 'read':
        return this.#tell({ type: 'reader', taking: taken.taking });
      case 'oblige': {
        const [favour] = this.#favours.splice(taken.nth % Math.max(1, this.#favours.length), 1);
        return favour && this.#tell(favour);
      }
      case 'publish': {
        const bytes = this.#role === 'source' ? pieces[1]?.[this.#published++] : undefined;
        if (bytes) this.#tell({ type: 'published', header: bytes });
      }
    }
  }

  #hear(one: number, heard: Message<Block>): void {
    const decoded = heard.type === 'offer' ? decodeHeader(heard.header) : undefined;
    if (decoded?.ok) this.#offered.set(`${this.#number(one)}/${decoded.value.seq % RING}`, decoded.value.run - 4);
    this.#tell({ type: 'message', connection: this.#number(one), message: heard });
  }

  #number(one: number): number {
    return this.#numbers.get(one) ?? 0;
  }

  /** Everybody goes; what had been going on with them is over. */
  end(): void {
    for (const one of NEIGHBOURS) this.take({ do: 'leave', connection: one });
    this.#pass(10_000);
    expect(this.peer.figures()).toMatchObject({ unconfirmedBytes: 0 });
  }

  /** How many pieces somebody is offered who comes and takes nothing. */
  offersToNewcomer(): number {
    this.outputs.clear();
    const before = this.#favours.length;
    this.#join(1);
    this.#pass(3000);
    return this.#favours.length - before;
  }

  #join(one: number): void {
    const before = this.#numbers.get(one);
    if (before !== undefined && this.#connected.has(before)) return;
    const number = this.#nextConnection++;
    this.#numbers.set(one, number);
    this.#connected.add(number);
    this.#tell({ type: 'joined', connection: number, peerId: peerId(`neighbour ${one}`) });
    this.#hear(one, { type: 'start', run: 5, seq: 0 });
  }

  /** Calls the peer whenever it asks to be: never without end. */
  #pass(ms: number): void {
    const endMs = this.nowMs + ms;
    for (let calls = 0; this.peer.nextDeadlineMs <= endMs; calls++) {
      if (calls > 5000) throw new Error('asks to be called without end');
      this.nowMs = Math.max(this.nowMs, this.peer.nextDeadlineMs);
      this.#tell({ type: 'time' });
    }
    this.nowMs = endMs;
  }

  #tell(input: Input): void {
    this.inputs++;
    this.peer.handle(input, this.nowMs);
    for (let outputs = this.peer.poll(); outputs.length > 0; outputs = this.peer.poll()) {
      for (const output of outputs) {
        this.outputs.set(output.type, (this.outputs.get(output.type) ?? 0) + 1);
        this.#carryOut(output);
      }
    }
  }

  #carryOut(output: Output): void {
    if ('connection' in output && !this.#connected.has(output.connection))
      throw new Error(`${output.type} to ${output.connection}, which is not connected`);
    if (output.type === 'verify' && this.#checks.push(output.job) > CHECKS_MAX) throw new Error('too many checks');
    if (output.type === 'event' && output.event.type === 'superseded') this.#superseded = true;
    if (output.type === 'close') this.#connected.delete(output.connection);
    if (output.type === 'store' && output.begin >= output.header.payloadBytes)
      throw new Error('stores beyond the piece');
    if (output.type === 'send') this.#note(output.connection, output.message);
    if (output.type !== 'sendBlock') return;
    this.peer.handle({ type: 'sent', connection: output.connection, blockBytes: output.blockBytes }, this.nowMs);
  }

  #note(to: number, said: Message<Block>): void {
    const favour = (message: Message<Block>) => this.#favours.push({ type: 'message', connection: to, message });
    if (said.type === 'request') {
      const who = this.#offered.get(`${to}/${said.index}`) ?? 0;
      const asked = blocks[who]?.[said.index]?.[said.begin / 16384];
      if (asked) favour({ type: 'piece', index: said.index, begin: said.begin, block: asked });
    } else if (said.type === 'offer') {
      const decoded = decodeHeader(said.header);
      const at = decoded.ok ? decoded.value.seq % RING : 0;
      favour({ type: 'request', index: at, begin: 0, length: 16384 });
      favour({ type: 'request', index: at, begin: 16384, length: 3616 });
    }
  }
}

/** What random talk makes each role do at least now and then: if it doesn't, the talk is not worth the time. */
const REACHED = {
  viewer: ['send', 'verify', 'store', 'abandon', 'discard', 'sendBlock', 'close', 'deliver', 'event'],
  seed: ['send', 'verify', 'store', 'abandon', 'discard', 'sendBlock', 'close', 'event'],
  source: ['send', 'verify', 'sendBlock', 'prove', 'close', 'discard', 'event'],
} as const;

test.each(['viewer', 'seed', 'source'] as const)(
  'a %s: any sequence of remote messages ⇒ no exception, bounded outputs',
  (role) => {
    const reached = new Set<string>();
    const peerConfig = config(role, { ringPieces: RING, windowPieces: WINDOW, keepPieces: WINDOW });
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 300, size: 'max' }), (steps) => {
        const holder = new Holder(peerConfig);
        for (const one of steps) holder.take(one);
        let outputs = 0;
        for (const [type, count] of holder.outputs) {
          reached.add(type);
          outputs += count;
        }
        // A message makes a few dozen outputs at most: so many pieces, so many neighbours.
        expect(outputs).toBeLessThan(64 * holder.inputs);
        expect(holder.peer.figures().heldPieces).toBeLessThanOrEqual(2 * (WINDOW + 1));
        holder.end();
        // Whatever was said, a source that is still one serves the next who comes.
        if (role === 'source' && holder.makes) expect(holder.offersToNewcomer()).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
    expect([...reached]).toEqual(expect.arrayContaining([...REACHED[role]]));
  },
);
