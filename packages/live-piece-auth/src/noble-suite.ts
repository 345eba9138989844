import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { equalBytes, expectLength } from './bytes.js';
import { RECENT_KEYS, recentKeys } from './recent-keys.js';
import { plausibleSignature, strictPublicPoint } from './strict-point.js';
import { type CryptoSuite, KEY_BYTES } from './suite.js';

/**
 * The suite for browsers and wherever node:crypto isn't: @noble/curves and @noble/hashes.
 *
 * noble's own `verify` checks the cofactored equation and OpenSSL the cofactorless one; this one computes
 * R' = [S]B − [k]A and compares its encoding, as OpenSSL does, so that the two suites agree on every input.
 * @see spec/0002-live-piece-auth.md §3
 */
export const nobleSuite: CryptoSuite = {
  sha256,
  sign(message, secretKey) {
    expectLength('secretKey', secretKey, KEY_BYTES);
    return ed25519.sign(message, secretKey);
  },
  verify(signature, message, publicKey) {
    if (!plausibleSignature(signature)) return false;
    const minusA = negatedPoint(publicKey);
    if (minusA === undefined) return false;
    const r = signature.subarray(0, 32);
    const s = bytesToNumberLE(signature.subarray(32));
    // RFC 8032 §5.1.7: S is in 0…L−1, or the signature is invalid.
    if (s >= Point.Fn.ORDER) return false;
    const k = Point.Fn.create(bytesToNumberLE(sha512(concatBytes(r, publicKey, message))));
    const expected = Point.BASE.multiplyUnsafe(s).add(minusA.multiplyUnsafe(k));
    return equalBytes(expected.toBytes(), r);
  },
  publicKey(secretKey) {
    expectLength('secretKey', secretKey, KEY_BYTES);
    return ed25519.getPublicKey(secretKey);
  },
};

const Point = ed25519.Point;

// A run's key verifies thousands of headers: a table of 8 ms' work makes each of them two to three times as fast.
const negatedPoint = recentKeys(RECENT_KEYS, (publicKey) =>
  strictPublicPoint(publicKey)?.negate().precompute(TABLE_WINDOW_BITS),
);

const TABLE_WINDOW_BITS = 4;
