import type { Block, Message } from '@tstream/wire-ext';
import type { ConnectionId } from '../inputs.js';

/** A reader, as the driver numbers it: a small integer that it never uses twice. */
export type ReaderId = number;

/** What a driver tells a {@link VodPeer}. As for a live peer: facts only, the time is the second argument of `handle`. */
export type VodInput =
  /** BitTorrent's handshake is done. */
  | {
      readonly type: 'joined';
      readonly connection: ConnectionId;
      /** Neighbour's peer id, 20 bytes. */
      readonly peerId: Uint8Array;
      /** Names its address block, for a choker that gives many peers of one block no more than one; absent: not known. */
      readonly group?: string | undefined;
      /** It called us; absent: we called it, so that others can. */
      readonly incoming?: boolean | undefined;
      /** Both sides speak BEP 6. */
      readonly fast: boolean;
    }
  /** The neighbour's extended handshake (BEP 10), which may come at any time after `joined`, or never. */
  | {
      readonly type: 'extended';
      readonly connection: ConnectionId;
      /** How many requests it queues; absent: 250, as most do. */
      readonly requestsMax?: number | undefined;
      /** It takes WITNESS messages. */
      readonly witnesses: boolean;
    }
  /** A server that has the whole content (BEP 19): a neighbour that holds everything, never chokes, and is asked for whole pieces. */
  | { readonly type: 'webSeed'; readonly connection: ConnectionId }
  /** The answer to an output `fetch` can't be had. The blocks of one that can come as messages `piece`. */
  | { readonly type: 'fetchFailed'; readonly connection: ConnectionId; readonly index: number }
  /** The connection is gone, whoever closed it. */
  | { readonly type: 'left'; readonly connection: ConnectionId }
  | { readonly type: 'message'; readonly connection: ConnectionId; readonly message: Message<Block> }
  /** The system took this block of an output `sendBlock` off the driver's hands: there is room for the next. */
  | { readonly type: 'sent'; readonly connection: ConnectionId; readonly blockBytes: number }
  /** The answer to an output `verify`. */
  | { readonly type: 'verified'; readonly index: number; readonly ok: boolean }
  /** A piece that was held can't be read any more: a file was changed, or is gone. */
  | { readonly type: 'lost'; readonly index: number }
  /** Which pieces are wanted from now on: 1 for each. The peer takes it over. */
  | { readonly type: 'wanted'; readonly wanted: Uint8Array }
  /**
   * Somebody reads in order, and has come to `fromByte` of the torrent; it will go on to `toByte` (exclusive). Said again as it moves, and
   * when it jumps.
   */
  | {
      readonly type: 'reader';
      readonly reader: ReaderId;
      readonly fromByte: number;
      readonly toByte: number;
      /** It shows something already; false while it fills its first buffer. */
      readonly playing: boolean;
      /** Bitrate of what it reads, bytes per second; 0: not known. */
      readonly bytesPerSecond: number;
      /** What it has taken ahead of what it shows, milliseconds. */
      readonly bufferedMs: number;
    }
  | { readonly type: 'readerGone'; readonly reader: ReaderId }
  /** Limits changed; above 0, Infinity for none. */
  | { readonly type: 'limits'; readonly uploadBytesPerSecond: number; readonly downloadBytesPerSecond: number }
  /** Nothing but the time. */
  | { readonly type: 'time' };
