import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { standInSuite } from '../src/index.js';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('verify(sign(message)) holds, and no more after one flipped bit of message, key or signature', () => {
  fc.assert(
    fc.property(bytes, key, fc.nat(), fc.constantFrom(0, 1, 2), (message, secretKey, bit, which) => {
      const publicKey = standInSuite.publicKey(secretKey);
      const signature = standInSuite.sign(message, secretKey);
      expect([signature.length, publicKey.length]).toEqual([64, 32]);
      expect(standInSuite.verify(signature, message, publicKey)).toBe(true);
      const flipped = [message, publicKey, signature][which] as Uint8Array;
      const at = bit % (flipped.length * 8);
      flipped[at >> 3] = (flipped[at >> 3] as number) ^ (1 << (at & 7));
      expect(standInSuite.verify(signature, message, publicKey)).toBe(false);
    }),
  );
});

test('different bytes have different digests of 32 bytes', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      fc.pre(a.join() !== b.join());
      expect(standInSuite.sha256(a)).toHaveLength(32);
      expect(standInSuite.sha256(a)).not.toEqual(standInSuite.sha256(b));
    }),
  );
});

test('verify is false for a signature of another length', () => {
  expect(standInSuite.verify(new Uint8Array(0), new Uint8Array(1), new Uint8Array(32))).toBe(false);
});
