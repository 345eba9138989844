import { describe, expect, it } from 'vitest';
import { signSourceProof, verifySourceProof } from '../src/index.js';
import { suites } from './suites.js';
import { bytesOf, type SourceProofVectors, vectors } from './vectors.js';

const found = vectors<SourceProofVectors>('source-proof');
const info = bytesOf(found.infoDigest);
const prover = bytesOf(found.proverPeerId);
const receiver = bytesOf(found.receiverPeerId);
const key = bytesOf(found.runPublicKey);

describe.each(suites)('a source proof, $name', ({ suite }) => {
  it('is signed and verified as in the vectors', () => {
    expect(signSourceProof(info, prover, receiver, bytesOf(found.runSecretKey), suite)).toEqual(bytesOf(found.proof));
    expect(verifySourceProof(bytesOf(found.proof), info, prover, receiver, key, suite)).toBe(true);
  });

  it.each(found.unverified)('does not hold $name', ({ proof }) => {
    expect(verifySourceProof(bytesOf(proof), info, prover, receiver, key, suite)).toBe(false);
  });

  it('of any other length is wrong', () => {
    for (const length of [0, 63, 65]) {
      expect(verifySourceProof(new Uint8Array(length), info, prover, receiver, key, suite)).toBe(false);
    }
  });

  it('refuses a peer id or a digest of another length, and says so', () => {
    const verify = (digest: Uint8Array, one: Uint8Array, other: Uint8Array) => () =>
      verifySourceProof(bytesOf(found.proof), digest, one, other, key, suite);
    const short = new Uint8Array(19);
    expect(verify(info, short, receiver)).toThrow(new RangeError('proverPeerId: expected 20 bytes, got 19'));
    expect(verify(info, prover, short)).toThrow(new RangeError('receiverPeerId: expected 20 bytes, got 19'));
    expect(verify(short, prover, receiver)).toThrow(new RangeError('infoDigest: expected 32 bytes, got 19'));
  });
});
