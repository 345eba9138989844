/** What came of reading remote bytes. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: WireReason };

/** Why bytes of a neighbour are refused. After any of them the connection is of no more use. */
export type WireReason =
  /** The connection does not begin with BitTorrent's handshake. */
  | 'not-bittorrent'
  /** A message announces more bytes than its limit. */
  | 'message-too-long'
  /** A message has not the length that its id calls for. */
  | 'message-length'
  /** A block, or a request for one, of 0 bytes or more than a block's. */
  | 'block-length'
  /** Too many bytes in a row that mean nothing here. */
  | 'unknown-flood'
  /** A dictionary that is not strict bencode. */
  | 'bencode'
  /** A field of the extended handshake has the wrong shape. */
  | 'handshake-field'
  /** A field of a BEP 11 message has the wrong shape. */
  | 'pex-field'
  /** More addresses than BEP 11 allows. */
  | 'pex-too-many'
  /** A field of a BEP 9 message has the wrong shape, or its bytes are not those it speaks of. */
  | 'metadata-field'
  /** A live message has not the length that its type calls for. */
  | 'live-length'
  /** A run of 0, or a sequence number above 2^53−1. */
  | 'live-number';

export function accept<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(reason: WireReason): { readonly ok: false; readonly reason: WireReason } {
  return { ok: false, reason };
}
