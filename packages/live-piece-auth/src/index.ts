/** Headers, digests and signatures of live pieces; run certificates; key files. Bytes: spec/0002-live-piece-auth.md. */
export { blockDigests, verifyBlock } from './blocks.js';
export {
  CERTIFICATE_BYTES,
  type CertificateReason,
  decodeCertificate,
  encodeCertificate,
  type RunCertificate,
  verifyCertificate,
} from './certificate.js';
export { decodeHeader } from './decode-header.js';
export { encodeHeader, verifyHeader } from './encode-header.js';
export { BLOCK_BYTES, HEADER_BYTES_MAX, type HeaderReason, PIECE_BYTES_MAX, type PieceHeader } from './header.js';
export { decodeKeyFile, encodeKeyFile, type KeyFileOptions, type KeyFileReason, type StreamKey } from './key-file.js';
export { nobleSuite } from './noble-suite.js';
export { signSourceProof, verifySourceProof } from './source-proof.js';
export type { CryptoSuite } from './suite.js';
