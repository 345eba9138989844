import { describe, expect, test } from 'vitest';
import { Tally } from '../src/metrics/tally.js';
import { Viewing } from '../src/metrics/viewing.js';
import { VideoSchedule } from '../src/video.js';

/** Pieces of 100 ms, made from the beginning; counted from 1 s on. */
const VIDEO = new VideoSchedule({ bitsPerSecond: 80_000, pieceBytes: 1000, entryEverySeconds: 1 });

function watch({ lagMs, bornMs = 0 }: { readonly lagMs?: number; readonly bornMs?: number } = {}) {
  const tally = new Tally();
  const held = new Set<number>();
  const due: [seq: number, inTime: boolean][] = [];
  const measure = {
    video: VIDEO,
    fromMs: 1000,
    piecesMax: 1000,
    lagMs,
  };
  const note = (seq: number, inTime: boolean) => due.push([seq, inTime]);
  const viewing = new Viewing(measure, (seq) => held.has(seq), tally, bornMs, note);
  const arrives = (seq: number, atMs: number) => {
    held.add(seq);
    viewing.whole(seq, atMs);
  };
  /** Has pieces come 30 ms after they were made and read 500 ms after their first byte. */
  const plays = (fromSeq: number, toSeq: number) => {
    for (let seq = fromSeq; seq <= toSeq; seq += 1) {
      arrives(seq, VIDEO.wholeMs(seq) + 30);
      viewing.read(seq, VIDEO.firstByteMs(seq) + 500);
    }
  };
  return { viewing, tally, due, arrives, plays };
}

describe('with a fixed lag', () => {
  test('a piece is lost that is not whole when its first byte is as old as the lag', () => {
    const { viewing, tally, due, arrives, plays } = watch({ lagMs: 500 });
    plays(0, 20);
    arrives(22, VIDEO.firstByteMs(22) + 500);
    arrives(23, VIDEO.firstByteMs(23) + 501);
    viewing.end(2800);
    expect(due.slice(-4)).toEqual([
      [20, true],
      [21, false],
      [22, true],
      [23, false],
    ]);
    // Pieces made before 1 s don't count.
    expect([tally.due, tally.inTime]).toEqual([14, 12]);
  });

  test('what is not due at the end does not count', () => {
    const { viewing, due, plays } = watch({ lagMs: 500 });
    plays(0, 20);
    viewing.end(2000);
    expect(due.at(-1)).toEqual([15, true]);
  });
});

describe('with a lag of its own', () => {
  test('the piece that the reader stalls for is late, those behind it are not', () => {
    const { viewing, tally, due, arrives, plays } = watch();
    plays(0, 14);
    viewing.stalled(15, 2000);
    arrives(15, 2300);
    viewing.resumed(2300);
    for (const seq of [15, 16]) viewing.read(seq, VIDEO.firstByteMs(seq) + 800);
    viewing.end(2400);
    expect(due).toEqual([
      [10, true],
      [11, true],
      [12, true],
      [13, true],
      [14, true],
      [15, false],
      [16, true],
    ]);
    expect([tally.stalls, tally.stallMs, tally.longestStallMs, tally.stalledPeers]).toEqual([1, 300, 300, 1]);
  });

  test('of dropped pieces those are lost that are not there', () => {
    const { viewing, due, arrives, plays } = watch();
    plays(0, 14);
    arrives(16, 1800);
    viewing.dropped(18);
    viewing.end(1900);
    expect(due.slice(-3)).toEqual([
      [15, false],
      [16, true],
      [17, false],
    ]);
  });

  test('a stall that never ends: all that was due by then and is not there is lost', () => {
    const { viewing, tally, due, plays } = watch();
    plays(0, 14);
    viewing.stalled(15, 2000);
    viewing.end(4000);
    // Read at 500 ms behind the source before it stalled: at 4 s piece 35 is due.
    expect(due.at(-1)).toEqual([35, false]);
    expect([tally.due, tally.inTime, tally.stallMs]).toEqual([26, 5, 2000]);
  });
});

describe('a viewer that never begins', () => {
  test('has lost what is made from 5 s after it came', () => {
    const { viewing, tally, due } = watch({ bornMs: 2000 });
    viewing.end(8000);
    expect(due[0]).toEqual([70, false]);
    expect([tally.due, tally.inTime, tally.startUpMs]).toEqual([11, 0, [6000]]);
  });

  test('and came less than 5 s ago is not counted', () => {
    const { viewing, tally } = watch({ bornMs: 2000 });
    viewing.end(6000);
    expect([tally.due, tally.startUpMs]).toEqual([0, []]);
  });
});

test('start-up, lag and diffusion are counted where they happen', () => {
  const { tally, plays } = watch({ bornMs: 100 });
  plays(0, 30);
  expect(tally.startUpMs).toEqual([400]);
  expect(tally.lag.quantiles()).toMatchObject({ p50: 500, max: 500 });
  expect(tally.diffusion.quantiles()).toMatchObject({ p50: 30, max: 30 });
});

describe('variable bitrate', () => {
  const video = new VideoSchedule({
    bitsPerSecond: 80_000,
    pieceBytes: 3000,
    entryEverySeconds: 0.25,
    pieces: [500, 1500],
  });

  test('all pieces last equally long, and the mean is the bitrate', () => {
    expect(video.pieceMs).toBe(100);
    expect([0, 1, 2, 3].map((seq) => video.payloadBytes(seq))).toEqual([500, 1500, 500, 1500]);
  });

  test('the first piece in each interval holds an entry point', () => {
    const entries = Array.from({ length: 11 }, (_, seq) => seq).filter((seq) => video.isEntry(seq));
    expect(entries).toEqual([0, 3, 5, 8, 10]);
  });

  test('the first piece since a time has no byte from before', () => {
    expect([0, 1, 100, 101, 250].map((ms) => video.firstSince(ms))).toEqual([0, 1, 1, 2, 3]);
  });
});
