import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockDigests, decodeHeader, encodeHeader, type PieceHeader, verifyBlock } from '../src/index.js';
import { nodeSuite } from '../src/node.js';
import { INFO_DIGEST, RUN_SECRET_KEY, suites } from './suites.js';
import { payloadOf } from './vectors.js';

function headerOf(payload: Uint8Array): PieceHeader {
  const fields = {
    entry: false,
    discontinuity: false,
    heartbeat: false,
    end: false,
    run: 1,
    seq: 0,
    sourceTimeMs: 0,
    payloadBytes: payload.length,
    digests: blockDigests(payload, nodeSuite),
  };
  const decoded = decodeHeader(encodeHeader(fields, INFO_DIGEST, RUN_SECRET_KEY, nodeSuite));
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}

function blockOf(payload: Uint8Array, index: number): Uint8Array {
  return payload.slice(index * 16384, (index + 1) * 16384);
}

describe.each(suites)('blocks, $name', ({ suite }) => {
  it('law: every block of the payload verifies at its own index and at no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 131072 }), (length) => {
        const payload = payloadOf(length);
        const header = headerOf(payload);
        expect(header.digests).toHaveLength(Math.ceil(length / 16384));
        for (const index of header.digests.keys()) {
          expect(verifyBlock(blockOf(payload, index), index, header, suite)).toBe(true);
          expect(verifyBlock(blockOf(payload, index), index + 1, header, suite)).toBe(false);
        }
      }),
      { numRuns: 6 },
    );
  });

  it('one altered byte, one byte less, one more: refused', () => {
    const payload = payloadOf(20000);
    const header = headerOf(payload);
    const altered = blockOf(payload, 1);
    altered[100] = (altered[100] as number) ^ 0x10;
    expect(verifyBlock(altered, 1, header, suite)).toBe(false);
    expect(verifyBlock(payload.subarray(16384, 19999), 1, header, suite)).toBe(false);
    expect(verifyBlock(new Uint8Array(3617), 1, header, suite)).toBe(false);
    expect(verifyBlock(payload.subarray(16384), 1, header, suite)).toBe(true);
  });

  it('a long block whose digest is right is refused for its length', () => {
    const long = payloadOf(16385);
    const header = { ...headerOf(payloadOf(16384)), digests: [suite.sha256(long)] };
    expect(verifyBlock(long, 0, header, suite)).toBe(false);
  });

  it('no index but those of the payload', () => {
    const header = headerOf(payloadOf(10));
    for (const index of [-1, 0.5, 1, Number.NaN]) expect(verifyBlock(payloadOf(10), index, header, suite)).toBe(false);
  });
});

it('an empty payload has no digest, one too long is refused', () => {
  expect(blockDigests(new Uint8Array(0), nodeSuite)).toEqual([]);
  expect(() => blockDigests(new Uint8Array(131073), nodeSuite)).toThrow(
    new RangeError('payload: expected 0..131072 bytes, got 131073'),
  );
});
