import type { Block, PieceMessage } from '@tstream/wire-ext';
import type { Member, Uplink } from './member.js';
import type { Departure, Pipe } from './pipe.js';

/** What is going to happen in the virtual world. */
export type Event =
  /** What departed has come to the receiver's line with its last byte. */
  | Departure
  | { readonly kind: 'started'; readonly pipe: Pipe; readonly message: PieceMessage<Block>; readonly served: boolean }
  | { readonly kind: 'sent'; readonly pipe: Pipe; readonly blockBytes: number }
  /** A line that is shared has something to let go, if that is still its `wakeUs`. It is its own event, as is a peer: nothing is made for it. */
  | Uplink
  /** A peer is to be called, if that is still its `wakeUs`. */
  | Member
  | { readonly kind: 'act'; readonly act: () => void };

export type EventOf<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;
