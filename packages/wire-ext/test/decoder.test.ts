import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, Decoder, encodeMessage, encodePieceHead, type Message } from '../src/index.js';
import { ascii, concat, frame, greeted, HANDSHAKE, IDS, outcome, read, u32 } from './reading.js';

const BLOCK = Uint8Array.from({ length: 16_384 }, (_, i) => i * 7);

describe('a decoder', () => {
  test('announces a block when its head is in, and gives it when it is whole', () => {
    const decoder = greeted();
    const head = encodePieceHead(5, 32_768, BLOCK.length);
    expect(read(decoder, head.subarray(0, 12))).toEqual([]);
    expect(read(decoder, head.subarray(12))).toEqual([
      { ok: true, value: { type: 'piece-started', index: 5, begin: 32_768 } },
    ]);
    expect(read(decoder, BLOCK.subarray(0, 16_383))).toEqual([]);
    expect(read(decoder, BLOCK.subarray(16_383))).toEqual([
      { ok: true, value: { type: 'message', message: { type: 'piece', index: 5, begin: 32_768, block: BLOCK } } },
    ]);
  });

  test('reads from one buffer that is overwritten again and again', () => {
    const sent: Message[] = [
      { type: 'piece', index: 1, begin: 0, block: BLOCK },
      { type: 'offer', header: new Uint8Array(130).fill(3) },
      { type: 'live-have', run: 1, base: 9, bitmap: new Uint8Array(400).fill(7) },
      { type: 'bitfield', bits: new Uint8Array(3000).fill(9) },
      { type: 'piece', index: 2, begin: 16_384, block: BLOCK.subarray(0, 5) },
    ];
    const bytes = concat(HANDSHAKE, ...sent.map((message) => encodeMessage(message, IDS)));
    const buffer = Buffer.alloc(1021);
    const decoder = new Decoder();
    const events = [];
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const part = bytes.subarray(at, at + buffer.length);
      buffer.set(part);
      events.push(...read(decoder, buffer.subarray(0, part.length)));
      buffer.fill(0xee);
    }
    expect(events).toEqual(read(new Decoder(), bytes));
  });

  test('takes a block that lies whole in a chunk that lasts as it is, and copies what is spread over two', () => {
    const bytes = concat(
      ...[1, 2].map((index) => encodeMessage({ type: 'piece', index, begin: 0, block: BLOCK }, IDS)),
    );
    const decoder = greeted();
    const chunks = [bytes.slice(0, BLOCK.length + 100), bytes.slice(BLOCK.length + 100)];
    const blocks = chunks.flatMap((chunk) => {
      decoder.push(chunk, true);
      const events = [];
      for (let event = decoder.next(); event; event = decoder.next()) events.push(event);
      return events.flatMap((event) =>
        event.ok && event.value.type === 'message' && event.value.message.type === 'piece'
          ? [event.value.message.block]
          : [],
      );
    });
    expect(blocks).toEqual([BLOCK, BLOCK]);
    expect(blocks[0]?.buffer).toBe(chunks[0]?.buffer);
    expect(chunks.map(({ buffer }) => buffer)).not.toContain(blocks[1]?.buffer);
  });

  test('gives each block memory of its own, nothing but the block in it', () => {
    const bytes = concat(
      ...[1, 2].map((index) => encodeMessage({ type: 'piece', index, begin: 0, block: BLOCK }, IDS)),
    );
    const blocks = read(greeted(), Buffer.from(bytes)).flatMap((event) =>
      event.ok && event.value.type === 'message' && event.value.message.type === 'piece'
        ? [event.value.message.block]
        : [],
    );
    expect(blocks.map(({ buffer, constructor }) => [buffer.byteLength, constructor])).toEqual([
      [16_384, Uint8Array],
      [16_384, Uint8Array],
    ]);
    expect(blocks[0]?.buffer).not.toBe(blocks[1]?.buffer);
  });

  test('tells a stranger by the first wrong byte', () => {
    expect(read(new Decoder(), ascii('G'))).toEqual([{ ok: false, reason: 'not-bittorrent' }]);
    expect(read(new Decoder(), ascii('\x13BitTorrent protoco'))).toEqual([]);
    expect(read(new Decoder(), ascii('\x13BitTorrent protocoL'))).toEqual([{ ok: false, reason: 'not-bittorrent' }]);
  });

  test('is dead after a refusal: says it once, takes what comes, says no more', () => {
    const decoder = greeted();
    decoder.push(concat(frame(4), frame(0)));
    expect(decoder.next()).toEqual({ ok: false, reason: 'message-length' });
    expect(decoder.next()).toBeUndefined();
    expect(read(decoder, HANDSHAKE, frame(0))).toEqual([]);
  });

  test('skips what it does not know, and goes on', () => {
    const bytes = concat(
      frame(18),
      frame(99, new Uint8Array(5000)),
      frame(20, 77, ascii('de')),
      frame(20, 3, 200, 1, 2),
      frame(20, 2, ascii('d8:msg_typei9e5:piecei0ee')),
      frame(0),
    );
    expect(outcome(bytes)).toEqual([
      { type: 'unknown', id: 18 },
      { type: 'unknown', id: 99 },
      { type: 'unknown', id: 20 },
      { type: 'unknown', id: 20 },
      { type: 'unknown', id: 20 },
      { type: 'choke' },
    ]);
  });

  test('a bitfield of as many pieces as a torrent can have comes back, in chunks as a socket gives them', () => {
    const bits = Uint8Array.from({ length: 262_144 }, (_, at) => at * 31);
    const bytes = encodeMessage({ type: 'bitfield', bits }, {});
    const chunks = Array.from({ length: 5 }, (_, at) => bytes.subarray(at * 65_536, (at + 1) * 65_536));
    const [message] = outcome(...chunks) as Message[];
    if (message?.type !== 'bitfield') throw new Error('expected a bitfield');
    expect(Buffer.compare(message.bits, bits)).toBe(0);
  });

  test('reads an unknown reason to decline as busy, to close as other', () => {
    expect(outcome(frame(20, 3, 7, ...u32(1), ...u32(0), ...u32(4), 9))).toEqual([
      { type: 'decline', run: 1, seq: 4, why: 'busy' },
    ]);
    expect(outcome(frame(20, 3, 11, 250))).toEqual([{ type: 'close', reason: 'other' }]);
  });

  test('keeps the order of a neighbour: a handshake comes once, a second one is no message', () => {
    expect(outcome(HANDSHAKE)).toBe('message-too-long');
  });
});

describe('a limit holds on both sides', () => {
  const length = (bytes: number, ...head: number[]) => Uint8Array.of(...u32(bytes), ...head);

  test.each<[string, Uint8Array, Message[] | string]>([
    ['a message of the longest length', length(65_536, 99), []],
    ['one byte longer', length(65_537, 99), 'message-too-long'],
    ['a bitfield of 2097152 pieces', length(1 + 262_144, 5), []],
    ['one byte longer', length(2 + 262_144, 5), 'message-too-long'],
    ['4 GiB', length(0xffffffff), 'message-too-long'],
    ['a whole block', length(9 + 16_384, 7), []],
    ['one byte more', length(10 + 16_384, 7), 'block-length'],
    ['an empty block', length(9, 7), 'block-length'],
    ['an extended handshake of the longest length', length(2 + 16_384, 20, 0), []],
    ['one byte longer', length(3 + 16_384, 20, 0), 'message-too-long'],
    ['peer exchange of the longest length', length(2 + 16_384, 20, 1), []],
    ['one byte longer', length(3 + 16_384, 20, 1), 'message-too-long'],
    ['metadata of the longest length', length(2 + 16_384 + 512, 20, 2), []],
    ['one byte longer', length(3 + 16_384 + 512, 20, 2), 'message-too-long'],
    ['a live message of the longest length', length(2 + 8192, 20, 3), []],
    ['one byte longer', length(3 + 8192, 20, 3), 'message-too-long'],
    ['an extended message with no id', length(1, 20), 'message-length'],
    ['a bitfield of nothing', length(1, 5), 'message-length'],
  ])('%s', (_, bytes, expected) => {
    expect(outcome(bytes)).toEqual(expected);
  });

  test.each([0, 1, 2, 3])('message %i has no body', (id) => {
    expect(outcome(frame(id))).toHaveLength(1);
    expect(outcome(frame(id, 0))).toBe('message-length');
  });

  test.each([
    [4, 4],
    [6, 12],
    [8, 12],
    [9, 2],
  ])('message %i has a body of %i bytes', (id, bytes) => {
    expect(outcome(frame(id, new Uint8Array(bytes).fill(0, 0, -1).fill(1, -1)))).toHaveLength(1);
    expect(outcome(frame(id, new Uint8Array(bytes - 1)))).toBe('message-length');
    expect(outcome(frame(id, new Uint8Array(bytes + 1)))).toBe('message-length');
  });

  test.each([6, 8])('message %i speaks of 1 to 16384 bytes', (id) => {
    const asks = (bytes: number) => frame(id, ...u32(1), ...u32(0), ...u32(bytes));
    expect(outcome(asks(1))).toHaveLength(1);
    expect(outcome(asks(16_384))).toHaveLength(1);
    expect(outcome(asks(0))).toBe('block-length');
    expect(outcome(asks(16_385))).toBe('block-length');
  });

  test.each<[string, Uint8Array, boolean]>([
    ['header of 512 bytes', Uint8Array.of(4, ...new Uint8Array(512)), true],
    ['header of 513 bytes', Uint8Array.of(4, ...new Uint8Array(513)), false],
    ['header of 0 bytes', Uint8Array.of(3), false],
    ['certificate of 115 bytes', Uint8Array.of(1, ...new Uint8Array(115)), false],
    ['certificate of 117 bytes', Uint8Array.of(1, ...new Uint8Array(117)), false],
    ['proof of 63 bytes', Uint8Array.of(2, ...u32(1), ...new Uint8Array(63)), false],
    ['proof of 65 bytes', Uint8Array.of(2, ...u32(1), ...new Uint8Array(65)), false],
    ['bitmap of 4096 bytes', Uint8Array.of(6, ...u32(1), ...u32(0), ...u32(0), ...new Uint8Array(4096)), true],
    ['bitmap of 4097 bytes', Uint8Array.of(6, ...u32(1), ...u32(0), ...u32(0), ...new Uint8Array(4097)), false],
    ['bitmap of 0 bytes', Uint8Array.of(6, ...u32(1), ...u32(0), ...u32(0)), false],
    ['sequence number a byte short', Uint8Array.of(9, ...u32(1), ...u32(0), 0, 0, 1), false],
    ['sequence number a byte long', Uint8Array.of(9, ...u32(1), ...u32(0), ...u32(0), 1), false],
    ['decline with no reason', Uint8Array.of(7, ...u32(1), ...u32(0), ...u32(0)), false],
    ['close with no reason', Uint8Array.of(11), false],
    ['close with two', Uint8Array.of(11, 1, 1), false],
    ['no type', Uint8Array.of(), false],
  ])('%s', (_, payload, isAccepted) => {
    const got = outcome(frame(20, 3, payload));
    if (isAccepted) expect(got).toHaveLength(1);
    else expect(got).toBe('live-length');
  });

  test.each([2, 5, 7, 8, 9, 10, 6])('live message %i: no run 0, no number above 2^53−1', (type) => {
    const rest = { 2: 64, 7: 1, 6: 1 }[type] ?? 0;
    const live = (run: number, high: number, low: number) =>
      frame(20, 3, type, ...u32(run), ...(type === 2 ? [] : [...u32(high), ...u32(low)]), new Uint8Array(rest));
    expect(outcome(live(1, 0, 0))).toHaveLength(1);
    expect(outcome(live(0, 0, 0))).toBe('live-number');
    if (type === 2) return;
    // A bitmap's last bit is a number too.
    const lowMax = type === 6 ? 0xffffffff - 7 : 0xffffffff;
    expect(outcome(live(0xffffffff, 0x1fffff, lowMax))).toHaveLength(1);
    expect(outcome(live(1, 0x1fffff + (type === 6 ? 0 : 1), type === 6 ? lowMax + 1 : 0))).toBe('live-number');
    expect(outcome(live(1, 0xffffffff, 0xffffffff))).toBe('live-number');
  });

  test('unknown bytes in a row are counted, frames included; only a known message ends the row', () => {
    const limits = { ...DEFAULT_LIMITS, unknownBytesMax: 100 };
    const reasons = (...sent: Uint8Array[]) => read(greeted(limits), ...sent).flatMap((e) => (e.ok ? [] : [e.reason]));
    const [fifty, keepAlive, choke] = [frame(99, new Uint8Array(45)), new Uint8Array(4), frame(0)];
    expect(reasons(fifty, fifty)).toEqual([]);
    expect(reasons(fifty, fifty, frame(99))).toEqual(['unknown-flood']);
    expect(reasons(fifty, keepAlive, fifty, keepAlive, frame(20, 9))).toEqual(['unknown-flood']);
    expect(reasons(fifty, fifty, frame(20, 3, 200))).toEqual(['unknown-flood']);
    expect(reasons(fifty, fifty, choke, fifty, fifty)).toEqual([]);
    const block = encodeMessage({ type: 'piece', index: 0, begin: 0, block: BLOCK }, IDS);
    expect(reasons(fifty, fifty, block, fifty, fifty)).toEqual([]);
  });
});

describe('a caller is told its mistake', () => {
  test('no chunk', () => {
    expect(() => new Decoder().push('x' as never)).toThrow(TypeError);
  });

  test('a chunk before the events of the last are taken', () => {
    const decoder = new Decoder();
    decoder.push(HANDSHAKE);
    expect(() => decoder.push(HANDSHAKE)).toThrow(/expected next\(\) to have returned undefined, got 68 bytes left/);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a limit of %d', (blockBytesMax) => {
    expect(() => new Decoder({ ...DEFAULT_LIMITS, blockBytesMax })).toThrow(
      `expected blockBytesMax as a whole number above 0, got ${blockBytesMax}`,
    );
  });
});
