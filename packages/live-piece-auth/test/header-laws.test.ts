import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeHeader, HEADER_BYTES_MAX, type PieceHeader, verifyHeader } from '../src/index.js';
import { nodeSuite } from '../src/node.js';
import { HEADER_TAG, signedMessage } from '../src/signed-message.js';
import { INFO_DIGEST, RUN_SECRET_KEY, suites } from './suites.js';

const runPublicKey = nodeSuite.publicKey(RUN_SECRET_KEY);
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const place = {
  run: fc.integer({ min: 1, max: 0xffffffff }),
  seq: fc.maxSafeNat(),
  sourceTimeMs: fc.maxSafeNat(),
};

const pieceHeader: fc.Arbitrary<PieceHeader> = fc
  .record({
    ...place,
    discontinuity: fc.boolean(),
    payloadBytes: fc.integer({ min: 1, max: 131072 }),
    entry: fc.boolean(),
  })
  .chain(({ entry, ...rest }) =>
    fc.record({
      ...constants(rest),
      entry: fc.constant(entry),
      heartbeat: fc.constant(false),
      end: fc.constant(false),
      entryOffset: entry ? fc.integer({ min: 0, max: rest.payloadBytes - 1 }) : fc.constant(undefined),
      entryDistance: entry ? fc.constant(0) : distance(rest.seq),
      digests: fc.array(digest, blocks(rest.payloadBytes)),
    }),
  );

const edgeHeader: fc.Arbitrary<PieceHeader> = fc.record({ ...place, end: fc.boolean() }).chain(({ end, ...rest }) =>
  fc.record({
    ...constants(rest),
    entry: fc.constant(false),
    discontinuity: fc.constant(false),
    heartbeat: fc.constant(!end),
    end: fc.constant(end),
    payloadBytes: fc.constant(0),
    entryOffset: fc.constant(undefined),
    entryDistance: distance(rest.seq),
    digests: fc.constant([]),
  }),
);

const header = fc.oneof({ weight: 3, arbitrary: pieceHeader }, edgeHeader);

function distance(seq: number): fc.Arbitrary<number | undefined> {
  if (seq === 0) return fc.constant(undefined);
  return fc.option(fc.integer({ min: 1, max: Math.min(seq, 0xfffe) }), { nil: undefined });
}

function blocks(payloadBytes: number): { minLength: number; maxLength: number } {
  const count = Math.ceil(payloadBytes / 16384);
  return { minLength: count, maxLength: count };
}

function constants<T extends object>(values: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  };
}

function signed(fields: PieceHeader): Uint8Array {
  return encodeHeader(fields, INFO_DIGEST, RUN_SECRET_KEY, nodeSuite);
}

describe('a header', () => {
  it('law: decode(encode(x)) ≡ x', () => {
    fc.assert(
      fc.property(header, (fields) => {
        expect(decodeHeader(signed(fields))).toEqual({ ok: true, value: fields });
      }),
    );
  });

  it.each(suites)('law: any flipped bit fails verification ($name)', ({ suite, name }) => {
    fc.assert(
      fc.property(header, fc.nat(), (fields, where) => {
        const bytes = signed(fields);
        expect(verifyHeader(bytes, INFO_DIGEST, runPublicKey, suite)).toBe(true);
        const bit = where % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verifyHeader(bytes, INFO_DIGEST, runPublicKey, suite)).toBe(false);
      }),
      { numRuns: name === 'node' ? 500 : 60 },
    );
  });

  it.each(suites)('law: never throws on arbitrary bytes ($name)', ({ suite }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: HEADER_BYTES_MAX + 8 }), (bytes) => {
        expect(decodeHeader(bytes).ok).toBe(false);
        expect(verifyHeader(bytes, INFO_DIGEST, runPublicKey, suite)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('law: two encodings never mean the same: what decodes is what encode would write', () => {
    const byte = fc.record({
      where: fc.nat({ max: 35 }),
      to: fc.oneof(fc.constantFrom(0, 1, 0xff), fc.nat({ max: 255 })),
    });
    let decoded = 0;
    fc.assert(
      fc.property(header, fc.array(byte, { minLength: 1, maxLength: 3 }), (fields, changes) => {
        const bytes = signed(fields);
        for (const { where, to } of changes) bytes[where] = to;
        const result = decodeHeader(bytes);
        if (!result.ok) return;
        decoded += 1;
        expect(signed(result.value).subarray(0, -64)).toEqual(bytes.subarray(0, -64));
      }),
      { numRuns: 500 },
    );
    expect(decoded).toBeGreaterThan(50);
  });

  it('law: a header cut short or made longer is refused', () => {
    fc.assert(
      fc.property(header, fc.integer({ min: 1, max: 99 }), (fields, change) => {
        const bytes = signed(fields);
        expect(decodeHeader(bytes.subarray(0, -change)).ok).toBe(false);
        expect(decodeHeader(Uint8Array.from([...bytes, ...new Uint8Array(change)])).ok).toBe(false);
      }),
    );
  });

  it('holds its digests as views on the bytes it was read from', () => {
    const bytes = signed(sound);
    const result = decodeHeader(bytes);
    expect(result.ok && result.value.digests.every(({ buffer }) => buffer === bytes.buffer)).toBe(true);
  });

  it('is read at any place of a larger buffer', () => {
    const bytes = signed(sound);
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 7);
    const inside = larger.subarray(7, 7 + bytes.length);
    expect(decodeHeader(inside)).toEqual(decodeHeader(bytes));
    expect(verifyHeader(inside, INFO_DIGEST, runPublicKey, nodeSuite)).toBe(true);
  });

  it.each<[Partial<PieceHeader>, string]>([
    [{ run: 0 }, 'run: expected an integer 1..4294967295, got 0'],
    [{ seq: -1 }, 'seq: expected an integer 0..9007199254740991, got -1'],
    [{ sourceTimeMs: 1.5 }, 'sourceTimeMs: expected an integer 0..9007199254740991, got 1.5'],
    [{ payloadBytes: 0 }, 'payloadBytes: expected an integer 1..131072, got 0'],
    [{ payloadBytes: 131073 }, 'payloadBytes: expected an integer 1..131072, got 131073'],
    [{ digests: [] }, 'digests: expected 2 for 20000 bytes, got 0'],
    [{ digests: [new Uint8Array(32), new Uint8Array(20)] }, 'digests[1]: expected 32 bytes, got 20'],
    [{ entryOffset: 20000 }, 'entryOffset: expected an integer 0..19999, got 20000'],
    [{ entryOffset: undefined }, 'entryOffset: expected an integer 0..19999, got undefined'],
    [{ entryDistance: 1 }, 'entryDistance: expected an integer 0..0, got 1'],
    [{ entry: false }, 'entryOffset: expected none without an entry point, got 9'],
    [{ entry: false, entryOffset: undefined }, 'entryDistance: expected an integer 1..5, got 0'],
    [{ entry: false, entryOffset: undefined, entryDistance: 6 }, 'entryDistance: expected an integer 1..5, got 6'],
    [
      { seq: 70000, entry: false, entryOffset: undefined, entryDistance: 65535 },
      'entryDistance: expected an integer 1..65534, got 65535',
    ],
    [{ heartbeat: true }, 'flags: expected a heartbeat or an end to carry no other flag, got 0x05'],
    [
      { entry: false, heartbeat: true, end: true },
      'flags: expected a heartbeat or an end to carry no other flag, got 0x0c',
    ],
    [{ entry: false, end: true }, 'payloadBytes: expected an integer 0..0, got 20000'],
  ])('is not written with %j', (wrong, message) => {
    expect(() => signed({ ...sound, ...wrong })).toThrow(new RangeError(message));
  });

  it('longer than any can be does not verify, however well signed', () => {
    for (const length of [HEADER_BYTES_MAX, HEADER_BYTES_MAX + 1]) {
      const bytes = new Uint8Array(length);
      const message = signedMessage(HEADER_TAG, INFO_DIGEST, bytes.subarray(0, -64));
      bytes.set(nodeSuite.sign(message, RUN_SECRET_KEY), length - 64);
      expect(verifyHeader(bytes, INFO_DIGEST, runPublicKey, nodeSuite)).toBe(length === HEADER_BYTES_MAX);
    }
  });

  it('is neither written nor verified for a digest of another length', () => {
    const digest = new Uint8Array(20);
    const expected = new RangeError('infoDigest: expected 32 bytes, got 20');
    expect(() => encodeHeader(sound, digest, RUN_SECRET_KEY, nodeSuite)).toThrow(expected);
    expect(() => verifyHeader(signed(sound), digest, runPublicKey, nodeSuite)).toThrow(expected);
  });
});

const sound: PieceHeader = {
  entry: true,
  discontinuity: false,
  heartbeat: false,
  end: false,
  run: 1,
  seq: 5,
  sourceTimeMs: 1000,
  payloadBytes: 20000,
  entryOffset: 9,
  entryDistance: 0,
  digests: [new Uint8Array(32), new Uint8Array(32)],
};
