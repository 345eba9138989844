import { describe, expect, test } from 'vitest';
import { createCutter } from '../src/index.js';
import { packet } from './muxer.js';
import { isSame, joined, piecesOf, skippedBytesOf } from './pieces.js';

const PACKET = 188;
const HOLD = { pieceBytesMax: 10 * PACKET, holdMsMax: 250 };

/** Packets that can be told apart. */
const PLAIN = Array.from({ length: 256 }, (_, index) => packet({ pid: 0x50, payload: Uint8Array.of(index) }));
const plain = (count: number, first = 0): Uint8Array =>
  joined(Array.from({ length: count }, (_, index) => PLAIN[(first + index) % 256] as Uint8Array));

describe('closing', () => {
  test('closes a piece when it is full, and not before', () => {
    const cutter = createCutter(HOLD);
    expect(piecesOf(cutter.push(plain(9), 0))).toEqual([]);
    expect(piecesOf(cutter.push(plain(1), 1))).toMatchObject([{ sourceTimeMs: 0, discontinuity: false }]);
    expect(cutter.nextDeadlineMs).toBe(Infinity);
  });

  test('closes a piece when its first byte has waited for the hold, and not before', () => {
    const cutter = createCutter(HOLD);
    cutter.push(plain(5), 1000);
    cutter.push(plain(1), 1100);
    expect(cutter.nextDeadlineMs).toBe(1250);
    expect(piecesOf(cutter.poll(1249))).toEqual([]);
    const pieces = piecesOf(cutter.poll(1250));
    expect(pieces.map((piece) => [piece.payload.length, piece.sourceTimeMs])).toEqual([[6 * PACKET, 1000]]);
    expect(cutter.nextDeadlineMs).toBe(Infinity);
  });

  test('a push after the deadline closes the old piece before it takes the new bytes', () => {
    const cutter = createCutter(HOLD);
    cutter.push(plain(5), 0);
    const pieces = piecesOf(cutter.push(plain(1), 300));
    expect(pieces.map((piece) => piece.payload.length)).toEqual([5 * PACKET]);
    expect(cutter.nextDeadlineMs).toBe(550);
  });

  test('a burst becomes many pieces at once', () => {
    const cutter = createCutter({ pieceBytesMax: 16_384, holdMsMax: 250 });
    const burst = plain(5577);
    const pieces = piecesOf(cutter.push(burst, 0));
    expect(pieces).toHaveLength(64);
    expect(pieces.every((piece) => piece.payload.length === 87 * PACKET)).toBe(true);
    const end = piecesOf(cutter.flush(0));
    expect(isSame(joined([...pieces, ...end].map((piece) => piece.payload)), burst)).toBe(true);
  });

  test('uses the whole packets of pieceBytesMax', () => {
    const cutter = createCutter({ pieceBytesMax: 2 * PACKET - 1, holdMsMax: 250 });
    expect(piecesOf(cutter.push(plain(5), 0)).map((piece) => piece.payload.length)).toEqual(Array(5).fill(PACKET));
  });

  test('a piece does not change when more comes in', () => {
    const cutter = createCutter(HOLD);
    const input = plain(10);
    const [piece] = piecesOf(cutter.push(input, 0));
    input.fill(0);
    cutter.push(plain(10, 100), 0);
    expect(isSame((piece as { payload: Uint8Array }).payload, plain(10))).toBe(true);
  });

  test('flush closes the open piece and leaves out a partial packet', () => {
    const cutter = createCutter(HOLD);
    cutter.push(joined([plain(6), plain(1).subarray(0, 100)]), 0);
    const cut = cutter.flush(10);
    expect(piecesOf(cut).map((piece) => piece.payload.length)).toEqual([6 * PACKET]);
    expect(skippedBytesOf(cut)).toBe(100);
    expect(piecesOf(cutter.flush(10))).toEqual([]);
  });

  test('what comes after a flush is another input: a discontinuity', () => {
    const cutter = createCutter(HOLD);
    cutter.push(plain(6), 0);
    cutter.flush(0);
    cutter.push(plain(3), 10);
    expect(piecesOf(cutter.flush(20))).toMatchObject([{ discontinuity: true, sourceTimeMs: 10 }]);
  });
});

describe('synchronising', () => {
  test('skips what stands before the first packet; that alone is no discontinuity', () => {
    const cutter = createCutter(HOLD);
    const cut = cutter.push(joined([new Uint8Array(1000).fill(0x47, 300, 500), plain(10)]), 0);
    expect(skippedBytesOf(cut)).toBe(1000);
    expect(piecesOf(cut)).toMatchObject([{ discontinuity: false }]);
  });

  test('an input that begins inside of a packet loses that packet', () => {
    const cutter = createCutter(HOLD);
    const cut = cutter.push(plain(11).subarray(100), 0);
    expect(skippedBytesOf(cut)).toBe(88);
    expect(piecesOf(cut).map((piece) => isSame(piece.payload, plain(10, 1)))).toEqual([true]);
  });

  test('garbage inside closes the piece before it and marks the one after it', () => {
    const cutter = createCutter(HOLD);
    const cut = cutter.push(joined([plain(6), new Uint8Array(77), plain(10), plain(10)]), 0);
    expect(skippedBytesOf(cut)).toBe(77);
    expect(piecesOf(cut).map((piece) => [piece.payload.length, piece.discontinuity])).toEqual([
      [6 * PACKET, false],
      [10 * PACKET, true],
      [10 * PACKET, false],
    ]);
  });

  test('a damaged sync byte costs its packet only', () => {
    const input = plain(20);
    input[7 * PACKET] = 0;
    const cutter = createCutter(HOLD);
    const pieces = [...piecesOf(cutter.push(input, 0)), ...piecesOf(cutter.flush(0))];
    expect(isSame(joined(pieces.map((piece) => piece.payload)), joined([plain(7), plain(12, 8)]))).toBe(true);
  });

  test('four sync bytes are chance, five are a stream', () => {
    const cutter = createCutter(HOLD);
    cutter.push(plain(6), 0);
    cutter.poll(250);
    const lookalike = joined([new Uint8Array(1), plain(4), new Uint8Array(400)]);
    expect(piecesOf(cutter.push(joined([lookalike, plain(9)]), 300))).toEqual([]);
    const [piece] = piecesOf(cutter.poll(550));
    expect(piece?.payload.length).toBe(9 * PACKET);
    expect(piece?.discontinuity).toBe(true);
  });

  test('five sync bytes are enough, the last packet need not be whole', () => {
    const cutter = createCutter({ pieceBytesMax: PACKET, holdMsMax: 250 });
    expect(piecesOf(cutter.push(plain(5).subarray(0, 4 * PACKET), 0))).toHaveLength(0);
    expect(piecesOf(cutter.push(plain(5).subarray(4 * PACKET, 4 * PACKET + 1), 0))).toHaveLength(4);
  });

  test('an input of fewer than five packets is taken at its end', () => {
    const cutter = createCutter(HOLD);
    expect(piecesOf(cutter.push(plain(2), 5))).toEqual([]);
    expect(piecesOf(cutter.flush(9))).toMatchObject([{ sourceTimeMs: 5 }]);
  });
});

describe('refusing', () => {
  const refusal = { ok: false, reason: 'not-a-transport-stream' };
  const text = new TextEncoder().encode('This is no transport stream. Good grief! '.repeat(1700));

  test.each([64, 65_536 - 600, 100_000])('refuses 64 KiB without sync, in portions of %i bytes', (portionBytes) => {
    const cutter = createCutter(HOLD);
    let refusedAfter = 0;
    for (let at = 0; at < text.length && refusedAfter === 0; at += portionBytes) {
      if (!cutter.push(text.subarray(at, at + portionBytes), 0).ok)
        refusedAfter = Math.min(at + portionBytes, text.length);
    }
    expect(refusedAfter).toBeGreaterThan(65_536);
    expect(refusedAfter).toBeLessThanOrEqual(65_536 + 5 * PACKET + portionBytes);
    expect(cutter.push(plain(10), 0)).toEqual(refusal);
  });

  test('64 KiB before the first packet are forgiven, a byte more is not', () => {
    for (const [skippedBytes, isStream] of [
      [65_536, true],
      [65_537, false],
    ] as const) {
      expect(createCutter(HOLD).push(joined([new Uint8Array(skippedBytes), plain(6)]), 0).ok).toBe(isStream);
    }
  });

  test.each([1, 500, 2 * 4 * PACKET, 60_000])(
    'refuses an input of %i bytes at its end, and is then ready for another one',
    (bytes) => {
      const cutter = createCutter(HOLD);
      expect(cutter.push(text.subarray(0, bytes), 0).ok).toBe(true);
      expect(cutter.flush(0)).toEqual(refusal);
      cutter.push(plain(6), 0);
      expect(piecesOf(cutter.flush(0))).toMatchObject([{ discontinuity: false }]);
    },
  );

  test('an empty input is no failure', () => {
    expect(createCutter(HOLD).flush(0)).toEqual({ ok: true, value: { pieces: [], skippedBytes: 0 } });
  });

  test('garbage after a first packet is skipped without end', () => {
    const cutter = createCutter(HOLD);
    cutter.push(plain(6), 0);
    const skipped = [1, 2, 3].map(() => skippedBytesOf(cutter.push(new Uint8Array(100_000), 0)));
    expect(skipped.reduce((sum, bytes) => sum + bytes)).toBeGreaterThan(299_000);
    cutter.push(plain(7), 0);
    expect(piecesOf(cutter.flush(0)).map((piece) => piece.payload.length)).toEqual([7 * PACKET]);
  });
});

describe("the caller's mistakes", () => {
  test.each([
    [{ pieceBytesMax: 187, holdMsMax: 250 }, /pieceBytesMax: expected an integer from 188, got 187/],
    [{ pieceBytesMax: 1000.5, holdMsMax: 250 }, /pieceBytesMax/],
    [{ pieceBytesMax: 188, holdMsMax: -1 }, /holdMsMax: expected an integer from 0, got -1/],
    [{ pieceBytesMax: 188, holdMsMax: Infinity }, /holdMsMax/],
  ])('%j', (config, message) => {
    expect(() => createCutter(config)).toThrow(message);
  });

  test('a clock that goes back or is none', () => {
    const cutter = createCutter(HOLD);
    cutter.push(plain(1), 100);
    expect(() => cutter.poll(99)).toThrow(/nowMs: expected an integer from 100, got 99/);
    expect(() => cutter.push(plain(1), 100.5)).toThrow(RangeError);
    expect(() => cutter.flush(Number.NaN)).toThrow(RangeError);
  });
});
