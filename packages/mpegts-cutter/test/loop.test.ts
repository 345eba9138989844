import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLooper, createLoopRewriter } from '../src/index.js';
import { clip } from './clip.js';
import { AUDIO_PID, bytes, counted, H264, nullPacket, packet, pat, pes, pmt, split, VIDEO_PID } from './muxer.js';
import { isSame, joined, portions } from './pieces.js';
import { clocksOf, countersOf, stampsOf } from './read-times.js';

const PACKET = 188;
const CYCLE = 2 ** 33;

/** The passes of a stream, one after the other. */
function passes(stream: Uint8Array, count: number): Uint8Array {
  const rewriter = createLoopRewriter();
  return joined(Array.from({ length: count }, () => [rewriter.rewrite(stream), rewriter.nextLoop()]).flat());
}

const steps = (values: readonly number[], cycle: number) =>
  values.slice(1).map((value, index) => (value - (values[index] as number) + cycle) % cycle);

describe('the embedded clip, four times', () => {
  const source = clip();
  const looped = createLooper(source).read((4 * source.length) / PACKET);

  test('the first time it is as it was', () => {
    expect(isSame(looped.subarray(0, source.length), source)).toBe(true);
  });

  test('each further time only clocks, stamps and counters differ', () => {
    for (let pass = 1; pass < 4; pass += 1) {
      const changed = source.filter((byte, at) => byte !== looped[pass * source.length + at]).length;
      expect(changed).toBeLessThan((source.length / PACKET) * 6);
    }
  });

  test('a picture each 40 ms and a sound each 1024 samples, over each seam', () => {
    const { pts, dts } = stampsOf(looped);
    expect(pts.get(VIDEO_PID)).toHaveLength(800);
    expect(pts.get(AUDIO_PID)).toHaveLength(1500);
    expect(new Set(steps(pts.get(VIDEO_PID) as number[], CYCLE))).toEqual(new Set([3600]));
    expect(new Set(steps(pts.get(AUDIO_PID) as number[], CYCLE))).toEqual(new Set([1920]));
    expect(dts).toEqual(pts);
  });

  test('the clock goes up, by at most 100 ms, and stays as far before the pictures', () => {
    const clocks = clocksOf(looped).get(VIDEO_PID) as number[];
    expect(Math.max(...steps(clocks, CYCLE * 300))).toBeLessThanOrEqual(100 * 27_000);
    expect(Math.min(...steps(clocks, CYCLE * 300))).toBeGreaterThan(0);
  });

  test('no continuity counter skips', () => {
    for (const counters of countersOf(looped).values()) expect(new Set(steps(counters, 16))).toEqual(new Set([1]));
  });

  test('a looper gives the same in portions of any size', () => {
    const looper = createLooper(source);
    const parts = [1, 5000, 3, 2048, 1, 4].map((packets) => looper.read(packets));
    const whole = joined(parts);
    expect(isSame(whole, looped.subarray(0, whole.length))).toBe(true);
  });
});

describe('time', () => {
  const video = (dts: number, pts = dts) =>
    pes({
      pid: VIDEO_PID,
      streamId: 0xe0,
      pts,
      ...(pts !== dts && { dts }),
      content: new Uint8Array(200),
      pcr: ((dts + CYCLE - 9000) % CYCLE) * 300,
    });
  const pictures = (from: number, count: number, step = 3600) =>
    Array.from({ length: count }, (_, index) => video((from + index * step) % CYCLE)).flat();

  test('stamps and clock wrap at 33 bits', () => {
    const { pts } = stampsOf(passes(joined(pictures(CYCLE - 5 * 3600, 7)), 4));
    const expected = Array.from({ length: 28 }, (_, index) => (CYCLE - 5 * 3600 + index * 3600) % CYCLE);
    expect(pts.get(VIDEO_PID)).toEqual(expected);
  });

  test('a few passes later as well', () => {
    const looped = passes(joined(pictures(CYCLE - 9_500_000, 3, 900_000)), 8);
    expect(new Set(steps(stampsOf(looped).dts.get(VIDEO_PID) as number[], CYCLE))).toEqual(new Set([900_000]));
    expect(new Set(steps(clocksOf(looped).get(VIDEO_PID) as number[], CYCLE * 300))).toEqual(new Set([900_000 * 300]));
  });

  test('with B-frames the decoding time goes on, and PTS keep their distance', () => {
    const order = [0, 3, 1, 2, 6, 4, 5];
    const stream = joined(order.flatMap((shown, index) => video(90_000 + index * 3600, 90_000 + (shown + 2) * 3600)));
    const { pts, dts } = stampsOf(passes(stream, 3));
    expect(new Set(steps(dts.get(VIDEO_PID) as number[], CYCLE))).toEqual(new Set([3600]));
    const shown = [...(pts.get(VIDEO_PID) as number[])].sort((a, b) => a - b);
    expect(new Set(steps(shown, CYCLE))).toEqual(new Set([3600]));
  });

  test('the longest stream decides', () => {
    const long = pes({ pid: AUDIO_PID, streamId: 0xc0, pts: 180_000, content: new Uint8Array(20) });
    const start = pes({ pid: AUDIO_PID, streamId: 0xc0, pts: 150_000, content: new Uint8Array(20) });
    const { pts } = stampsOf(passes(joined([...start, ...pictures(90_000, 3), ...long]), 2));
    expect(pts.get(AUDIO_PID)).toEqual([150_000, 180_000, 210_000, 240_000]);
    expect(pts.get(VIDEO_PID)?.[3]).toBe(150_000);
  });

  test('subtitles do not last until the next one', () => {
    const subtitle = (pts: number) => pes({ pid: 0x300, streamId: 0xbd, pts, content: new Uint8Array(20) });
    const stream = joined([...subtitle(90_000), ...pictures(90_000, 30), ...subtitle(180_000)]);
    expect(stampsOf(passes(stream, 2)).pts.get(VIDEO_PID)?.[30]).toBe(90_000 + 30 * 3600);
  });

  test('a clock that outlasts all streams goes up at the seam', () => {
    const late = packet({ pid: VIDEO_PID, pcr: 900_000 * 300 });
    const clocks = clocksOf(passes(joined([...pictures(90_000, 3), late]), 2)).get(VIDEO_PID) as number[];
    expect(clocks[4]).toBeGreaterThan(clocks[3] as number);
    expect((clocks[4] as number) - (clocks[3] as number)).toBeLessThanOrEqual(600);
  });

  test('the original clock reference moves with the clock reference', () => {
    const both = packet({ pid: VIDEO_PID, pcr: 81_000 * 300 + 77, opcr: 70_000 * 300 + 299 });
    const looped = passes(joined([both, ...pictures(90_000, 10)]), 2);
    const second = looped.subarray(looped.length / 2, looped.length / 2 + PACKET);
    const moved = packet({
      pid: VIDEO_PID,
      pcr: 117_000 * 300 + 77,
      opcr: 106_000 * 300 + 299,
      counter: second[3] as number,
    });
    expect(isSame(second, moved)).toBe(true);
  });

  test('a stream with neither clock nor stamps is only counted on', () => {
    const stream = joined(
      counted([
        pat(),
        pmt(H264),
        ...Array.from({ length: 5 }, () => packet({ pid: 0x55, payload: new Uint8Array(9) })),
      ]),
    );
    const looped = passes(stream, 2);
    expect(countersOf(looped).get(0x55)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  const NO_HEADER = [0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff];
  const header = (streamId: number) => [0, 0, 1, streamId, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1];
  test.each([
    ...NO_HEADER.map((id) => [`PES packets of stream id ${id}, which have no such header`, header(id)] as const),
    ['PES packets without stamps', [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0]] as const,
    ['PES packets with stamps that are not allowed (01)', header(0xe0).with(7, 0x40)] as const,
    ['PES headers too short for their stamps', header(0xe0).with(8, 4)] as const,
    ['PES headers of MPEG-1', header(0xe0).with(6, 0x21)] as const,
    ['sections', [0, 2, 0x80, 0xe0, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1]] as const,
    ['PES headers that go on in the next packet', header(0xe0).slice(0, 13)] as const,
    ['PES headers that begin at the end of a packet', header(0xe0).slice(0, 8)] as const,
    ['payloads that do not begin anything', header(0xe0)] as const,
  ])('%s are left alone', (what, payload) => {
    const one = packet({ pid: 0x60, start: !what.startsWith('payloads'), payload: Uint8Array.from(payload) });
    const looped = passes(joined([one, ...pictures(90_000, 10)]), 2);
    const second = looped.subarray(looped.length / 2);
    expect(isSame(second.subarray(4, PACKET), one.subarray(4))).toBe(true);
  });
});

describe('sound whose PES packets hold different numbers of frames', () => {
  /** One PES packet per count of frames, stamped by what stands before it. */
  function sound(frame: Uint8Array, frameTicks: number, counts: readonly number[]): Uint8Array {
    let frames = 0;
    const packets = counts.flatMap((count) => {
      const pts = 90_000 + Math.round(frames * frameTicks);
      frames += count;
      return pes({ pid: AUDIO_PID, streamId: 0xc0, pts, content: joined(Array(count).fill(frame)) });
    });
    return joined(packets);
  }
  const adts = (rateIndex: number, length: number, blocks = 0) =>
    bytes(
      [
        0xff,
        0xf1,
        0x40 | (rateIndex << 2),
        0x80 | (length >> 11),
        (length >> 3) & 0xff,
        ((length & 7) << 5) | 0x1f,
        0xfc | blocks,
      ],
      new Uint8Array(length - 7),
    );
  const mpeg = (head: readonly number[], length: number) => bytes(head, new Uint8Array(length - head.length));
  const cases: [string, Uint8Array, number][] = [
    ['AAC at 48 kHz', adts(3, 171), 1920],
    ['AAC at 44.1 kHz', adts(4, 213), (1024 * 90_000) / 44_100],
    ['AAC, two blocks a frame', adts(3, 400, 1), 3840],
    ['MPEG-1 layer II, 192 kbit/s at 48 kHz', mpeg([0xff, 0xfd, 0xa4, 0], 576), 2160],
    ['MPEG-1 layer II, 192 kbit/s at 44.1 kHz, padded', mpeg([0xff, 0xfd, 0xa2, 0], 627), (1152 * 90_000) / 44_100],
    ['MPEG-1 layer III, 128 kbit/s at 32 kHz', mpeg([0xff, 0xfb, 0x98, 0], 576), 3240],
    ['MPEG-2 layer III, 64 kbit/s at 24 kHz', mpeg([0xff, 0xf3, 0x84, 0], 192), 2160],
    ['MPEG-2 layer II, 64 kbit/s at 24 kHz', mpeg([0xff, 0xf5, 0x84, 0], 384), 4320],
    ['MPEG-2.5 layer III, 16 kbit/s at 12 kHz', mpeg([0xff, 0xe3, 0x24, 0], 96), 4320],
  ];

  test.each(cases)('%s: the second pass begins where the last frame ends', (_what, frame, frameTicks) => {
    const pts = stampsOf(passes(sound(frame, frameTicks, [6, 7, 6, 2]), 2)).pts.get(AUDIO_PID) as number[];
    expect((pts[4] as number) - 90_000).toBe(Math.round(19 * frameTicks) + Math.round(2 * frameTicks));
  });

  test.each([
    ['unknown sound', mpeg([0x0b, 0x77, 0, 0], 400)],
    ['a reserved sampling rate', mpeg([0xff, 0xfd, 0xac, 0], 400)],
    ['a reserved version', mpeg([0xff, 0xed, 0xa4, 0], 400)],
    ['a free bit rate', mpeg([0xff, 0xfd, 0x04, 0], 400)],
    ['a bit rate of all ones', mpeg([0xff, 0xfd, 0xf4, 0], 400)],
    ['layer I', mpeg([0xff, 0xff, 0xa4, 0], 400)],
    ['an AAC frame of no length', bytes([0xff, 0xf1, 0x4c, 0x80, 0, 0x1f, 0xfc], new Uint8Array(400))],
    ['AAC at a reserved sampling rate', adts(13, 400)],
  ])('%s: the last PES packet counts as long as the one before', (_what, frame) => {
    const pts = stampsOf(passes(sound(frame, 2000, [2, 2, 3, 1]), 2)).pts.get(AUDIO_PID) as number[];
    expect((pts[4] as number) - 90_000).toBe(10 * 2000);
  });
});

describe('continuity counters', () => {
  test('packets without a payload do not count, also at the seam', () => {
    const bare = packet({ pid: VIDEO_PID, pcr: 0 });
    const full = packet({ pid: VIDEO_PID, payload: new Uint8Array(9) });
    for (const order of [[bare, full, full], [full, bare, full], [full, full, bare], [bare]]) {
      const looped = passes(joined(counted([...order, ...order])), 4);
      const packets = split(looped, PACKET);
      const expected = counted(packets);
      for (const [index, one] of packets.entries()) {
        expect((one[3] as number) & 15).toBe(((expected[index] as Uint8Array)[3] as number) & 15);
      }
    }
  });

  test('a jump inside of the stream stays where it is', () => {
    const one = (counter: number) => packet({ pid: 0x55, counter, payload: new Uint8Array(9) });
    const looped = passes(joined([one(3), one(4), one(9), one(10), one(11)]), 3);
    expect(countersOf(looped).get(0x55)).toEqual([3, 4, 9, 10, 11, 12, 13, 2, 3, 4, 5, 6, 11, 12, 13]);
  });

  test('stuffing packets stay as they are', () => {
    const stream = joined([nullPacket(), nullPacket(), nullPacket(), nullPacket(), nullPacket()]);
    expect(isSame(passes(stream, 2), joined([stream, stream]))).toBe(true);
  });
});

describe('laws of the rewriter', () => {
  const source = clip();

  test('any portions ⇒ the same', () => {
    const stream = source.subarray(0, 400 * PACKET);
    const expected = passes(stream, 3);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 20 }), (places) => {
        const rewriter = createLoopRewriter();
        const out = Array.from({ length: 3 }, () => [
          ...portions(stream, places).map((part) => rewriter.rewrite(part)),
          rewriter.nextLoop(),
        ]);
        expect(isSame(joined(out.flat()), expected)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('any bytes ⇒ nothing thrown, whole packets', () => {
    const anyPacket = fc
      .uint8Array({ minLength: 187, maxLength: 187 })
      .map((rest) => joined([Uint8Array.of(0x47), rest]));
    const anyStream = fc
      .array(fc.oneof({ weight: 6, arbitrary: anyPacket }, { weight: 1, arbitrary: fc.uint8Array() }))
      .map((parts) => joined(parts));
    fc.assert(
      fc.property(anyStream, (stream) => {
        const looped = passes(stream, 3);
        expect(looped.length % (3 * PACKET)).toBe(0);
        for (const one of split(looped, PACKET)) expect(one[0]).toBe(0x47);
      }),
    );
  });
});

describe("the caller's mistakes", () => {
  test('a clip without packets', () => {
    expect(() => createLooper(new Uint8Array(1000))).toThrow(/clip: expected a transport stream, got 1000 other bytes/);
  });

  test.each([0, -1, 1.5, Number.NaN])('reading %d packets', (packets) => {
    expect(() => createLooper(clip()).read(packets)).toThrow(/packets: expected 1.., got/);
  });
});
