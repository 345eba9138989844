import type { Block, CloseReason, Message } from '@tstream/wire-ext';
import type { ConnectionId } from '../inputs.js';

/** What a {@link VodPeer} asks of its driver. Carry them out in order. */
export type VodOutput =
  | { readonly type: 'send'; readonly connection: ConnectionId; readonly message: Message<Block> }
  /** Send one block of a held piece as a message `piece`; answer with `sent` when the system took it, or `lost` if it can't be read. */
  | {
      readonly type: 'sendBlock';
      readonly connection: ConnectionId;
      readonly index: number;
      readonly begin: number;
      readonly blockBytes: number;
    }
  /** For a web seed: get these pieces, one range of bytes, and give them back as messages `piece`, in blocks of 16 KiB. */
  | {
      readonly type: 'fetch';
      readonly connection: ConnectionId;
      readonly index: number;
      readonly pieces: number;
    }
  /** Stop a `fetch` that is under way. */
  | { readonly type: 'cancelFetch'; readonly connection: ConnectionId }
  /** A block that was asked for. Keep it with the others of its piece; it is not verified. */
  | { readonly type: 'store'; readonly index: number; readonly begin: number; readonly block: Block }
  /** All blocks of this piece are there: check it under its SHA-1 and answer with `verified`; if it holds, write it. */
  | { readonly type: 'verify'; readonly index: number }
  /** Blocks of this piece are not needed any more: forget them. */
  | { readonly type: 'abandon'; readonly index: number }
  /** Close the connection; with `ban`, keep the neighbour out for a while, by address and peer id. */
  | { readonly type: 'close'; readonly connection: ConnectionId; readonly reason: CloseReason; readonly ban: boolean }
  | { readonly type: 'event'; readonly event: VodEvent };

/** What happened; readers wait for `held`, people for the rest. */
export type VodEvent =
  /** A piece was verified and may be read. */
  | { readonly type: 'held'; readonly index: number }
  /** All that is wanted is there. */
  | { readonly type: 'complete' };
