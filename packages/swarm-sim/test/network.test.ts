import type { Input, Output } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import { describe, expect, test } from 'vitest';
import { FAST_LINE, type LineConfig, type Member, type Swarm } from '../src/index.js';
import { blockOf, Scripted } from './scripted.js';
import { swarmOf } from './worlds.js';

/** 100 kB/s: a block of 15 948 bytes costs, with its 13-byte head and 12 packet heads, 165.85 ms. */
const SLOW_LINE: LineConfig = { ...FAST_LINE, uploadBytesPerSecond: 100_000 };
const BLOCK = blockOf(15_948);

function piece(index: number, begin = 0) {
  return { type: 'piece', index, begin, block: BLOCK } as const;
}

function want(seq: number) {
  return { type: 'want', run: 1, seq } as const;
}

function trio(swarm: Swarm, line: LineConfig): { actors: Scripted[]; members: Member[] } {
  const actors = [new Scripted(), new Scripted(), new Scripted()];
  return { actors, members: actors.map((actor) => swarm.addActor(actor, line)) };
}

function pick(swarm: Swarm, line = FAST_LINE) {
  const { actors, members } = trio(swarm, line);
  const [a, b, c] = actors as [Scripted, Scripted, Scripted];
  const [one, two, three] = members as [Member, Member, Member];
  return { a, b, c, one, two, three };
}

describe('connections', () => {
  test('the caller joins after two round trips, the called half a round trip later', () => {
    const swarm = swarmOf({ delayMs: (from, to) => (from < to ? 10 : 30) });
    const { a, b, one, two } = pick(swarm);
    expect(swarm.connect(one, two)).toBe(1);
    swarm.runUntil(1000);
    expect([a.log, b.log]).toEqual([['80 joined'], ['90 joined']]);
    expect(a.told[0]?.input).toEqual({ type: 'joined', connection: 1, peerId: two.id, group: 'line of 1' });
  });

  test('are not made twice, nor to oneself, nor by the dead, nor by the banned', () => {
    const swarm = swarmOf();
    const { a, one, two, three } = pick(swarm);
    a.onInput = () => {
      a.outputs.push({ type: 'close', connection: 1, reason: 'bad-block', ban: true });
      a.onInput = () => {};
    };
    swarm.connect(one, two);
    expect([swarm.connect(two, one), swarm.connect(one, one)]).toEqual([undefined, undefined]);
    swarm.runUntil(1000);
    expect(one.closings).toEqual([{ atMs: 80, remote: 1, reason: 'bad-block', ban: true }]);
    expect([swarm.connect(two, one), swarm.connect(one, two)]).toEqual([undefined, undefined]);
    swarm.kill(three);
    expect(swarm.connect(one, three)).toBe(undefined);
  });

  test('both sides learn of a close, the other one behind what was sent before it', () => {
    const swarm = swarmOf();
    const { a, b, one, two } = pick(swarm, SLOW_LINE);
    a.onJoined(piece(1), want(9));
    const connection = swarm.connect(one, two) as number;
    swarm.at(90, () => swarm.disconnect(one, connection));
    swarm.runUntil(1000);
    expect(a.log).toEqual(['80 joined', '90 left']);
    expect(b.log).toEqual([
      '100 joined',
      '100 pieceStarted 1+0',
      '265 message piece 1+0',
      '266 message want 9',
      '266 left',
    ]);
  });

  test('of a killed process are closed by its system; of a vanished one nobody hears', () => {
    const swarm = swarmOf();
    const { a, b, c, one, two, three } = pick(swarm);
    swarm.connect(one, two);
    swarm.connect(one, three);
    swarm.runUntil(200);
    swarm.kill(two);
    swarm.vanish(three);
    swarm.runUntil(1000);
    expect(a.log).toEqual(['80 joined', '80 joined', '220 left']);
    expect([b.log, c.log]).toEqual([['100 joined'], ['100 joined']]);
  });

  test('a peer that dies while it is being called is left before it joined', () => {
    const swarm = swarmOf();
    const { a, b, one, two } = pick(swarm);
    swarm.connect(one, two);
    swarm.at(90, () => swarm.kill(one));
    swarm.runUntil(1000);
    expect([a.log, b.log]).toEqual([['80 joined'], ['100 joined', '110 left']]);
  });
});

/** Has an actor ask for this as soon as it has joined so many connections. */
function whenJoined(actor: Scripted, connections: number, ...outputs: Output[]): void {
  let joined = 0;
  actor.onInput = (input) => {
    if (input.type !== 'joined') return;
    joined += 1;
    if (joined === connections) actor.outputs.push(...outputs);
  };
}

function sendOn(connection: number, message: Message<Block>): Output {
  return { type: 'send', connection, message };
}

describe('lines', () => {
  test('parallel sends share the uplink evenly; what is short goes before them, but not before what is on its own connection', () => {
    const swarm = swarmOf();
    const { a, b, c, one, two, three } = pick(swarm, SLOW_LINE);
    whenJoined(a, 2, sendOn(1, piece(1)), sendOn(2, piece(2)), sendOn(2, want(3)));
    swarm.connect(one, two);
    swarm.connect(one, three);
    swarm.runUntil(1000);
    // Each alone would take 166 ms.
    expect(a.log).toEqual(['80 joined', '80 joined', '411 sent 15948', '411 sent 15948']);
    expect(b.log).toEqual(['100 joined', '100 pieceStarted 1+0', '431 message piece 1+0']);
    expect(c.log).toEqual(['100 joined', '100 pieceStarted 2+0', '431 message piece 2+0', '431 message want 3']);
    expect([one.sentVideoBytes, two.receivedVideoBytes]).toEqual([2 * 15_948, 15_948]);
  });

  test('what fits a packet goes first on a connection where nothing waits, and takes its time from the others', () => {
    const swarm = swarmOf();
    const { a, b, c, one, two, three } = pick(swarm, SLOW_LINE);
    const short = Array.from({ length: 10 }, (_, i) => want(i));
    whenJoined(a, 2, sendOn(1, piece(1)), ...short.map((message) => sendOn(2, message)));
    swarm.connect(one, two);
    swarm.connect(one, three);
    swarm.runUntil(1000);
    // Ten of 19 bytes, and the head of one packet: they leave without a pause.
    const inMs = [100, 100, 101, 101, 101, 101, 101, 102, 102, 102];
    expect(c.log).toEqual(['100 joined', ...short.map(({ seq }) => `${inMs[seq]} message want ${seq}`)]);
    expect(b.log.at(-1)).toBe('268 message piece 1+0');
    expect(one.sentBytes).toBe(15_948 + 13 + 12 * 52 + 10 * 19 + 52);
  });

  test('a line of one queue sends first in, first out, and control waits behind video', () => {
    const swarm = swarmOf();
    const { a, b, c, one, two, three } = pick(swarm, { ...SLOW_LINE, queue: 'fifo' });
    whenJoined(a, 2, sendOn(1, piece(1)), sendOn(2, piece(2)), sendOn(1, want(3)));
    swarm.connect(one, two);
    swarm.connect(one, three);
    swarm.runUntil(1000);
    expect(a.log).toEqual(['80 joined', '80 joined', '245 sent 15948', '411 sent 15948']);
    expect(b.log).toEqual(['100 joined', '100 pieceStarted 1+0', '265 message piece 1+0', '431 message want 3']);
    expect(c.log).toEqual(['100 joined', '265 pieceStarted 2+0', '431 message piece 2+0']);
    expect([one.sentVideoBytes, two.receivedVideoBytes]).toEqual([2 * 15_948, 15_948]);
  });

  test('several senders share the downlink; what waits there is late, and in order', () => {
    const swarm = swarmOf();
    const { a, b, c, one, two, three } = pick(swarm, { ...FAST_LINE, downloadBytesPerSecond: 100_000 });
    whenJoined(a, 1, sendOn(1, piece(1)), sendOn(1, want(7)));
    whenJoined(b, 1, sendOn(2, piece(2)));
    swarm.connect(one, three);
    swarm.connect(two, three);
    swarm.runUntil(1000);
    expect(c.log).toEqual([
      '100 joined',
      '100 joined',
      '100 pieceStarted 1+0',
      '265 message piece 1+0',
      '266 message want 7',
      '266 pieceStarted 2+0',
      '432 message piece 2+0',
    ]);
    expect([one.sentBytes + two.sentBytes, three.receivedBytes]).toEqual([33_241, 33_241]);
  });

  test('a fast sender does not make a slow downlink faster', () => {
    const swarm = swarmOf();
    const a = new Scripted();
    const b = new Scripted();
    const one = swarm.addActor(a);
    const two = swarm.addActor(b, { ...FAST_LINE, downloadBytesPerSecond: 100_000 });
    a.onJoined(piece(1));
    swarm.connect(one, two);
    swarm.runUntil(1000);
    expect(b.log).toEqual(['100 joined', '100 pieceStarted 1+0', '265 message piece 1+0']);
  });

  test('a lost piece is lost as a whole and in silence: its sender is told of it as of any other', () => {
    const swarm = swarmOf();
    const { a, b, one, two } = pick(swarm, { ...FAST_LINE, lostPerMillion: 300_000 });
    const indices = Array.from({ length: 400 }, (_, i) => i);
    a.onJoined(...indices.flatMap((i) => [piece(i), piece(i, 16_384)]));
    swarm.connect(one, two);
    swarm.runUntil(1000);
    const arrived = indices.filter((i) => b.log.includes(`100 message piece ${i}+0`));
    expect(b.log.filter((line) => line.includes('message'))).toEqual(
      arrived.flatMap((i) => [`100 message piece ${i}+0`, `100 message piece ${i}+16384`]),
    );
    expect(Math.abs(arrived.length - 280)).toBeLessThan(40);
    expect(b.log.filter((line) => line.includes('pieceStarted'))).toHaveLength(2 * arrived.length);
    expect(a.log.filter((line) => line.includes('sent'))).toHaveLength(800);
  });
});

describe('a split network', () => {
  test('lets nothing through, and all of it, in order, when it heals', () => {
    const swarm = swarmOf();
    const { a, b, one, two } = pick(swarm);
    whenJoined(a, 1, sendOn(1, want(1)));
    a.nextDeadlineMs = 300;
    a.onInput = after(a.onInput, 'time', () => {
      a.nextDeadlineMs = Infinity;
      a.outputs.push(sendOn(1, want(2)), sendOn(1, want(3)));
    });
    swarm.connect(one, two);
    swarm.at(90, () => swarm.partition([one]));
    swarm.at(500, () => swarm.heal());
    swarm.runUntil(400);
    expect([b.log, swarm.connect(two, one)]).toEqual([['100 joined'], undefined]);
    swarm.runUntil(1000);
    expect(b.log).toEqual(['100 joined', '520 message want 1', '520 message want 2', '520 message want 3']);
  });

  test('tells of a close only after it healed, and never of a vanished peer', () => {
    const swarm = swarmOf();
    const { a, one, two, three } = pick(swarm);
    swarm.connect(one, two);
    swarm.connect(one, three);
    swarm.runUntil(200);
    swarm.partition([one]);
    swarm.kill(two);
    swarm.vanish(three);
    swarm.runUntil(500);
    expect(a.log).toEqual(['80 joined', '80 joined']);
    swarm.heal();
    swarm.runUntil(1000);
    expect(a.log).toEqual(['80 joined', '80 joined', '520 left']);
  });
});

describe('a sleeping peer', () => {
  test('gets all that came meanwhile when it wakes, at that time, then its overdue timer', () => {
    const swarm = swarmOf();
    const { a, b, one, two } = pick(swarm);
    whenJoined(a, 1, sendOn(1, want(1)), sendOn(1, want(2)));
    b.nextDeadlineMs = 200;
    b.onInput = after(b.onInput, 'time', () => {
      b.nextDeadlineMs = Infinity;
    });
    swarm.connect(one, two);
    swarm.sleep(two, 5000);
    swarm.runUntil(10_000);
    expect(b.log).toEqual(['5000 joined', '5000 message want 1', '5000 message want 2', '5000 time']);
  });
});

describe('timers', () => {
  test('call at the deadline, and at once if that is over already', () => {
    const swarm = swarmOf();
    const { a, one, two } = pick(swarm);
    const deadlines = [300, 90, 95, 500, Infinity];
    a.onInput = () => {
      a.nextDeadlineMs = deadlines.shift() as number;
    };
    swarm.connect(one, two);
    swarm.runUntil(1000);
    expect(a.log).toEqual(['80 joined', '300 time', '300 time', '300 time', '500 time']);
  });

  test('call at a deadline that moved forward, and not at the one that it moved from', () => {
    const swarm = swarmOf();
    const { a, b, one, two } = pick(swarm);
    const deadlines = [500, 200, Infinity];
    a.onInput = () => {
      a.nextDeadlineMs = deadlines.shift() as number;
    };
    b.onJoined(want(1));
    swarm.connect(one, two);
    swarm.runUntil(1000);
    expect(a.log).toEqual(['80 joined', '120 message want 1', '200 time']);
  });

  test('a peer that asks for ever to be called at once is an error that names it', () => {
    const swarm = swarmOf();
    const { a, one, two } = pick(swarm);
    a.nextDeadlineMs = 0;
    swarm.connect(one, two);
    expect(() => swarm.runUntil(1000)).toThrow('peer 0 asks at 80 ms to be called at once, for the 1000th time');
  });
});

describe('what can not be', () => {
  test('is written down: a block that is not kept', () => {
    const swarm = swarmOf();
    const { a, one, two } = pick(swarm);
    whenJoined(a, 1, { type: 'sendBlock', connection: 1, run: 1, seq: 5, index: 5, begin: 0, blockBytes: 100 });
    swarm.connect(one, two);
    swarm.runUntil(1000);
    expect(swarm.violations).toEqual(['peer 0 at 80 ms: sends block 1/5+0 of 100 bytes, which it does not keep']);
    expect(a.log).toEqual(['80 joined', '80 sent 100']);
  });
});

function after(first: Scripted['onInput'], type: Input['type'], then: () => void): Scripted['onInput'] {
  return (input, nowMs) => {
    first(input, nowMs);
    if (input.type === type) then();
  };
}
