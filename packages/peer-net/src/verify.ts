import type { CryptoSuite } from '@tstream/live-piece-auth';
import { verifyCertificate, verifyHeader, verifySourceProof } from '@tstream/live-piece-auth';
import type { Check } from '@tstream/peer-core';
import { blockBytes } from './block-bytes.js';

/** What checks are made against besides what they carry. */
export interface CheckContext {
  readonly infoDigest: Uint8Array;
  readonly streamKey: Uint8Array;
  /** Own peer id. */
  readonly peerId: Uint8Array;
  readonly suite: CryptoSuite;
}

/** Answers a check of the core. */
export function verify(check: Check, { infoDigest, streamKey, peerId, suite }: CheckContext): boolean {
  switch (check.kind) {
    case 'certificate':
      return verifyCertificate(check.certificate, infoDigest, streamKey, suite);
    case 'header':
      return verifyHeader(check.header, infoDigest, check.runKey, suite);
    case 'source':
      return verifySourceProof(check.proof, infoDigest, check.proverId, peerId, check.runKey, suite);
    case 'block': {
      const digest = suite.sha256(blockBytes(check.block));
      return digest.length === check.digest.length && digest.every((byte, at) => byte === check.digest[at]);
    }
  }
}
