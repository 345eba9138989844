import { expectLength } from './bytes.js';
import { SOURCE_PROOF_TAG, signedMessage } from './signed-message.js';
import type { CryptoSuite } from './suite.js';

/** Bytes of a BitTorrent peer id (BEP 3). */
const PEER_ID_BYTES = 20;

/**
 * Signs that the peer `proverPeerId` of one connection holds the run key: for figures and display, and never for what
 * is believed, since a relay that forwards both handshakes can forward the proof too.
 * @param proverPeerId - The source's own peer id, 20 bytes.
 * @param receiverPeerId - The peer id of the connection's other end, 20 bytes.
 * @returns 64 bytes.
 * @throws {RangeError} If an argument has another length.
 * @see spec/0002-live-piece-auth.md §6
 */
export function signSourceProof(
  infoDigest: Uint8Array,
  proverPeerId: Uint8Array,
  receiverPeerId: Uint8Array,
  runSecretKey: Uint8Array,
  suite: CryptoSuite,
): Uint8Array {
  return suite.sign(proofMessage(infoDigest, proverPeerId, receiverPeerId), runSecretKey);
}

/**
 * Whether `proof` was signed by the run's key for this connection.
 * @returns False on any other bytes of `proof`; never throws on them.
 * @throws {RangeError} If the digest or a peer id has another length.
 */
export function verifySourceProof(
  proof: Uint8Array,
  infoDigest: Uint8Array,
  proverPeerId: Uint8Array,
  receiverPeerId: Uint8Array,
  runPublicKey: Uint8Array,
  suite: CryptoSuite,
): boolean {
  return suite.verify(proof, proofMessage(infoDigest, proverPeerId, receiverPeerId), runPublicKey);
}

function proofMessage(infoDigest: Uint8Array, proverPeerId: Uint8Array, receiverPeerId: Uint8Array): Uint8Array {
  expectLength('proverPeerId', proverPeerId, PEER_ID_BYTES);
  expectLength('receiverPeerId', receiverPeerId, PEER_ID_BYTES);
  const peerIds = new Uint8Array(2 * PEER_ID_BYTES);
  peerIds.set(proverPeerId);
  peerIds.set(receiverPeerId, PEER_ID_BYTES);
  return signedMessage(SOURCE_PROOF_TAG, infoDigest, peerIds);
}
