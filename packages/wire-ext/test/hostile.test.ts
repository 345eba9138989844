import { fc, test as law } from '@fast-check/vitest';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Decoder, encodeMessage } from '../src/index.js';
import { messages } from './arbitraries.js';
import { ascii, concat, cut, frame, greeted, HANDSHAKE, IDS, outcome, read, u32 } from './reading.js';

const RUNS = { numRuns: 500 };

describe('a decoder never throws, whatever comes', () => {
  law.prop([fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 5 })], RUNS)('bytes', (bytes, cuts) => {
    const whole = read(new Decoder(), bytes);
    expect(read(new Decoder(), ...cut(bytes, cuts))).toEqual(whole);
  });

  law.prop([fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 5 })], RUNS)(
    'bytes behind a handshake',
    (bytes, cuts) => {
      expect(read(greeted(), ...cut(bytes, cuts))).toEqual(read(greeted(), bytes));
    },
  );

  const heads = fc.constantFrom([20, 0], [20, 1], [20, 2], [20, 3], [4], [5], [6], [7], [8], [9]);
  law.prop([heads, fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 5 })], { numRuns: 1000 })(
    'well-framed bytes',
    (head, body, cuts) => {
      const bytes = concat(frame(...head, body), frame(0));
      const whole = read(greeted(), bytes);
      expect(whole.length).toBeGreaterThan(0);
      expect(read(greeted(), ...cut(bytes, cuts))).toEqual(whole);
    },
  );

  law.prop([fc.array(messages, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(255)], RUNS)(
    'one altered byte',
    (sent, at, byte) => {
      const bytes = concat(HANDSHAKE, ...sent.map((message) => encodeMessage(message, IDS)));
      bytes[at % bytes.length] = byte;
      const events = read(new Decoder(), bytes);
      expect(events.slice(0, -1).every((event) => event.ok)).toBe(true);
    },
  );

  const words = fc.constantFrom(
    'd',
    'l',
    'e',
    'i0e',
    '1:m',
    '7:ts_live',
    '-3:',
    '99999999999:',
    '5:added',
    '1:v',
    'i-0e',
  );
  law.prop([fc.constantFrom(0, 1, 2), fc.array(words, { maxLength: 12 })], RUNS)('words of bencode', (id, text) => {
    const got = outcome(frame(20, id, ascii(text.join(''))));
    expect(typeof got === 'string' || got.length === 1).toBe(true);
  });
});

describe('hostile bencode is refused', () => {
  const deep = (open: string, depth: number) => `${open.repeat(depth)}${'e'.repeat(depth)}`;

  test.each([
    ['a negative length', 'l-3:e'],
    ['the same inside a handshake', 'd1:v-3:e'],
    ['depth', deep('l', 8000)],
    ['depth inside a field', `d1:m${deep('d1:a', 1000)}e`],
    ['a huge string', 'd1:v9999999999:xe'],
    ['a truncated string', 'd1:v5:abce'],
    ['a key twice', 'd1:pi1e1:pi2ee'],
    ['unsorted keys', 'd1:v1:x1:pi1ee'],
    ['a leading zero', 'd1:pi01ee'],
    ['minus zero', 'd1:pi-0ee'],
    ['bytes behind it', 'dee'],
    ['no dictionary', 'le'],
    ['nothing', ''],
    ['thousands of values', `d1:ml${'i0e'.repeat(5000)}ee`],
  ])('%s', (_, text) => {
    expect(outcome(frame(20, 0, ascii(text)))).toBe('bencode');
    expect(outcome(frame(20, 1, ascii(text)))).toBe('bencode');
  });

  test('a key that names the prototype changes nothing', () => {
    expect(outcome(frame(20, 0, ascii('d9:__proto__d7:ts_livei9ee1:md9:__proto__i7eee')))).toEqual([
      { type: 'extended-handshake', ids: {} },
    ]);
    expect(({} as Record<string, unknown>)['ts_live']).toBeUndefined();
  });
});

describe('memory', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** Bytes of all arrays made meanwhile by their length. */
  function reserved(act: () => void): number {
    let bytes = 0;
    const counting = new Proxy(Uint8Array, {
      construct(target, args: [unknown]) {
        if (typeof args[0] === 'number') bytes += args[0];
        return Reflect.construct(target, args);
      },
    });
    vi.stubGlobal('Uint8Array', counting);
    act();
    vi.unstubAllGlobals();
    return bytes;
  }

  test.each([
    ['a bitfield', Uint8Array.of(...u32(65_536), 5)],
    ['a block', Uint8Array.of(...u32(16_393), 7, ...u32(0), ...u32(0))],
    ['an extended handshake', Uint8Array.of(...u32(16_386), 20, 0)],
    ['a bitmap', Uint8Array.of(...u32(4111), 20, 3, 6)],
    ['an unknown message', Uint8Array.of(...u32(65_536), 99)],
  ])('%s that only is announced reserves at most one block', (_, head) => {
    const [decoder, first] = [greeted(), Uint8Array.of(1)];
    expect(reserved(() => read(decoder, head, first))).toBeLessThanOrEqual(16_384 + 1);
  });

  test('a slow bitfield never holds more than what came and one block', () => {
    const decoder = greeted();
    read(decoder, Uint8Array.of(...u32(65_536), 5));
    const chunk = new Uint8Array(1000);
    let held = 0;
    for (let received = chunk.length; received < 65_000; received += chunk.length) {
      // A new array replaces the last: the larger counts.
      held = Math.max(
        held,
        reserved(() => read(decoder, chunk)),
      );
      expect(held).toBeLessThanOrEqual(received + 16_384);
    }
  });

  test('an unknown message is not kept at all', () => {
    const [decoder, bytes] = [greeted(), frame(99, new Uint8Array(60_000))];
    expect(reserved(() => read(decoder, bytes.subarray(0, 30_000), bytes.subarray(30_000)))).toBe(0);
  });
});
