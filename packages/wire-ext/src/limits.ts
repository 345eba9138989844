/** What a decoder takes from a neighbour. Each is a whole number above 0. */
export interface DecoderLimits {
  /** A block, or a request for one. */
  readonly blockBytesMax: number;
  /** The bits of a `bitfield`. */
  readonly bitfieldBytesMax: number;
  /** What the length field of any message other than `piece` and `bitfield` may say. */
  readonly messageBytesMax: number;
  /** A bencoded dictionary: extended handshake, BEP 11. */
  readonly dictionaryBytesMax: number;
  /** A live message, type byte included. */
  readonly liveBytesMax: number;
  /** The header in an EDGE or OFFER. */
  readonly headerBytesMax: number;
  /** The bitmap in a HAVE. */
  readonly bitmapBytesMax: number;
  /** BEP 11: addresses in each list of each family. */
  readonly pexPeersMax: number;
  /** BEP 9: the `info` dictionary. */
  readonly metadataBytesMax: number;
  /** Messages of unknown ids, frames included, with nothing but keep-alives between them. */
  readonly unknownBytesMax: number;
}

/** @throws {RangeError} If a limit is not a whole number above 0. */
export function checkLimits(limits: DecoderLimits): void {
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof DecoderLimits)[]) {
    const limit = limits[name];
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`expected ${name} as a whole number above 0, got ${limit}`);
    }
  }
}

/** spec/0003 §6. */
export const DEFAULT_LIMITS: DecoderLimits = {
  // BEP 3: all implementations use 2^14, and close connections that request more.
  blockBytesMax: 16_384,
  // A bit for each of 2,097,152 pieces: spec/0004, as libtorrent's `load_torrent_limits::max_pieces`.
  bitfieldBytesMax: 262_144,
  // A guess: twice the longest message that is no bitfield, and room for other clients' extensions.
  messageBytesMax: 65_536,
  // A guess: handshakes of today's clients are 100–400 bytes, a full BEP 11 message 2.6 KB.
  dictionaryBytesMax: 16_384,
  // Twice the longest message of this version, so that a later one may grow.
  liveBytesMax: 8192,
  // spec/0002: the longest header is 484 bytes.
  headerBytesMax: 512,
  // 32,768 pieces: an hour of pieces of 110 ms.
  bitmapBytesMax: 4096,
  // BEP 11: 50 added and 50 dropped; for each family, as clients differ in what they add up.
  pexPeersMax: 50,
  // What the library ut_metadata takes at most (1E7).
  metadataBytesMax: 10_000_000,
  // A guess: four of the longest messages.
  unknownBytesMax: 262_144,
};
