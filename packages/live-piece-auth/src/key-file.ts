import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ascii, equalBytes, expectInteger, expectLength } from './bytes.js';
import { KEY_BYTES } from './suite.js';

/** What a key file holds. */
export interface StreamKey {
  /** 32 bytes: whoever has them is the broadcaster. */
  readonly streamSecretKey: Uint8Array;
  /** 32 bytes, as in the metainfo. */
  readonly streamPublicKey: Uint8Array;
}

/** How a key file is written. */
export interface KeyFileOptions {
  /** Seals the secret key; absent: it stands in the file as it is. */
  readonly passphrase?: string | undefined;
  /** 16 random bytes, never used before. */
  readonly salt: Uint8Array;
  /** 24 random bytes, never used before. */
  readonly nonce: Uint8Array;
  /** Base-2 logarithm of scrypt's N, 10 … 18; default 17: 128 MiB, about a second. */
  readonly scryptLogN?: number | undefined;
}

/** Why a key file is refused. */
export type KeyFileReason =
  | 'not-a-key-file'
  | 'version'
  | 'damaged'
  | 'scrypt-cost'
  | 'passphrase-needed'
  | 'wrong-passphrase';

/**
 * Writes a key file: at most 400 characters of ASCII text. To keep it from other users of the machine is the caller's.
 * @throws {RangeError} If a length is wrong, the cost out of range, or the passphrase empty.
 * @see spec/0002-live-piece-auth.md §7
 */
export function encodeKeyFile(key: { readonly streamSecretKey: Uint8Array }, options: KeyFileOptions): string {
  expectLength('streamSecretKey', key.streamSecretKey, KEY_BYTES);
  const { passphrase, salt, nonce, scryptLogN = SCRYPT_LOG_N } = options;
  const open = `${FIRST_LINE} 1\npublic ${bytesToHex(ed25519.getPublicKey(key.streamSecretKey))}\n`;
  if (passphrase === undefined) return checked(`${open}secret ${bytesToHex(key.streamSecretKey)}\n`);

  expectLength('salt', salt, SALT_BYTES);
  expectLength('nonce', nonce, NONCE_BYTES);
  expectInteger('scryptLogN', scryptLogN, SCRYPT_LOG_N_MIN, SCRYPT_LOG_N_MAX);
  if (passphrase === '') throw new RangeError('passphrase: expected at least one character, got none');
  const before = `${open}scrypt ${scryptLogN} ${bytesToHex(salt)}\nnonce ${bytesToHex(nonce)}\n`;
  const cipher = xchacha20poly1305(sealingKey(passphrase, salt, scryptLogN), nonce, ascii(before));
  return checked(`${before}sealed ${bytesToHex(cipher.encrypt(key.streamSecretKey))}\n`);
}

/**
 * Reads a key file. One that isn't sealed needs no passphrase and ignores it.
 * @param text - What the file says; line ends may have become CR LF.
 * @returns The key, or why the file is refused: a mistyped passphrase, a damaged file and a file that never was a key
 * are different reasons.
 * @see spec/0002-live-piece-auth.md §7
 */
export function decodeKeyFile(
  text: string,
  passphrase?: string,
): { readonly ok: true; readonly value: StreamKey } | { readonly ok: false; readonly reason: KeyFileReason } {
  const first = text.length > CHARACTERS_MAX ? null : FIRST.exec(text);
  if (first === null) return { ok: false, reason: 'not-a-key-file' };
  if (first[1] !== '1') return { ok: false, reason: 'version' };
  const lines = `${text.replaceAll('\r\n', '\n').trimEnd()}\n`;
  const body = lines.slice(0, -CHECK_LINE_CHARACTERS);
  if (checked(body) !== lines) return { ok: false, reason: 'damaged' };

  const plain = PLAIN.exec(body)?.groups;
  if (plain !== undefined) return matchingKey(bytesOf(plain.secret), bytesOf(plain.public));
  const sealed = SEALED.exec(body)?.groups;
  if (sealed === undefined) return { ok: false, reason: 'damaged' };
  return openSealed(sealed, passphrase);
}

function openSealed(fields: Record<string, string>, passphrase: string | undefined): ReturnType<typeof decodeKeyFile> {
  const logN = Number(fields.logN);
  // The cost comes from the file: unbounded, it could take all memory.
  if (logN < SCRYPT_LOG_N_MIN || logN > SCRYPT_LOG_N_MAX) return { ok: false, reason: 'scrypt-cost' };
  if (passphrase === undefined) return { ok: false, reason: 'passphrase-needed' };
  const key = sealingKey(passphrase, bytesOf(fields.salt), logN);
  const cipher = xchacha20poly1305(key, bytesOf(fields.nonce), ascii(fields.before as string));
  let secret: Uint8Array;
  try {
    secret = cipher.decrypt(bytesOf(fields.sealed));
  } catch {
    return { ok: false, reason: 'wrong-passphrase' };
  }
  return matchingKey(secret, bytesOf(fields.public));
}

function matchingKey(streamSecretKey: Uint8Array, streamPublicKey: Uint8Array): ReturnType<typeof decodeKeyFile> {
  if (!equalBytes(ed25519.getPublicKey(streamSecretKey), streamPublicKey)) return { ok: false, reason: 'damaged' };
  return { ok: true, value: { streamSecretKey, streamPublicKey } };
}

/** NFKC: the same passphrase typed on another keyboard or system must be the same bytes. */
function sealingKey(passphrase: string, salt: Uint8Array, logN: number): Uint8Array {
  return scrypt(utf8ToBytes(passphrase.normalize('NFKC')), salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });
}

/** Adds the line that tells a damaged file from a mistyped passphrase. It protects against accidents only. */
function checked(body: string): string {
  return `${body}check ${bytesToHex(sha256(utf8ToBytes(body)).subarray(0, CHECK_BYTES))}\n`;
}

function bytesOf(hex: string | undefined): Uint8Array {
  return hexToBytes(hex as string);
}

const FIRST_LINE = 'tstream key';
const FIRST = /^tstream key (\d{1,9})\r?\n/;
const PLAIN = /^tstream key 1\npublic (?<public>[\da-f]{64})\nsecret (?<secret>[\da-f]{64})\n$/;
const SEALED =
  /^(?<before>tstream key 1\npublic (?<public>[\da-f]{64})\nscrypt (?<logN>[1-9]\d?) (?<salt>[\da-f]{32})\nnonce (?<nonce>[\da-f]{48})\n)sealed (?<sealed>[\da-f]{96})\n$/;
const CHARACTERS_MAX = 1024;
const SALT_BYTES = 16;
const NONCE_BYTES = 24;
const CHECK_BYTES = 8;
const CHECK_LINE_CHARACTERS = 'check \n'.length + 2 * CHECK_BYTES;
/** OWASP's recommendation for scrypt (2023): N = 2^17, r = 8, p = 1. */
const SCRYPT_LOG_N = 17;
const SCRYPT_LOG_N_MIN = 10;
const SCRYPT_LOG_N_MAX = 18;
