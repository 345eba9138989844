import { describe, expect, it } from 'vitest';
import { blockDigests, decodeHeader, encodeHeader, verifyHeader } from '../src/index.js';
import { suites } from './suites.js';
import { bytesOf, type HeaderVectors, payloadOf, vectors } from './vectors.js';

const { infoDigest, runSecretKey, runPublicKey, accepted, refused, unverified } = vectors<HeaderVectors>('header');
const info = bytesOf(infoDigest);
const key = bytesOf(runPublicKey);

describe.each(suites)('header vectors, $name', ({ suite }) => {
  it.each(accepted)('accepts $name', ({ fields, bytes }) => {
    const digests = blockDigests(payloadOf(fields.payloadBytes), suite);
    expect(decodeHeader(bytesOf(bytes))).toEqual({ ok: true, value: { ...fields, digests } });
    expect(verifyHeader(bytesOf(bytes), info, key, suite)).toBe(true);
  });

  it.each(accepted.filter(({ extensions }) => extensions === ''))('writes $name', ({ fields, bytes }) => {
    const digests = blockDigests(payloadOf(fields.payloadBytes), suite);
    expect(encodeHeader({ ...fields, digests }, info, bytesOf(runSecretKey), suite)).toEqual(bytesOf(bytes));
  });

  it.each(refused)('refuses $name: $reason', ({ bytes, reason }) => {
    expect(decodeHeader(bytesOf(bytes))).toEqual({ ok: false, reason });
  });

  it.each(unverified)('does not verify what is $name', ({ bytes }) => {
    expect(decodeHeader(bytesOf(bytes)).ok).toBe(true);
    expect(verifyHeader(bytesOf(bytes), info, key, suite)).toBe(false);
  });
});
