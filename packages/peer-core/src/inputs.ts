import type { Block, Message } from '@tstream/wire-ext';

/** A connection, as the driver numbers it: a small integer that it never uses twice. */
export type ConnectionId = number;

/**
 * What a driver tells a {@link Peer}. Every input carries facts; none carries a time, as the time is the second
 * argument of `peer.handle`. Bytes that came from a neighbour are never an exception: the answer is an output `close`.
 */
export type Input =
  /** Handshake and extended handshake are done, and the neighbour speaks `ts_live` for this swarm. */
  | {
      readonly type: 'joined';
      readonly connection: ConnectionId;
      /** Neighbour's peer id, 20 bytes: what its proof of being the source is bound to. */
      readonly peerId: Uint8Array;
      /** Names its address block, for a choker that gives many peers of one block no more than one; absent: not known. */
      readonly group?: string | undefined;
      /** It called us; absent: we called it, so that others can. */
      readonly incoming?: boolean | undefined;
    }
  /** The connection is gone, whoever closed it. */
  | { readonly type: 'left'; readonly connection: ConnectionId }
  | { readonly type: 'message'; readonly connection: ConnectionId; readonly message: Message<Block> }
  /** The first byte of a block is in; the block itself follows as a message `piece`, or never. */
  | {
      readonly type: 'pieceStarted';
      readonly connection: ConnectionId;
      /** Ring index. */
      readonly index: number;
      /** Byte offset of the block in its piece. */
      readonly begin: number;
    }
  /** The answer to an output `verify`, in any order; a late or unknown one is ignored. */
  | { readonly type: 'verified'; readonly job: number; readonly ok: boolean }
  /** The system took this block of an output `sendBlock` off the driver's hands: there is room for the next. */
  | { readonly type: 'sent'; readonly connection: ConnectionId; readonly blockBytes: number }
  /** This process holds the stream key and has certified a run. Certificate as encoded, 116 bytes. */
  | { readonly type: 'certified'; readonly certificate: Uint8Array }
  /** A signed piece that this process made; its payload is already in the driver's store. Header as encoded. */
  | { readonly type: 'published'; readonly header: Uint8Array }
  /** A signed heartbeat or END that this process made. Header as encoded. */
  | { readonly type: 'beat'; readonly header: Uint8Array }
  /** Whether the virtual reader takes what is due. A reader that does not take keeps its place; the lag grows. */
  | { readonly type: 'reader'; readonly taking: boolean }
  /** Wall clock minus monotonic clock, milliseconds. A hint: the peer works with it an hour off. */
  | { readonly type: 'wallClock'; readonly offsetMs: number }
  /** The upload limit changed; above 0, Infinity for none. */
  | { readonly type: 'uploadLimit'; readonly bytesPerSecond: number }
  /** Nothing but the time. */
  | { readonly type: 'time' };
