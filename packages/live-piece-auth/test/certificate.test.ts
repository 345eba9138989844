import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCertificate, encodeCertificate, type RunCertificate, verifyCertificate } from '../src/index.js';
import { nodeSuite } from '../src/node.js';
import { INFO_DIGEST, STREAM_SECRET_KEY, suites } from './suites.js';
import { bytesOf, type CertificateVectors, vectors } from './vectors.js';

const streamPublicKey = nodeSuite.publicKey(STREAM_SECRET_KEY);

const certificate: fc.Arbitrary<RunCertificate> = fc
  .tuple(fc.integer({ min: 1, max: 0xffffffff }), fc.integer({ min: 0, max: 0xffffffff }))
  .chain(([a, b]) =>
    fc.record({
      run: fc.constant(Math.max(a, b)),
      lowestValidRun: fc.constant(Math.min(a, b)),
      expiryMs: fc.maxSafeNat(),
      runPublicKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    }),
  );

function signed(fields: RunCertificate): Uint8Array {
  return encodeCertificate(fields, INFO_DIGEST, STREAM_SECRET_KEY, nodeSuite);
}

describe('a certificate', () => {
  it('law: decode(encode(x)) ≡ x', () => {
    fc.assert(
      fc.property(certificate, (fields) => {
        expect(decodeCertificate(signed(fields))).toEqual({ ok: true, value: fields });
      }),
    );
  });

  it.each(suites)('law: any flipped bit fails verification ($name)', ({ suite, name }) => {
    fc.assert(
      fc.property(certificate, fc.nat({ max: 116 * 8 - 1 }), (fields, bit) => {
        const bytes = signed(fields);
        expect(verifyCertificate(bytes, INFO_DIGEST, streamPublicKey, suite)).toBe(true);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verifyCertificate(bytes, INFO_DIGEST, streamPublicKey, suite)).toBe(false);
      }),
      { numRuns: name === 'node' ? 300 : 40 },
    );
  });

  it.each(suites)('law: never throws on arbitrary bytes ($name)', ({ suite }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(decodeCertificate(bytes).ok).toBe(false);
        expect(verifyCertificate(bytes, INFO_DIGEST, streamPublicKey, suite)).toBe(false);
      }),
    );
  });

  it.each([
    [{ run: 0, lowestValidRun: 0 }, 'run: expected an integer 1..4294967295, got 0'],
    [{ run: 2 ** 32 }, 'run: expected an integer 1..4294967295, got 4294967296'],
    [{ run: 5, lowestValidRun: 6 }, 'lowestValidRun: expected an integer 0..5, got 6'],
    [{ expiryMs: 0.5 }, 'expiryMs: expected an integer 0..9007199254740991, got 0.5'],
    [{ runPublicKey: new Uint8Array(31) }, 'runPublicKey: expected 32 bytes, got 31'],
  ])('is not written of %j', (wrong, message) => {
    const right = { run: 7, lowestValidRun: 1, expiryMs: 0, runPublicKey: new Uint8Array(32) };
    expect(() => signed({ ...right, ...wrong })).toThrow(new RangeError(message));
  });
});

describe.each(suites)('certificate vectors, $name', ({ suite }) => {
  const found = vectors<CertificateVectors>('certificate');
  const [info, secret, key] = [found.infoDigest, found.streamSecretKey, found.streamPublicKey].map(bytesOf) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];

  it.each(found.accepted)('accepts and writes $name', ({ fields, bytes }) => {
    const value = { ...fields, runPublicKey: bytesOf(fields.runPublicKey) };
    expect(decodeCertificate(bytesOf(bytes))).toEqual({ ok: true, value });
    expect(verifyCertificate(bytesOf(bytes), info, key, suite)).toBe(true);
    expect(encodeCertificate(value, info, secret, suite)).toEqual(bytesOf(bytes));
  });

  it.each(found.refused)('refuses $name: $reason', ({ bytes, reason }) => {
    expect(decodeCertificate(bytesOf(bytes))).toEqual({ ok: false, reason });
  });

  it.each(found.unverified)('does not verify what is $name', ({ bytes }) => {
    expect(decodeCertificate(bytesOf(bytes)).ok).toBe(true);
    expect(verifyCertificate(bytesOf(bytes), info, key, suite)).toBe(false);
  });
});
