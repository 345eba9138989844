import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeHeader, HEADER_BYTES_MAX, type PieceHeader, verifyHeader } from '../src/index.js';
import { nodeSuite } from '../src/node.js';
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
});
