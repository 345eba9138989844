/** Run and sequence numbers of live messages, on their way out. */
import { writeU32, writeU64 } from './big-endian.js';

/** @throws {RangeError} If the run isn't 1..4294967295, or the sequence number not 0..seqMax. */
export function writeNumbers(bytes: Uint8Array, at: number, run: number, seq: number, seqMax: number): void {
  writeU32(bytes, at, checkedRun(run));
  writeSeq(bytes, at + 4, seq, seqMax);
}

/** @throws {RangeError} If it isn't 0..seqMax. */
export function writeSeq(bytes: Uint8Array, at: number, seq: number, seqMax: number): void {
  if (!Number.isSafeInteger(seq) || seq < 0 || seq > seqMax) {
    throw new RangeError(`expected a sequence number 0..${seqMax}, got ${seq}`);
  }
  writeU64(bytes, at, seq);
}

/** @throws {RangeError} If it isn't runMin..4294967295. */
export function checkedRun(run: number, runMin: 0 | 1 = 1): number {
  if (Number.isInteger(run) && run >= runMin && run <= 0xffffffff) return run;
  throw new RangeError(`expected a run ${runMin}..4294967295, got ${run}`);
}

/** The highest base whose bitmap ends at or below the highest sequence number. */
export function lastBase(bitmapBytes: number): number {
  return Number.MAX_SAFE_INTEGER - 8 * bitmapBytes + 1;
}
