import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Decoder, encodedBytes, encodeHandshake, encodeMessage, encodePieceHead, type Message } from '../src/index.js';
import { messages } from './arbitraries.js';
import { concat, cut, greeted, HANDSHAKE, IDS, outcome, read, shown } from './reading.js';

const RUNS = { numRuns: 300 };

describe('laws of the codec', () => {
  test.prop([messages], RUNS)('decode(encode(m)) ≡ m', (message) => {
    expect(shown(outcome(encodeMessage(message, IDS)))).toBe(shown([message]));
  });

  test.prop([messages], RUNS)('encodedBytes(m) ≡ encode(m).length', (message) => {
    expect(encodedBytes(message)).toBe(encodeMessage(message, IDS).length);
  });

  test.prop([fc.array(messages, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 })], RUNS)(
    'however the bytes are cut, the events are the same',
    (sent, cuts) => {
      const bytes = concat(HANDSHAKE, ...sent.map((message) => encodeMessage(message, IDS)));
      expect(shown(read(new Decoder(), ...cut(bytes, cuts)))).toBe(shown(read(new Decoder(), bytes)));
    },
  );

  test.prop([messages], { numRuns: 60 })('byte by byte, too', (message) => {
    const bytes = encodeMessage(message, IDS);
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(shown(outcome(...single))).toBe(shown([message]));
  });

  test.prop([messages], RUNS)('a message that is not all there is no message', (message) => {
    const bytes = encodeMessage(message, IDS);
    expect(outcome(bytes.subarray(0, -1))).toEqual([]);
  });

  test.prop([fc.nat(0xffffffff), fc.nat(0xffffffff), fc.uint8Array({ minLength: 1, maxLength: 64 })])(
    'head ‖ block ≡ encode(piece)',
    (index, begin, block) => {
      const message: Message = { type: 'piece', index, begin, block };
      expect(concat(encodePieceHead(index, begin, block.length), block)).toEqual(encodeMessage(message, IDS));
    },
  );

  test.prop([
    fc.record({
      infohash: fc.uint8Array({ minLength: 20, maxLength: 20 }),
      peerId: fc.uint8Array({ minLength: 20, maxLength: 20 }),
      extended: fc.boolean(),
      dht: fc.boolean(),
      fast: fc.boolean(),
    }),
  ])('decode(encode(handshake)) ≡ handshake', (handshake) => {
    expect(read(new Decoder(), encodeHandshake(handshake))).toEqual([
      { ok: true, value: { type: 'handshake', ...handshake } },
    ]);
  });

  test.prop([fc.array(messages, { minLength: 2, maxLength: 40 })])('encoded messages share no byte', (sent) => {
    const all = sent.map((message) => encodeMessage(message, IDS));
    const before = all.map(shown);
    for (const [i, bytes] of all.entries()) {
      expect(shown(bytes)).toBe(before[i]);
      bytes.fill(0xee);
    }
  });

  test.prop([messages])('a message that was transferred away harms no later one', (message) => {
    const bytes = encodeMessage(message, IDS);
    const before = shown(bytes);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
    expect(shown(encodeMessage(message, IDS))).toBe(before);
  });

  test.prop([messages, fc.record({ ts_live: id(), ut_pex: id(), ut_metadata: id() })])(
    'an extended message bears the id that the receiver asked for',
    (message, ids) => {
      const bytes = encodeMessage(message, ids);
      expect(bytes.length).toBe(encodedBytes(message));
      if (bytes[4] !== 20) return;
      const extension = { pex: ids.ut_pex, metadata: ids.ut_metadata, 'extended-handshake': 0 }[message.type as 'pex'];
      expect(bytes[5]).toBe(extension ?? ids.ts_live);
    },
  );

  test.prop([fc.array(messages, { minLength: 1, maxLength: 4 })], { numRuns: 100 })(
    'each block is announced once, before it comes',
    (sent) => {
      const events = read(greeted(), ...sent.map((message) => encodeMessage(message, IDS)));
      for (const [i, event] of events.entries()) {
        if (!event.ok || event.value.type !== 'message' || event.value.message.type !== 'piece') continue;
        const { index, begin } = event.value.message;
        expect(events[i - 1]).toEqual({ ok: true, value: { type: 'piece-started', index, begin } });
      }
      const started = events.filter((event) => event.ok && event.value.type === 'piece-started');
      expect(started).toHaveLength(sent.filter(({ type }) => type === 'piece').length);
    },
  );
});

function id(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 255 });
}
