import type { Figures, Input, Output, Peer } from '@tstream/peer-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Driver } from '../src/driver.js';

/** A peer that remembers its inputs and answers as it is told. */
class FakePeer implements Peer {
  readonly inputs: (readonly [string, number])[] = [];
  readonly answers = new Map<string, Output[]>();
  nextDeadlineMs = Number.POSITIVE_INFINITY;
  onTime: () => void = () => undefined;
  #outputs: Output[] = [];

  handle(input: Input, nowMs: number): void {
    this.inputs.push([input.type === 'verified' ? `verified ${input.job} ${input.ok}` : input.type, nowMs]);
    this.#outputs.push(...(this.answers.get(input.type) ?? []));
    if (input.type === 'time') this.onTime();
  }

  poll(): Output[] {
    return this.#outputs.splice(0);
  }

  figures(): Figures {
    throw new Error('not asked for');
  }

  pieceStrip(): undefined {
    return undefined;
  }
}

let driver: Driver | undefined;
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance', 'Date'],
  });
});
afterEach(() => {
  driver?.close();
  // The end of a turn that has begun.
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
});

const check = { kind: 'certificate', certificate: new Uint8Array(116) } as const;
const verify = (job: number): Output => ({ type: 'verify', job, check });

it('tells the wall clock at once and every minute', () => {
  const peer = new FakePeer();
  driver = new Driver(peer, () => undefined);
  vi.advanceTimersByTime(120_000);
  expect(peer.inputs.map(([type]) => type)).toEqual(['wallClock', 'wallClock', 'wallClock']);
});

it('polls once for all inputs of a turn, and hands in what came of the outputs before it polls again', () => {
  const peer = new FakePeer();
  const log: string[] = [];
  peer.answers.set('beat', [verify(1), verify(2)]);
  const made = new Driver(peer, (output) => {
    if (output.type !== 'verify') return;
    made.handle({ type: 'verified', job: output.job, ok: true });
    log.push(`carried out ${output.job}`);
  });
  driver = made;
  driver.handle({ type: 'beat', header: new Uint8Array() });
  driver.handle({ type: 'left', connection: 1 });
  expect(log).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(log).toEqual(['carried out 1', 'carried out 2']);
  expect(peer.inputs.map(([type]) => type)).toEqual([
    'wallClock',
    'beat',
    'left',
    'verified 1 true',
    'verified 2 true',
  ]);
});

it('wakes at the deadline, with whole milliseconds, and again at the next', () => {
  const peer = new FakePeer();
  const startMs = Math.floor(performance.now());
  peer.nextDeadlineMs = startMs + 100;
  peer.onTime = () => (peer.nextDeadlineMs += 50);
  driver = new Driver(peer, () => undefined);
  vi.advanceTimersByTime(220);
  const times = peer.inputs.filter(([type]) => type === 'time').map(([, nowMs]) => nowMs - startMs);
  expect(times).toEqual([100, 150, 200]);
});

it('wakes sooner when an input brings the deadline forward', () => {
  const peer = new FakePeer();
  const startMs = Math.floor(performance.now());
  peer.nextDeadlineMs = startMs + 10_000;
  driver = new Driver(peer, () => undefined);
  peer.nextDeadlineMs = startMs + 20;
  peer.onTime = () => (peer.nextDeadlineMs = Number.POSITIVE_INFINITY);
  driver.handle({ type: 'beat', header: new Uint8Array() });
  vi.advanceTimersByTime(20_000);
  expect(peer.inputs.filter(([type]) => type === 'time')).toEqual([['time', startMs + 20]]);
});

it('does not spin when a deadline stays in the past', () => {
  const peer = new FakePeer();
  peer.nextDeadlineMs = 0;
  driver = new Driver(peer, () => undefined);
  vi.advanceTimersByTime(100);
  expect(peer.inputs.filter(([type]) => type === 'time').length).toBeLessThanOrEqual(100);
});

it('reads the sockets first when it wakes from a sleep', () => {
  const peer = new FakePeer();
  const made = new Driver(peer, () => undefined);
  driver = made;
  const startMs = Math.floor(performance.now());
  peer.nextDeadlineMs = startMs + 100;
  peer.onTime = () => (peer.nextDeadlineMs = Number.POSITIVE_INFINITY);
  driver.handle({ type: 'beat', header: new Uint8Array() });
  vi.advanceTimersByTime(1);
  // The process did not run: the timer is late, and a socket is ready in the same turn.
  vi.spyOn(performance, 'now').mockImplementation(() => startMs + 60_000);
  setTimeout(() => setImmediate(() => made.handle({ type: 'sent', connection: 1, blockBytes: 1 })), 99);
  vi.advanceTimersByTime(102);
  expect(peer.inputs.map(([type]) => type)).toEqual(['wallClock', 'beat', 'sent', 'time']);
  vi.restoreAllMocks();
});

it('is silent once it is closed', () => {
  const peer = new FakePeer();
  driver = new Driver(peer, () => undefined);
  peer.nextDeadlineMs = 0;
  driver.close();
  driver.handle({ type: 'time' });
  vi.advanceTimersByTime(120_000);
  expect(peer.inputs.map(([type]) => type)).toEqual(['wallClock']);
});
