import type { PieceHeader } from '@tstream/live-piece-auth';
import type { Block, CloseReason, Message } from '@tstream/wire-ext';
import type { ConnectionId } from './inputs.js';

/** What a {@link Peer} asks of its driver. Carry them out in order. */
export type Output =
  | { readonly type: 'send'; readonly connection: ConnectionId; readonly message: Message<Block> }
  /**
   * Send one block of a stored piece as a message `piece`; answer with an input `sent` when the system took it.
   * If the payload can't be had any more (a disk that failed), answer `sent` all the same: the neighbour asks elsewhere.
   */
  | {
      readonly type: 'sendBlock';
      readonly connection: ConnectionId;
      readonly run: number;
      readonly seq: number;
      /** Ring index. */
      readonly index: number;
      readonly begin: number;
      readonly blockBytes: number;
    }
  /** Check a signature or a digest; answer with an input `verified`. At most 64 are outstanding. */
  | { readonly type: 'verify'; readonly job: number; readonly check: Check }
  /** A verified block of a piece. Keep it until `discard`. The piece is whole when all of its blocks came. */
  | {
      readonly type: 'store';
      readonly header: PieceHeader;
      readonly begin: number;
      readonly block: Block;
      /** True for the last block of the piece to come in: the piece is whole now. */
      readonly whole: boolean;
    }
  /** Pieces of this run below this sequence number are not needed any more; Infinity: the run is over. */
  | { readonly type: 'discard'; readonly run: number; readonly belowSeq: number }
  /** A started piece will never be whole: forget its blocks. */
  | { readonly type: 'abandon'; readonly run: number; readonly seq: number }
  /** The virtual reader gets this piece now, from this byte on: 0, or the entry point after a gap. */
  | {
      readonly type: 'deliver';
      readonly header: PieceHeader;
      readonly fromByte: number;
      /** True if what comes does not continue what went before: another run, or pieces were dropped. */
      readonly discontinuity: boolean;
    }
  /**
   * For a source: send a message `source` with the proof, bound to this neighbour's peer id, that this process holds
   * the key of the run.
   */
  | { readonly type: 'prove'; readonly connection: ConnectionId; readonly run: number }
  /** Close the connection; with `ban`, keep the neighbour out for a while, by address and peer id. */
  | { readonly type: 'close'; readonly connection: ConnectionId; readonly reason: CloseReason; readonly ban: boolean }
  | { readonly type: 'event'; readonly event: PeerEvent };

/** What is to be checked. Keys and digests are raw bytes; the driver adds the stream's `infoDigest` to signed bytes. */
export type Check =
  /** A certificate, 116 bytes, under the stream key. */
  | { readonly kind: 'certificate'; readonly certificate: Uint8Array }
  /** An encoded header under a run key. */
  | { readonly kind: 'header'; readonly header: Uint8Array; readonly runKey: Uint8Array }
  /** A proof that the neighbour with this peer id holds the run key; the receiver is this process. */
  | { readonly kind: 'source'; readonly proof: Uint8Array; readonly proverId: Uint8Array; readonly runKey: Uint8Array }
  /** A block under its SHA-256. */
  | { readonly kind: 'block'; readonly block: Block; readonly digest: Uint8Array };

/** What happened, for people and scripts; nothing depends on a driver that reads them. */
export type PeerEvent =
  /** First byte to the virtual reader; milliseconds since the peer was made. */
  | { readonly type: 'playing'; readonly startupMs: number }
  | { readonly type: 'stalled'; readonly run: number; readonly seq: number }
  | { readonly type: 'resumed'; readonly stalledMs: number }
  | { readonly type: 'dropped'; readonly run: number; readonly fromSeq: number; readonly pieces: number }
  | { readonly type: 'runStarted'; readonly run: number }
  | { readonly type: 'ended' }
  /** The newest proof is older than 10 s and no heartbeat comes. */
  | { readonly type: 'stale' }
  | { readonly type: 'live' }
  /** For a source: another holder of the stream key certified this run, or a higher one. It must stop. */
  | { readonly type: 'superseded'; readonly run: number }
  /** A neighbour proved that it holds the run key. */
  | { readonly type: 'sourceFound'; readonly connection: ConnectionId };
