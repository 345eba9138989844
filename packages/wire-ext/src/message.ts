/**
 * Every message that a peer sends or receives, as plain values: BEP 3, BEP 6, BEP 9, BEP 10, BEP 11 and the live extension.
 *
 * A message never holds the frame that carried it. Numbers on the wire are big-endian; here they are safe integers.
 *
 * @see spec/0003-wire-ext.md
 */

/** Anything that stands for the bytes of a block. A decoder yields `Uint8Array`; a simulator may only count. */
export interface Block {
  readonly byteLength: number;
}

/** One message of the peer wire. `B` is what stands for a block's bytes. */
export type Message<B extends Block = Uint8Array> =
  | PeerMessage
  | PieceMessage<B>
  | ExtendedHandshake
  | MetadataMessage
  | PexMessage
  | LiveMessage
  | UnknownMessage;

/** BEP 3 and BEP 5 messages other than `piece`. A live swarm uses only `keep-alive`, `request` and `cancel` of them. */
export type PeerMessage =
  | { readonly type: 'keep-alive' }
  | { readonly type: 'choke' | 'unchoke' | 'interested' | 'not-interested' }
  | { readonly type: 'have'; readonly index: number }
  | { readonly type: 'bitfield'; readonly bits: Uint8Array }
  | { readonly type: 'request' | 'cancel'; readonly index: number; readonly begin: number; readonly length: number }
  | { readonly type: 'port'; readonly port: number }
  | FastMessage;

/** BEP 6, the fast extension: only where both handshakes have its bit, and never in a live swarm. */
export type FastMessage =
  | { readonly type: 'have-all' | 'have-none' }
  /** The sender won't answer this request. */
  | { readonly type: 'reject'; readonly index: number; readonly begin: number; readonly length: number }
  /** `suggest`: the sender has it at hand; `allowed-fast`: the sender answers requests for it though it chokes. */
  | { readonly type: 'suggest' | 'allowed-fast'; readonly index: number };

/** BEP 3 `piece`: one block of at most 16 KiB. In a live swarm `index` is the sequence number modulo the ring. */
export interface PieceMessage<B extends Block = Uint8Array> {
  readonly type: 'piece';
  readonly index: number;
  /** Offset of the block in the piece, bytes. */
  readonly begin: number;
  readonly block: B;
}

/** BEP 10 handshake. What the sender calls its extensions; a field that it left out is absent. */
export interface ExtendedHandshake {
  readonly type: 'extended-handshake';
  /** The ids under which the sender wants to receive each extension; 0 switches one off. */
  readonly ids: ExtensionIds;
  /** `v`: the client's name and version, 1–64 printable characters. */
  readonly client?: string;
  /** `p`: the TCP port on which the sender listens, 1–65535. */
  readonly port?: number;
  /** `reqq`: how many requests the sender queues. */
  readonly requestsMax?: number;
  /** `yourip`: the address by which the sender sees the receiver. */
  readonly yourAddress?: string;
  /** `metadata_size` (BEP 9), bytes. */
  readonly metadataBytes?: number;
}

/** Ids of BEP 10 extensions, 1–255; 0 or absent = not supported. */
export interface ExtensionIds {
  readonly ts_live?: number;
  readonly ut_pex?: number;
  readonly ut_metadata?: number;
}

/** BEP 9: the `info` dictionary in blocks of 16 KiB. */
export type MetadataMessage =
  | { readonly type: 'metadata'; readonly kind: 'request' | 'reject'; readonly piece: number }
  | {
      readonly type: 'metadata';
      readonly kind: 'piece';
      readonly piece: number;
      /** Size of the whole `info` dictionary, bytes. */
      readonly totalBytes: number;
      readonly bytes: Uint8Array;
    };

/** BEP 11: addresses of other peers of the swarm, at most 50 of each family in each list. */
export interface PexMessage {
  readonly type: 'pex';
  readonly added: readonly PexPeer[];
  readonly dropped: readonly PeerAddress[];
}

/** A peer that the sender is connected to, with what its flags say of it. */
export interface PexPeer extends PeerAddress {
  /** `added.f` 0x02: it has everything. Absent if it hasn't, or nothing says so. */
  readonly isSeed?: true;
}

/** Where a peer listens. */
export interface PeerAddress {
  /** Dotted IPv4, or IPv6 as RFC 5952 writes it, without brackets. */
  readonly address: string;
  /** 1–65535. */
  readonly port: number;
}

/** A message of the live extension `ts_live`. */
export type LiveMessage =
  /** The certificate (spec/0002, 116 bytes) of a run. */
  | { readonly type: 'cert'; readonly certificate: Uint8Array }
  /** Proof (64 bytes) that the sender holds the key of `run`. */
  | { readonly type: 'source'; readonly run: number; readonly proof: Uint8Array }
  /** The newest header that the sender knows: of a piece, a heartbeat or an END. Proves the live edge. */
  | { readonly type: 'edge'; readonly header: Uint8Array }
  /** The header of a piece that the sender holds or is receiving: ask me for it. */
  | { readonly type: 'offer'; readonly header: Uint8Array }
  /** I have accepted an offer of this piece: do not offer it. */
  | { readonly type: 'coming'; readonly run: number; readonly seq: number }
  /** I hold these pieces: bit 0x80 of the first byte is `base`. */
  | { readonly type: 'live-have'; readonly run: number; readonly base: number; readonly bitmap: Uint8Array }
  | { readonly type: 'decline'; readonly run: number; readonly seq: number; readonly why: DeclineReason }
  /** Takes an offer back. */
  | { readonly type: 'withdraw'; readonly run: number; readonly seq: number }
  /** Answered by an offer or not at all. */
  | { readonly type: 'want'; readonly run: number; readonly seq: number }
  /** Offer me pieces of this run from this one on. */
  | { readonly type: 'start'; readonly run: number; readonly seq: number }
  /** Why the sender closes the connection. */
  | { readonly type: 'close'; readonly reason: CloseReason }
  | WitnessMessage;

/** Whom the sender is connected to, and from which of the receiver's neighbours it got which pieces. */
export interface WitnessMessage {
  readonly type: 'witness';
  /** 0 in an on-demand swarm (spec/0004 §5), whose pieces have no run. */
  readonly run: number;
  /** What the first bit of each report's bitmap stands for. */
  readonly base: number;
  /** Neighbours of the sender's that it hasn't named to the receiver before, at most 64. */
  readonly names: readonly PeerName[];
  /** At most 64. */
  readonly reports: readonly WitnessReport[];
}

/** This peer delivered these pieces to the sender. */
export interface WitnessReport {
  readonly name: PeerName;
  /** 1–32 bytes; bit 0x80 of the first one is the message's `base`. */
  readonly bitmap: Uint8Array;
}

/** The last 8 bytes of a peer id, as 16 hexadecimal digits: how peers speak of one that both may know. */
export type PeerName = string;

/** A message that was skipped: its id (BEP 3), or 20 for an extended one of an unknown extension or type. */
export interface UnknownMessage {
  readonly type: 'unknown';
  readonly id: number;
}

/** Why an offer is not taken. */
export type DeclineReason = keyof typeof DECLINE_REASONS;

/** Why a connection is closed. */
export type CloseReason = keyof typeof CLOSE_REASONS;

/** Codes of DECLINE, spec/0003 §4.7. */
export const DECLINE_REASONS = { have: 1, coming: 2, busy: 3 } as const;

/** Codes of CLOSE, spec/0003 §4.11. A code that is not listed here is read as `other`. */
export const CLOSE_REASONS = {
  other: 0,
  /** The program ends. */
  leaving: 1,
  /** No room for another neighbour. */
  full: 2,
  /** Already connected to this peer. */
  duplicate: 3,
  /** The peer is ourselves. */
  self: 4,
  /** Kept out for what it did before. */
  banned: 5,
  /** Its extended handshake has no `ts_live`, or its infohash is not served here. */
  'not-live': 6,
  /** Bytes that are no message, or over a limit. */
  malformed: 7,
  /** A message that nothing allowed at this point. */
  unexpected: 8,
  'bad-certificate': 9,
  /** Signature or fields of a header do not hold. */
  'bad-header': 10,
  'bad-block': 11,
  /** A header that is too old to be shown. */
  stale: 12,
  /** A header from further ahead than any clock error explains. */
  future: 13,
  /** Offered or accepted, then not delivered, too often. */
  'no-delivery': 14,
  /** More messages or requests than anyone needs. */
  flood: 15,
  /** Silent, or handshake not finished, for too long. */
  timeout: 16,
} as const;

/** The ids under which this implementation receives extensions: `m` of its own extended handshake. */
export const LOCAL_EXTENSION_IDS = { ut_pex: 1, ut_metadata: 2, ts_live: 3 } as const;
