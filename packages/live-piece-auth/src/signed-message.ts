import { ascii, expectLength } from './bytes.js';
import { DIGEST_BYTES } from './suite.js';

/**
 * What is really signed: a tag that no other use shares, the swarm, then the fields. Without the tag a certificate
 * could be shown as a header; without the swarm, a piece of one stream in another of the same key.
 * @param infoDigest - SHA-256 of the exact `info` bytes, 32 bytes.
 * @see spec/0002-live-piece-auth.md §3
 */
export function signedMessage(tag: Uint8Array, infoDigest: Uint8Array, fields: Uint8Array): Uint8Array {
  expectLength('infoDigest', infoDigest, DIGEST_BYTES);
  const message = new Uint8Array(tag.length + DIGEST_BYTES + fields.length);
  message.set(tag);
  message.set(infoDigest, tag.length);
  message.set(fields, tag.length + DIGEST_BYTES);
  return message;
}

export const HEADER_TAG = ascii('tstream live piece v1\0');
export const CERTIFICATE_TAG = ascii('tstream run certificate v1\0');
export const SOURCE_PROOF_TAG = ascii('tstream source proof v1\0');
