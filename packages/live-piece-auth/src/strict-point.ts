import { ed25519 } from '@noble/curves/ed25519.js';
import { KEY_BYTES, SIGNATURE_BYTES } from './suite.js';

export type EdwardsPoint = InstanceType<typeof ed25519.Point>;

/**
 * Decodes a public key that every implementation must judge alike: canonical, and in the prime-order subgroup, where the
 * cofactored and the cofactorless equation of RFC 8032 agree.
 * @returns The point, or undefined when the key is to be refused.
 * @see spec/0002-live-piece-auth.md §3
 */
export function strictPublicPoint(publicKey: Uint8Array): EdwardsPoint | undefined {
  if (publicKey.length !== KEY_BYTES) return undefined;
  try {
    const point = ed25519.Point.fromBytes(publicKey, false);
    return point.is0() || !point.isTorsionFree() ? undefined : point;
  } catch {
    return undefined;
  }
}

/** Refuses by their length or their first half what the signature equation alone would let pass: R = identity. */
export function plausibleSignature(signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  if (signature[0] !== 1) return true;
  for (let i = 1; i < 32; i++) if (signature[i] !== 0) return true;
  return false;
}
