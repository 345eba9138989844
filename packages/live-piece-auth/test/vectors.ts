import { readFileSync } from 'node:fs';
import type { CertificateReason, HeaderReason, KeyFileReason, PieceHeader } from '../src/index.js';

/** A case that is refused before any signature is looked at. */
interface Refused<R> {
  readonly name: string;
  readonly reason: R;
  readonly bytes: string;
}

/** A case that is well formed, and signed wrongly. */
interface Unverified {
  readonly name: string;
  readonly bytes: string;
}

export interface HeaderVectors {
  readonly infoDigest: string;
  readonly runSecretKey: string;
  readonly runPublicKey: string;
  readonly accepted: readonly {
    readonly name: string;
    readonly fields: Omit<PieceHeader, 'digests'>;
    readonly extensions: string;
    readonly bytes: string;
  }[];
  readonly refused: readonly Refused<HeaderReason>[];
  readonly unverified: readonly Unverified[];
}

export interface CertificateVectors {
  readonly infoDigest: string;
  readonly streamSecretKey: string;
  readonly streamPublicKey: string;
  readonly accepted: readonly {
    readonly name: string;
    readonly fields: { run: number; lowestValidRun: number; expiryMs: number; runPublicKey: string };
    readonly bytes: string;
  }[];
  readonly refused: readonly Refused<CertificateReason>[];
  readonly unverified: readonly Unverified[];
}

export interface SourceProofVectors {
  readonly infoDigest: string;
  readonly proverPeerId: string;
  readonly receiverPeerId: string;
  readonly runSecretKey: string;
  readonly runPublicKey: string;
  readonly proof: string;
  readonly unverified: readonly { readonly name: string; readonly proof: string }[];
}

export interface Ed25519Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly publicKey: string;
    readonly message: string;
    readonly signature: string;
    readonly valid: boolean;
    readonly cofactored: boolean;
    readonly cofactorless: boolean;
    readonly secretKey?: string;
  }[];
}

interface KeyFileText {
  readonly name: string;
  readonly passphrase?: string;
  readonly text: string;
}

export interface KeyFileVectors {
  readonly streamSecretKey: string;
  readonly streamPublicKey: string;
  readonly salt: string;
  readonly nonce: string;
  readonly accepted: readonly (KeyFileText & { readonly scryptLogN?: number })[];
  readonly acceptedOtherwise: readonly KeyFileText[];
  readonly refused: readonly (KeyFileText & { readonly reason: KeyFileReason })[];
}

export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../spec/vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** The payload that the header vectors stand for. */
export function payloadOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i * 31 + Math.floor(i / 256));
}
