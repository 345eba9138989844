import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import { expectLength } from './bytes.js';
import { RECENT_KEYS, recentKeys } from './recent-keys.js';
import { plausibleSignature, strictPublicPoint } from './strict-point.js';
import { type CryptoSuite, KEY_BYTES } from './suite.js';

/**
 * The suite for Node: node:crypto, with the key objects of the last 16 keys kept.
 *
 * OpenSSL accepts some public keys that RFC 8032 doesn't, and some that libraries judge differently; each key is
 * therefore looked at once, before its first use.
 * @see spec/0002-live-piece-auth.md §3
 */
export const nodeSuite: CryptoSuite = {
  sha256: (bytes) => plain(hash('sha256', bytes, 'buffer')),
  sign(message, secretKey) {
    expectLength('secretKey', secretKey, KEY_BYTES);
    return plain(sign(null, message, privateKeyObject(secretKey)));
  },
  verify(signature, message, publicKey) {
    if (!plausibleSignature(signature)) return false;
    const key = publicKeyObject(publicKey);
    return key !== undefined && verify(null, message, key, signature);
  },
  publicKey(secretKey) {
    expectLength('secretKey', secretKey, KEY_BYTES);
    const spki = createPublicKey(privateKeyObject(secretKey)).export({ type: 'spki', format: 'der' });
    return plain(spki.subarray(SPKI_PREFIX.length));
  },
};

/** The same bytes without Buffer's own meanings of slice and toString, so that the suites can be exchanged. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

// RFC 8410 §4 and §7: the DER that stands before the 32 raw bytes of an Ed25519 key.
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

const publicKeyObject = recentKeys(RECENT_KEYS, (publicKey) => {
  if (strictPublicPoint(publicKey) === undefined) return undefined;
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
});

const privateKeyObject = recentKeys(RECENT_KEYS, (secretKey) =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secretKey]), format: 'der', type: 'pkcs8' }),
);
