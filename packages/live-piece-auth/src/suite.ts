/**
 * The four operations this package needs from a cryptographic library.
 *
 * Two suites are provided: `nobleSuite` runs anywhere, `nodeSuite` (subpath `./node`) calls node:crypto. They sign the
 * same bytes and accept the same signatures: spec/0002-live-piece-auth.md §3.
 */
export interface CryptoSuite {
  /** SHA-256 of `bytes`: 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /**
   * Ed25519 signature of `message`: 64 bytes.
   * @throws {RangeError} If `secretKey` isn't 32 bytes.
   */
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array;
  /** Whether `signature` is `publicKey`'s over `message`. False, never an exception, on any malformed bytes. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /**
   * The 32-byte public key that belongs to a 32-byte secret key.
   * @throws {RangeError} If `secretKey` isn't 32 bytes.
   */
  publicKey(secretKey: Uint8Array): Uint8Array;
}

export const KEY_BYTES = 32;
export const DIGEST_BYTES = 32;
export const SIGNATURE_BYTES = 64;
