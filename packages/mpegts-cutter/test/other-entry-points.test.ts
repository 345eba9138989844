import { describe, expect, test } from 'vitest';
import { createCutter, type Piece } from '../src/index.js';
import { AAC, AUDIO_PID, H264, pat, pmt } from './muxer.js';
import { entriesOf, filler, key, other, PACKET, sound } from './pictures.js';
import { joined, piecesOf } from './pieces.js';

describe('programs without video', () => {
  const TABLES = [pat(), pmt(AAC)];
  const tables = () => TABLES;

  test('a PAT, the PMT, the start of a sound', () => {
    expect(entriesOf([...tables(), ...sound()])).toEqual([0]);
    expect(entriesOf([...tables(), ...sound().slice(1)])).toEqual([]);
  });

  test('no more than two a second', () => {
    const cutter = createCutter({ pieceBytesMax: 100 * PACKET, holdMsMax: 50 });
    const pieces: Piece[] = [];
    for (let nowMs = 0; nowMs < 10_000; nowMs += 100) {
      pieces.push(...piecesOf(cutter.push(joined([...tables(), ...sound(), ...filler(5)]), nowMs)));
    }
    expect(pieces.filter((piece) => piece.entryOffset !== undefined)).toHaveLength(20);
  });

  test('a stream of private type stands in where there is neither', () => {
    const privateStream = { type: 0x06, pid: AUDIO_PID };
    expect(entriesOf([pat(), pmt(privateStream), ...sound()])).toEqual([0]);
    expect(entriesOf([pat(), pmt({ type: 0x06, pid: 0x70 }, AAC), ...sound()])).toEqual([0]);
  });
});

describe('streams without a keyframe after their tables', () => {
  const TABLES = [pat(), pmt(H264)];
  const tables = () => TABLES;

  /** Times at which a piece with an entry point began, when `packetsAt` tells what comes each 100 ms. */
  function entryTimes(durationMs: number, packetsAt: (nowMs: number) => readonly Uint8Array[]): number[] {
    const cutter = createCutter({ pieceBytesMax: 100 * PACKET, holdMsMax: 0 });
    const pieces: Piece[] = [];
    for (let nowMs = 0; nowMs < durationMs; nowMs += 100) {
      pieces.push(...piecesOf(cutter.push(joined([...packetsAt(nowMs), ...filler(5)]), nowMs)));
    }
    return pieces.filter((piece) => piece.entryOffset !== undefined).map((piece) => piece.sourceTimeMs);
  }

  test('a PAT and a PMT count after 5 s without any entry point, then each 5 s as no keyframe comes', () => {
    const times = entryTimes(21_000, () => [...tables(), ...other()]);
    expect(times).toEqual([5000, 12_000, 17_000]);
  });

  test('with keyframes that have no tables before them they count each 5 s', () => {
    const times = entryTimes(21_000, (nowMs) => [...(nowMs % 1000 === 0 ? key() : other()), ...tables(), ...other()]);
    expect(times).toEqual([5000, 10_000, 15_000, 20_000]);
  });

  test('a keyframe each 10 s is enough: none is added between', () => {
    const times = entryTimes(31_000, (nowMs) => [...tables(), ...(nowMs % 10_000 === 0 ? key() : other())]);
    expect(times).toEqual([0, 10_000, 20_000, 30_000]);
  });

  test('a PAT alone never counts', () => {
    expect(entryTimes(20_000, () => [pat(), ...other()])).toEqual([]);
  });
});
