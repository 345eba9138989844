import { describe, expect, test } from 'vitest';
import { FAST_LINE } from '../src/index.js';
import { pick, piece, SLOW_LINE, sendOn, want, whenJoined } from './actors.js';
import { Scripted } from './scripted.js';
import { swarmOf } from './worlds.js';

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
    expect(b.log).toEqual(['60 joined', '100 pieceStarted 1+0', '431 message piece 1+0']);
    expect(c.log).toEqual(['60 joined', '100 pieceStarted 2+0', '431 message piece 2+0', '431 message want 3']);
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
    expect(c.log).toEqual(['60 joined', ...short.map(({ seq }) => `${inMs[seq]} message want ${seq}`)]);
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
    expect(b.log).toEqual(['60 joined', '100 pieceStarted 1+0', '265 message piece 1+0', '431 message want 3']);
    expect(c.log).toEqual(['60 joined', '265 pieceStarted 2+0', '431 message piece 2+0']);
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
      '60 joined',
      '60 joined',
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
    expect(b.log).toEqual(['60 joined', '100 pieceStarted 1+0', '265 message piece 1+0']);
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
