import { describe, expect, it } from 'vitest';
import { type Candidate, Candidates } from '../src/candidates.js';

const nobody = () => false;
/** The middle of the spread, so that waits are as stated. */
const middle = (below: number) => Math.floor(below / 2);

function waits(
  candidates: Candidates,
  candidate: Candidate,
  outcome: Parameters<Candidates['ended']>[1],
  times: number,
) {
  const waits: number[] = [];
  for (let nowMs = 0; waits.length < times; ) {
    candidates.ended(candidate, outcome, nowMs);
    waits.push(candidate.nextTryMs - nowMs);
    nowMs = candidate.nextTryMs;
    if (candidates.take(nowMs, true, nobody) !== candidate) break;
  }
  return waits;
}

describe('whom to dial next', () => {
  it('takes what a person named first, then the source, then what trackers and neighbours tell', () => {
    const candidates = new Candidates(middle);
    candidates.addTold([{ address: '192.0.2.3', port: 1 }], 'pex');
    candidates.addTold([{ address: '192.0.2.4', port: 1 }], 'tracker');
    candidates.addLasting({ host: 'source.example', port: 1 }, 'source');
    candidates.addLasting({ host: 'friend.example', port: 1 }, 'explicit');
    const order = [0, 0, 0, 0, 0].map(() => candidates.take(0, true, nobody)?.where.host);
    expect(order).toEqual(['friend.example', 'source.example', '192.0.2.4', '192.0.2.3', undefined]);
  });

  it('tries the source for ever, from every half second to every five', () => {
    const candidates = new Candidates(middle);
    candidates.addLasting({ host: 'source.example', port: 1 }, 'source');
    const source = candidates.take(0, true, nobody) as Candidate;
    expect(waits(candidates, source, 'unreachable', 8)).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000, 5000]);
  });

  it('begins anew when it has answered in between', () => {
    const candidates = new Candidates(middle);
    candidates.addLasting({ host: 'source.example', port: 1 }, 'source');
    const source = candidates.take(0, true, nobody) as Candidate;
    waits(candidates, source, 'unreachable', 5);
    candidates.answered(source);
    candidates.ended(source, 'lost', 100_000);
    expect(source.nextTryMs).toBe(100_500);
  });

  it('does not knock at somebody else’s server every few seconds', () => {
    const candidates = new Candidates(middle);
    candidates.addLasting({ host: 'tracker.example', port: 80 }, 'source');
    const candidate = candidates.take(0, true, nobody) as Candidate;
    expect(waits(candidates, candidate, 'stranger', 5)).toEqual([500, 1000, 2000, 300_000, 300_000]);
  });

  it('gives up on others after three tries', () => {
    const candidates = new Candidates(middle);
    candidates.addTold([{ address: '192.0.2.4', port: 1 }], 'tracker');
    const candidate = candidates.take(0, true, nobody) as Candidate;
    waits(candidates, candidate, 'unreachable', 3);
    expect(candidates.size).toBe(0);
  });

  it('forgets ourselves', () => {
    const candidates = new Candidates(middle);
    candidates.addTold([{ address: '192.0.2.4', port: 1 }], 'tracker');
    candidates.ended(candidates.take(0, true, nobody) as Candidate, 'self', 0);
    expect(candidates.size).toBe(0);
  });

  it('tries only lasting ones while no more neighbours are wanted, and nobody who is one already', () => {
    const candidates = new Candidates(middle);
    candidates.addTold([{ address: '192.0.2.4', port: 1 }], 'tracker');
    expect(candidates.take(0, false, nobody)).toBeUndefined();
    candidates.addLasting({ host: 'friend.example', port: 1 }, 'explicit');
    const friend = candidates.take(0, false, nobody) as Candidate;
    candidates.ended(friend, 'lost', 0, 'aa');
    expect(candidates.take(1000, false, ({ peerId }) => peerId === 'aa')).toBeUndefined();
    expect(candidates.take(1000, false, nobody)).toBe(friend);
  });

  it('holds at most 500, and drops no lasting one', () => {
    const candidates = new Candidates(middle);
    candidates.addLasting({ host: 'friend.example', port: 1 }, 'explicit');
    for (let port = 1; port <= 1000; port += 1) candidates.addTold([{ address: '192.0.2.4', port }], 'pex');
    expect(candidates.size).toBe(500);
    expect(candidates.take(0, true, nobody)?.where.host).toBe('friend.example');
    expect(candidates.take(0, true, nobody)?.where.port).toBe(502);
  });
});
