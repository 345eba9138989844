import { expectInteger, expectLength, readU16, readU32, readU64, writeU32, writeU64 } from './bytes.js';
import { CERTIFICATE_TAG, signedMessage } from './signed-message.js';
import { type CryptoSuite, KEY_BYTES, SIGNATURE_BYTES } from './suite.js';

/** The stream key's word that a run key may sign pieces. Bytes: spec/0002-live-piece-auth.md §5. */
export interface RunCertificate {
  /** 1 … 2^32−1. The highest certified run is the current one. */
  readonly run: number;
  /** 0 … `run`: runs below it are revoked. */
  readonly lowestValidRun: number;
  /** The last source time that the run may sign, Unix milliseconds, 0 … 2^53−1. */
  readonly expiryMs: number;
  /** 32 bytes */
  readonly runPublicKey: Uint8Array;
}

/** Why a certificate is refused. */
export type CertificateReason = 'length' | 'version' | 'scheme' | 'reserved' | 'run' | 'lowest-valid-run' | 'expiry';

/** Bytes of a certificate, signature included. */
export const CERTIFICATE_BYTES = 116;

/**
 * Writes and signs a certificate.
 * @param infoDigest - SHA-256 of the exact `info` bytes.
 * @param streamSecretKey - The 32-byte secret key whose public key the metainfo names.
 * @returns 116 bytes.
 * @throws {RangeError} If a field is out of its range.
 */
export function encodeCertificate(
  certificate: RunCertificate,
  infoDigest: Uint8Array,
  streamSecretKey: Uint8Array,
  suite: CryptoSuite,
): Uint8Array {
  expectInteger('run', certificate.run, 1, 0xffffffff);
  expectInteger('lowestValidRun', certificate.lowestValidRun, 0, certificate.run);
  expectInteger('expiryMs', certificate.expiryMs, 0, Number.MAX_SAFE_INTEGER);
  expectLength('runPublicKey', certificate.runPublicKey, KEY_BYTES);
  const bytes = new Uint8Array(CERTIFICATE_BYTES);
  bytes[AT_VERSION] = VERSION;
  bytes[AT_SCHEME] = SCHEME;
  writeU32(bytes, AT_RUN, certificate.run);
  writeU32(bytes, AT_LOWEST_VALID_RUN, certificate.lowestValidRun);
  writeU64(bytes, AT_EXPIRY, certificate.expiryMs);
  bytes.set(certificate.runPublicKey, AT_RUN_PUBLIC_KEY);
  const message = signedMessage(CERTIFICATE_TAG, infoDigest, bytes.subarray(0, AT_SIGNATURE));
  bytes.set(suite.sign(message, streamSecretKey), AT_SIGNATURE);
  return bytes;
}

/**
 * Reads a certificate without checking its signature or its expiry.
 * @param bytes - Exactly one certificate. `runPublicKey` is a view on it.
 * @returns The fields, or why the certificate is refused; never throws on remote bytes.
 */
export function decodeCertificate(
  bytes: Uint8Array,
): { readonly ok: true; readonly value: RunCertificate } | { readonly ok: false; readonly reason: CertificateReason } {
  const reason = refusalOf(bytes);
  if (reason !== undefined) return { ok: false, reason };
  const value: RunCertificate = {
    run: readU32(bytes, AT_RUN),
    lowestValidRun: readU32(bytes, AT_LOWEST_VALID_RUN),
    expiryMs: readU64(bytes, AT_EXPIRY),
    runPublicKey: bytes.subarray(AT_RUN_PUBLIC_KEY, AT_SIGNATURE),
  };
  return { ok: true, value };
}

/**
 * Whether a certificate that `decodeCertificate` accepts was signed by the stream's key, for this swarm.
 * @returns False on any other bytes; never throws on them. The expiry is the caller's to compare with each header.
 * @throws {RangeError} If `infoDigest` isn't 32 bytes.
 */
export function verifyCertificate(
  bytes: Uint8Array,
  infoDigest: Uint8Array,
  streamPublicKey: Uint8Array,
  suite: CryptoSuite,
): boolean {
  if (bytes.length !== CERTIFICATE_BYTES) return false;
  const message = signedMessage(CERTIFICATE_TAG, infoDigest, bytes.subarray(0, AT_SIGNATURE));
  return suite.verify(bytes.subarray(AT_SIGNATURE), message, streamPublicKey);
}

function refusalOf(bytes: Uint8Array): CertificateReason | undefined {
  if (bytes.length < AT_RESERVED) return 'length';
  if (bytes[AT_VERSION] !== VERSION) return 'version';
  if (bytes[AT_SCHEME] !== SCHEME) return 'scheme';
  if (bytes.length !== CERTIFICATE_BYTES) return 'length';
  if (readU16(bytes, AT_RESERVED) !== 0) return 'reserved';
  const run = readU32(bytes, AT_RUN);
  if (run === 0) return 'run';
  if (readU32(bytes, AT_LOWEST_VALID_RUN) > run) return 'lowest-valid-run';
  if (!Number.isSafeInteger(readU64(bytes, AT_EXPIRY))) return 'expiry';
  return undefined;
}

const VERSION = 1;
const SCHEME = 1;

const AT_VERSION = 0;
const AT_SCHEME = 1;
const AT_RESERVED = 2;
const AT_RUN = 4;
const AT_LOWEST_VALID_RUN = 8;
const AT_EXPIRY = 12;
const AT_RUN_PUBLIC_KEY = 20;
const AT_SIGNATURE = CERTIFICATE_BYTES - SIGNATURE_BYTES;
