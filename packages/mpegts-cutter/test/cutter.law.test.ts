import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCutter, type Piece } from '../src/index.js';
import { H264, packet, pat, pes, pmt, VIDEO_PID } from './muxer.js';
import { isSame, joined, piecesOf, portions, skippedBytesOf } from './pieces.js';

const PACKET = 188;

const anyPacket = fc
  .record({
    pid: fc.integer({ min: 0, max: 0x1fff }),
    start: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 150 }),
    randomAccess: fc.boolean(),
  })
  .map((fields) => [packet(fields)]);
const tables = fc.constant([pat(), pmt(H264)]);
const picture = fc
  .record({ randomAccess: fc.boolean(), content: fc.uint8Array({ maxLength: 600 }) })
  .map((fields) => pes({ pid: VIDEO_PID, streamId: 0xe0, pts: 900, ...fields }));
const cleanStream = fc
  .array(fc.oneof(anyPacket, tables, picture), { minLength: 1, maxLength: 40 })
  .map((groups) => joined(groups.flat()));
/** A stream with garbage between its packets. */
const dirtyStream = fc
  .array(fc.oneof({ weight: 6, arbitrary: cleanStream }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) }), {
    maxLength: 6,
  })
  .map((parts) => joined(parts));
const places = fc.array(fc.nat(200_000), { maxLength: 30 });
const pieceBytesMax = fc.integer({ min: PACKET, max: 20 * PACKET });

/** Pushes portions, each `stepMs` after the one before, and polls when it is due. */
function cutAll(parts: readonly Uint8Array[], config: { pieceBytesMax: number; holdMsMax: number }, stepMs: number) {
  const cutter = createCutter(config);
  const pieces: Piece[] = [];
  let skippedBytes = 0;
  let nowMs = 0;
  const take = (cut: ReturnType<typeof cutter.push>) => {
    pieces.push(...piecesOf(cut));
    skippedBytes += skippedBytesOf(cut);
  };
  for (const part of parts) {
    while (cutter.nextDeadlineMs < nowMs) take(cutter.poll(cutter.nextDeadlineMs));
    take(cutter.push(part, nowMs));
    nowMs += stepMs;
  }
  const end = cutter.flush(nowMs);
  if (end.ok) take(end);
  return { pieces, skippedBytes, isStream: end.ok };
}

/** As plain values, which are compared a hundred times faster than arrays of bytes. */
function cutAsText(parts: readonly Uint8Array[], config: { pieceBytesMax: number; holdMsMax: number }) {
  const { pieces, ...rest } = cutAll(parts, config, 0);
  return {
    ...rest,
    pieces: pieces.map((piece) => ({ ...piece, payload: Buffer.from(piece.payload).toString('base64') })),
  };
}

describe('laws of the cutter', () => {
  test('clean stream, any portions, any pace ⇒ payloads ≡ input', () => {
    fc.assert(
      fc.property(cleanStream, places, pieceBytesMax, fc.nat(300), (stream, places, pieceBytesMax, stepMs) => {
        const { pieces, skippedBytes } = cutAll(portions(stream, places), { pieceBytesMax, holdMsMax: 250 }, stepMs);
        expect(isSame(joined(pieces.map((piece) => piece.payload)), stream)).toBe(true);
        expect(skippedBytes).toBe(0);
        expect(pieces.every((piece) => !piece.discontinuity)).toBe(true);
      }),
    );
  });

  test('any input ⇒ whole packets with sync bytes, at most pieceBytesMax; an entry point is a PAT', () => {
    fc.assert(
      fc.property(dirtyStream, places, pieceBytesMax, fc.nat(300), (stream, places, pieceBytesMax, stepMs) => {
        const { pieces } = cutAll(portions(stream, places), { pieceBytesMax, holdMsMax: 250 }, stepMs);
        for (const { payload, entryOffset } of pieces) {
          expect(payload.length % PACKET).toBe(0);
          expect(payload.length).toBeGreaterThan(0);
          expect(payload.length).toBeLessThanOrEqual(pieceBytesMax);
          for (let at = 0; at < payload.length; at += PACKET) expect(payload[at]).toBe(0x47);
          if (entryOffset !== undefined)
            expect(Array.from(payload.subarray(entryOffset, entryOffset + 3))).toEqual([0x47, 0x40, 0]);
        }
      }),
    );
  });

  test('same input, other portions ⇒ same pieces', () => {
    fc.assert(
      fc.property(dirtyStream, places, pieceBytesMax, (stream, places, pieceBytesMax) => {
        const config = { pieceBytesMax, holdMsMax: 250 };
        expect(cutAsText(portions(stream, places), config)).toEqual(cutAsText([stream], config));
      }),
    );
  });

  test('any bytes ⇒ nothing thrown, and each byte is in a piece or skipped', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 10 });
    fc.assert(
      fc.property(
        fc.oneof(
          parts,
          dirtyStream.map((stream) => [stream]),
        ),
        (parts) => {
          const { pieces, skippedBytes, isStream } = cutAll(parts, { pieceBytesMax: 10 * PACKET, holdMsMax: 250 }, 40);
          const total = parts.reduce((sum, part) => sum + part.length, 0);
          const cutBytes = pieces.reduce((sum, piece) => sum + piece.payload.length, 0);
          if (isStream) expect(cutBytes + skippedBytes).toBe(total);
          else expect(cutBytes).toBe(0);
        },
      ),
    );
  });

  test('source time = when the first byte of the piece came in; no piece waits longer than the hold', () => {
    fc.assert(
      fc.property(
        cleanStream,
        places,
        fc.array(fc.nat(400), { minLength: 31, maxLength: 31 }),
        (stream, places, stepsMs) => {
          const cutter = createCutter({ pieceBytesMax: 6 * PACKET, holdMsMax: 250 });
          const arrivals: { endByte: number; nowMs: number }[] = [];
          let pushedBytes = 0;
          let cutBytes = 0;
          let nowMs = 0;
          const arrivedMs = (offset: number) => arrivals.find(({ endByte }) => endByte > offset)?.nowMs as number;
          const take = (pieces: readonly Piece[], atMs: number) => {
            for (const { payload, sourceTimeMs } of pieces) {
              // The first five packets are recognised together.
              if (cutBytes < 5 * PACKET) expect(sourceTimeMs).toBeLessThanOrEqual(arrivedMs(cutBytes));
              else {
                expect(sourceTimeMs).toBe(arrivedMs(cutBytes));
                // A packet that comes in parts may have waited longer when it is whole: then its piece is closed at once.
                expect(atMs).toBeLessThanOrEqual(Math.max(sourceTimeMs + 250, arrivedMs(cutBytes + PACKET - 1)));
              }
              cutBytes += payload.length;
            }
          };
          for (const [index, part] of portions(stream, places).entries()) {
            nowMs += stepsMs[index] as number;
            while (cutter.nextDeadlineMs < nowMs) {
              const dueMs = cutter.nextDeadlineMs;
              take(piecesOf(cutter.poll(dueMs)), dueMs);
            }
            pushedBytes += part.length;
            arrivals.push({ endByte: pushedBytes, nowMs });
            take(piecesOf(cutter.push(part, nowMs)), nowMs);
          }
          take(piecesOf(cutter.flush(nowMs)), nowMs);
          expect(cutBytes).toBe(stream.length);
        },
      ),
    );
  });

  test('whatever comes, it holds back less than a piece and five packets', () => {
    fc.assert(
      fc.property(dirtyStream, fc.uint8Array({ minLength: 100, maxLength: 2000 }), (stream, garbage) => {
        const cutter = createCutter({ pieceBytesMax: 6 * PACKET, holdMsMax: 250 });
        const start = joined(Array.from({ length: 5 }, () => packet({ pid: 1 })));
        let heldBytes = 0;
        for (const part of [start, ...Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? garbage : stream))]) {
          const cut = cutter.push(part, 0);
          const cutBytes = piecesOf(cut).reduce((sum, piece) => sum + piece.payload.length, 0);
          heldBytes += part.length - cutBytes - skippedBytesOf(cut);
          expect(heldBytes).toBeLessThan(11 * PACKET);
        }
      }),
      { numRuns: 30 },
    );
  });
});
