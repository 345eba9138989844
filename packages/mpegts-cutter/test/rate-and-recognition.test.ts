import { describe, expect, test } from 'vitest';
import { isTransportStream, measureBitrate } from '../src/index.js';
import { clip } from './clip.js';
import { packet } from './muxer.js';
import { joined } from './pieces.js';

const MS = 27_000;
const CYCLE = 2 ** 33 * 300;
const PLAIN = packet({ pid: 0x100, payload: new Uint8Array(100) });
const plain = (): Uint8Array => PLAIN;
const clock = (pcr: number, pid = 0x100, timeBreak = false): Uint8Array =>
  packet({ pid, pcr: ((pcr % CYCLE) + CYCLE) % CYCLE, timeBreak });
/** Ten packets each 40 ms, from a time on. */
const stretch = (count: number, fromPcr = 0): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => [
    clock(fromPcr + index * 40 * MS),
    ...Array.from({ length: 9 }, plain),
  ]).flat();
const RATE = (10 * 188 * 8 * 1000) / 40;

describe('measureBitrate', () => {
  test('bytes between clock references over the time between them', () => {
    expect(measureBitrate(joined(stretch(20)))).toBe(RATE);
  });

  test('from anywhere in a stream', () => {
    expect(measureBitrate(joined(stretch(25)).subarray(5 * 188 + 77))).toBe(RATE);
  });

  test('across the wrap of the clock', () => {
    expect(measureBitrate(joined(stretch(20, CYCLE - 300 * MS)))).toBe(RATE);
  });

  test('jumps of the clock are left out', () => {
    expect(measureBitrate(joined([...stretch(20), ...stretch(20)]))).toBe(RATE);
    expect(measureBitrate(joined([...stretch(20), ...stretch(20, 3_600_000 * MS)]))).toBe(RATE);
    const anew = stretch(20, 5000 * MS).with(0, clock(5000 * MS, 0x100, true));
    expect(measureBitrate(joined([...stretch(20), ...anew]))).toBe(RATE);
  });

  test('the references of a second PID are left out', () => {
    const mixed = stretch(20).flatMap((one, index) => (index % 10 === 9 ? [clock(index * 999, 0x200)] : [one]));
    expect(measureBitrate(joined(mixed))).toBe(RATE);
  });

  test('undefined when the clock covers less than half a second', () => {
    expect(measureBitrate(joined(stretch(13)))).toBeUndefined();
    expect(measureBitrate(joined(stretch(14)))).toBe(RATE);
    expect(measureBitrate(joined(Array.from({ length: 1000 }, plain)))).toBeUndefined();
    expect(measureBitrate(new Uint8Array(100_000))).toBeUndefined();
    expect(measureBitrate(new Uint8Array(0))).toBeUndefined();
  });

  test('the embedded clip: its bytes in 8 s', () => {
    const bitsPerSecond = measureBitrate(clip()) as number;
    expect(Math.abs(bitsPerSecond / clip().length - 1)).toBeLessThan(0.01);
  });
});

describe('isTransportStream', () => {
  const text = (content: string) => new TextEncoder().encode(content);

  test.each<[string, Uint8Array, boolean]>([
    ['the embedded clip', clip().subarray(0, 65_536), true],
    ['one that begins inside of a packet', clip().subarray(100, 2000), true],
    ['one after garbage', joined([new Uint8Array(60_000), clip().subarray(0, 2000)]), true],
    ['a single packet', plain(), true],
    ['part of a packet', plain().subarray(0, 187), false],
    ['nothing', new Uint8Array(0), false],
    ['zeros', new Uint8Array(70_000), false],
    ['TypeScript', text("export const GREETING = 'Good morning, Georgia';\n".repeat(100)), false],
    ['short text that begins with G', text(`G${'o'.repeat(300)}`), false],
    [
      'packets of 192 bytes (M2TS)',
      joined(Array.from({ length: 20 }, () => joined([new Uint8Array(4), plain()]))),
      false,
    ],
    ['packets of 204 bytes', joined(Array.from({ length: 20 }, () => joined([plain(), new Uint8Array(16)]))), false],
  ])('%s', (_what, prefix, expected) => {
    expect(isTransportStream(prefix)).toBe(expected);
  });
});
