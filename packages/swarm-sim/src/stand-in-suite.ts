import type { CryptoSuite } from '@tstream/live-piece-auth';

/**
 * Signatures and digests for a simulation: the right lengths, refused when a bit of message, key or signature is changed, a hundred
 * times cheaper than the real ones, and no secret at all: whoever knows a public key can sign with it. A simulated attacker who
 * must not be able to forge is one that the simulation gives no key to.
 */
export const standInSuite: CryptoSuite = {
  sha256: (bytes) => mix(bytes, NO_KEY, 32),
  sign: (message, secretKey) => mix(message, standInPublicKey(secretKey), 64),
  verify(signature, message, publicKey) {
    const expected = mix(message, publicKey, 64);
    if (signature.length !== expected.length) return false;
    for (let i = 0; i < expected.length; i += 1) if (signature[i] !== expected[i]) return false;
    return true;
  },
  publicKey: standInPublicKey,
};

function standInPublicKey(secretKey: Uint8Array): Uint8Array {
  return mix(secretKey, PUBLIC, 32);
}

/** FNV-1a over key and bytes in two words, spread over as many bytes as asked by the finaliser of MurmurHash3. */
function mix(bytes: Uint8Array, key: Uint8Array, outBytes: number): Uint8Array {
  let a = 0x811c9dc5;
  let b = 0x2f0b4c47;
  for (let i = 0; i < key.length; i += 1) {
    a = Math.imul(a ^ (key[i] as number), 0x01000193);
    b = Math.imul(b ^ (a >>> 7), 0x85ebca6b);
  }
  for (let i = 0; i < bytes.length; i += 1) {
    a = Math.imul(a ^ (bytes[i] as number), 0x01000193);
    b = Math.imul(b ^ (a >>> 7), 0x85ebca6b);
  }
  const out = new Uint8Array(outBytes);
  for (let at = 0; at < outBytes; at += 4) {
    const word = finish(at % 8 === 0 ? a + at : b + at);
    out[at] = word >>> 24;
    out[at + 1] = word >>> 16;
    out[at + 2] = word >>> 8;
    out[at + 3] = word;
  }
  return out;
}

function finish(word: number): number {
  let z = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

const NO_KEY = new Uint8Array(0);
const PUBLIC = Uint8Array.of(0x50);
