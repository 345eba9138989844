import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPcrPacer, type Run } from '../src/index.js';
import { clip } from './clip.js';
import { packet } from './muxer.js';
import { isSame, joined, portions } from './pieces.js';

const MS = 27_000;
const CYCLE = 2 ** 33 * 300;
const PACKET = 188;
const PID = 0x100;
const PLAIN = packet({ pid: PID, payload: new Uint8Array(100) });
const plain = (): Uint8Array => PLAIN;
const clock = (pcr: number, pid = PID): Uint8Array => packet({ pid, pcr: ((pcr % CYCLE) + CYCLE) % CYCLE });
const timeBreak = (pcr: number): Uint8Array => packet({ pid: PID, pcr, timeBreak: true });
/** A clock reference and nine packets, for each of the given times. */
const groups = (pcrs: readonly number[]): Uint8Array[] =>
  pcrs.flatMap((pcr) => [clock(pcr), ...Array.from({ length: 9 }, plain)]);

/** 1.504 Mbit/s are one packet a millisecond. */
const FALLBACK = { fallbackBitsPerSecond: PACKET * 8 * 1000 };

function pace(parts: readonly Uint8Array[], config = FALLBACK): Run[] {
  const pacer = createPcrPacer(config);
  return [...parts.flatMap((part) => pacer.push(part)), ...pacer.flush()];
}

/** When the packet of this number is due. */
function dueOf(runs: readonly Run[], packetNumber: number): number {
  let at = 0;
  for (const { bytes, dueMs } of runs) {
    at += bytes.length;
    if (at > packetNumber * PACKET) return dueMs;
  }
  throw new RangeError(`packetNumber: expected one of the runs, got ${packetNumber}`);
}

/** When the packets that open the groups are due. */
const dueOfGroups = (runs: readonly Run[], count: number) =>
  Array.from({ length: count }, (_, index) => dueOf(runs, index * 10));

describe('by the clock', () => {
  test('a packet with a clock reference is due as long after the first one as its clock says', () => {
    const pcrs = [0, 40, 100, 105, 1105, 1106].map((ms) => 5_000_000 + ms * MS);
    expect(dueOfGroups(pace([joined(groups(pcrs))]), 6)).toEqual([0, 40, 100, 105, 1105, 1106]);
  });

  test('what stands between two references is spread in runs of at most 20 ms', () => {
    const runs = pace([joined(groups([0, 100 * MS]))]).slice(0, 5);
    expect(runs.map((run) => [run.bytes.length / PACKET, run.dueMs])).toEqual([
      [2, 0],
      [2, 20],
      [2, 40],
      [2, 60],
      [2, 80],
    ]);
  });

  test('what stands before the first reference is due at once', () => {
    const runs = pace([joined([plain(), plain(), ...groups([0, 40 * MS, 80 * MS])])]);
    expect([0, 2, 12, 22].map((number) => dueOf(runs, number))).toEqual([0, 0, 40, 80]);
  });

  test('the clock wraps after 26.5 hours without a jump', () => {
    const pcrs = [-60, -20, 20, 60].map((ms) => CYCLE + ms * MS);
    expect(dueOfGroups(pace([joined(groups(pcrs))]), 4)).toEqual([0, 40, 80, 120]);
  });

  test('the references of other PIDs do not count', () => {
    const strange = clock(77_000_000, 0x200);
    const parts = groups([0, 40 * MS]).flatMap((one) => [one, strange]);
    expect(dueOf(pace([joined(parts)]), 20)).toBe(40);
  });

  test('runs are known as soon as the reference after them', () => {
    const pacer = createPcrPacer(FALLBACK);
    const parts = groups([0, 40 * MS]);
    expect(pacer.push(joined(parts.slice(0, 10)))).toEqual([]);
    const runs = pacer.push(joined(parts.slice(10)));
    expect(runs.reduce((sum, run) => sum + run.bytes.length, 0)).toBe(10 * PACKET);
  });

  test('a second input goes on where the first ends', () => {
    const pacer = createPcrPacer(FALLBACK);
    const first = [...pacer.push(joined(groups([0, 10 * MS]))), ...pacer.flush()];
    const second = [...pacer.push(joined(groups([700 * MS, 710 * MS]))), ...pacer.flush()];
    expect(dueOfGroups([...first, ...second], 4)).toEqual([0, 10, 20, 30]);
  });
});

describe('where the clock is broken', () => {
  // The mean rate before the break is a packet per 4 ms.
  const before = [0, 40 * MS, 80 * MS];

  test.each([
    ['goes back', clock(10 * MS)],
    ['goes back a little', clock(79 * MS)],
    ['jumps ahead by more than 10 s', clock((80 + 10_001) * MS)],
    ['says that it begins anew', timeBreak(100 * MS)],
  ])('a clock that %s: the bytes before go at the mean rate, then the new clock counts', (_what, broken) => {
    const pcr = readClock(broken);
    const rest = [...Array.from({ length: 9 }, plain), ...groups([pcr + 33 * MS, pcr + 66 * MS])];
    const runs = pace([joined([...groups(before), broken, ...rest])]);
    expect(dueOfGroups(runs, 6)).toEqual([0, 40, 80, 120, 153, 186]);
  });

  test('10 s without a reference are kept', () => {
    expect(dueOfGroups(pace([joined(groups([0, 10_000 * MS]))]), 2)).toEqual([0, 10_000]);
  });

  test('the end of the input goes at the mean rate', () => {
    const runs = pace([joined([...groups(before), ...Array.from({ length: 100 }, plain)])]);
    expect(dueOf(runs, 129) - 80).toBeGreaterThan(410);
    expect(dueOf(runs, 129) - 80).toBeLessThanOrEqual(436);
  });

  test('without any reference: the fallback rate', () => {
    const runs = pace([joined(Array.from({ length: 8000 }, plain))]);
    for (const number of [0, 1000, 4321, 7999]) {
      expect(dueOf(runs, number)).toBeLessThanOrEqual(number);
      expect(dueOf(runs, number)).toBeGreaterThan(number - 21);
    }
  });

  test('when the references of a PID stop for a MiB, those of another one are taken', () => {
    const silent = Array.from({ length: 6000 }, plain);
    const pcrs = [0, 500 * MS, 1000 * MS];
    const other = pcrs.flatMap((pcr) => [clock(pcr, 0x200), ...Array.from({ length: 9 }, plain)]);
    const runs = pace([joined([...groups(before), ...silent, ...other])]);
    const [first, second, third] = [6030, 6040, 6050].map((number) => dueOf(runs, number)) as [number, number, number];
    expect([second - first, third - second]).toEqual([500, 500]);
  });

  test('holds back no more than a MiB and a portion', () => {
    const pacer = createPcrPacer(FALLBACK);
    let heldBytes = 0;
    for (let round = 0; round < 50; round += 1) {
      const part = round === 0 ? joined(groups([0])) : joined(Array.from({ length: 300 }, plain));
      heldBytes += part.length - pacer.push(part).reduce((sum, run) => sum + run.bytes.length, 0);
      expect(heldBytes).toBeLessThan(1_048_576 + 65_536);
    }
  });
});

function readClock(one: Uint8Array): number {
  const view = new DataView(one.buffer);
  return (view.getUint32(6) * 2 + (view.getUint16(10) >> 15)) * 300 + (view.getUint16(10) & 0x1ff);
}

describe('laws of the pacer', () => {
  const anyClock = fc
    .record({ pcr: fc.nat(CYCLE - 1), timeBreak: fc.boolean() })
    .map(({ pcr, timeBreak }) => packet({ pid: PID, pcr, timeBreak }));
  const anyStream = fc
    .array(
      fc.oneof(
        { weight: 5, arbitrary: fc.constant(plain()) },
        { weight: 2, arbitrary: anyClock },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
      ),
      {
        maxLength: 60,
      },
    )
    .map((parts) => joined(parts));

  test('any bytes, any portions ⇒ the runs put together are the input; due times never go down', () => {
    fc.assert(
      fc.property(anyStream, fc.array(fc.nat(20_000), { maxLength: 10 }), (stream, places) => {
        const runs = pace(portions(stream, places));
        expect(isSame(joined(runs.map((run) => run.bytes)), stream)).toBe(true);
        for (const [index, run] of runs.entries()) {
          expect(run.bytes.length).toBeGreaterThan(0);
          expect(Number.isSafeInteger(run.dueMs)).toBe(true);
          expect(run.dueMs).toBeGreaterThanOrEqual(runs[index - 1]?.dueMs ?? 0);
        }
      }),
    );
  });

  test('same input, other portions ⇒ each byte due at the same time', () => {
    fc.assert(
      fc.property(anyStream, fc.array(fc.nat(20_000), { maxLength: 10 }), (stream, places) => {
        const dueTimes = (runs: readonly Run[]) => runs.map((run) => [run.dueMs, run.bytes.length]);
        expect(dueTimes(pace(portions(stream, places)))).toEqual(dueTimes(pace([stream])));
      }),
    );
  });
});

test('the embedded clip lasts 8 s and never pauses for more than 81 ms', () => {
  const runs = pace([clip()]);
  const last = runs.at(-1)?.dueMs as number;
  expect(last).toBeGreaterThan(7900);
  expect(last).toBeLessThan(8000);
  const steps = runs.slice(1).map((run, index) => run.dueMs - (runs[index] as Run).dueMs);
  expect(Math.max(...steps)).toBeLessThanOrEqual(81);
});

test.each([0, -1, Number.NaN, Infinity])('a fallback of %d bits per second is refused', (fallbackBitsPerSecond) => {
  expect(() => createPcrPacer({ fallbackBitsPerSecond })).toThrow(
    /fallbackBitsPerSecond: expected a number above 0, got/,
  );
});
