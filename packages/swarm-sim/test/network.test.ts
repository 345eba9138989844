import type { Input } from '@tstream/peer-core';
import { describe, expect, test } from 'vitest';
import { pick, piece, SLOW_LINE, sendOn, want, whenJoined } from './actors.js';
import { Scripted } from './scripted.js';
import { swarmOf } from './worlds.js';

describe('connections', () => {
  test("the called joins when the caller's handshake comes, the caller when the answer to it does", () => {
    const swarm = swarmOf({ delayMs: (from, to) => (from < to ? 10 : 30) });
    const { a, b, one, two } = pick(swarm);
    expect(swarm.connect(one, two)).toBe(1);
    swarm.runUntil(1000);
    expect([a.log, b.log]).toEqual([['80 joined'], ['50 joined']]);
    const joined = { type: 'joined', connection: 1 };
    expect(a.told[0]?.input).toEqual({ ...joined, peerId: two.id, group: 'line of 1', incoming: false });
    expect(b.told[0]?.input).toEqual({ ...joined, peerId: one.id, group: 'line of 0', incoming: true });
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
      '60 joined',
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
    expect([b.log, c.log]).toEqual([['60 joined'], ['60 joined']]);
  });

  test('a peer that dies while it calls joins nobody, and leaves who has its handshake', () => {
    const swarm = swarmOf();
    const { a, b, one, two } = pick(swarm);
    swarm.connect(one, two);
    swarm.at(50, () => swarm.kill(one));
    swarm.runUntil(1000);
    expect([a.log, b.log]).toEqual([[], ['60 joined', '70 left']]);
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
    expect([b.log, swarm.connect(two, one)]).toEqual([['60 joined'], undefined]);
    swarm.runUntil(1000);
    expect(b.log).toEqual(['60 joined', '520 message want 1', '520 message want 2', '520 message want 3']);
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
    expect(a.log).toEqual(['80 joined', '80 message want 1', '200 time']);
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
