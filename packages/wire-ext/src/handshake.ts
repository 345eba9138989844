/** BEP 3's handshake: 68 bytes, the first that either side sends. */

export interface Handshake {
  /** 20 bytes. */
  readonly infohash: Uint8Array;
  /** 20 bytes. */
  readonly peerId: Uint8Array;
  /** BEP 10. */
  readonly extended: boolean;
  /** BEP 5. */
  readonly dht: boolean;
  /** BEP 6. */
  readonly fast: boolean;
}

/**
 * @throws {RangeError} If infohash or peer id are not 20 bytes.
 */
export function encodeHandshake(handshake: Handshake): Uint8Array {
  const { infohash, peerId, extended, dht, fast } = handshake;
  if (infohash.length !== 20) throw new RangeError(`expected an infohash of 20 bytes, got ${infohash.length}`);
  if (peerId.length !== 20) throw new RangeError(`expected a peer id of 20 bytes, got ${peerId.length}`);
  const bytes = new Uint8Array(HANDSHAKE_BYTES);
  bytes.set(PREFIX);
  if (extended) bytes[25] = 0x10;
  bytes[27] = (dht ? 0x01 : 0) | (fast ? 0x04 : 0);
  bytes.set(infohash, 28);
  bytes.set(peerId, 48);
  return bytes;
}

/** @param bytes - 68 bytes whose first 20 are {@link isHandshakeByte}. */
export function decodeHandshake(bytes: Uint8Array): Handshake {
  const reserved5 = bytes[25] as number;
  const reserved7 = bytes[27] as number;
  return {
    infohash: new Uint8Array(bytes.subarray(28, 48)),
    peerId: new Uint8Array(bytes.subarray(48, 68)),
    extended: (reserved5 & 0x10) !== 0,
    dht: (reserved7 & 0x01) !== 0,
    fast: (reserved7 & 0x04) !== 0,
  };
}

/** Whether a handshake may have this byte there: the first wrong one tells a stranger. */
export function isHandshakeByte(byte: number, at: number): boolean {
  return at >= PREFIX.length || byte === PREFIX[at];
}

export const HANDSHAKE_BYTES = 68;

/** 0x13 "BitTorrent protocol" */
const PREFIX = new Uint8Array([
  19, 66, 105, 116, 84, 111, 114, 114, 101, 110, 116, 32, 112, 114, 111, 116, 111, 99, 111, 108,
]);
