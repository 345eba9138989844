import type { Block, Message, PieceMessage } from '@tstream/wire-ext';
import type { Member, Pipe, Uplink } from './member.js';

/** What is going to happen in the virtual world. */
export type Event =
  /** The last byte of a message came to the receiver's line; `served`: and through it. */
  | {
      readonly kind: 'arrival';
      readonly pipe: Pipe;
      readonly message: Message<Block>;
      readonly messageBytes: number;
      readonly lineBytes: number;
      readonly firstUs: number;
      readonly served: boolean;
    }
  | { readonly kind: 'started'; readonly pipe: Pipe; readonly message: PieceMessage<Block>; readonly served: boolean }
  | { readonly kind: 'sent'; readonly pipe: Pipe; readonly blockBytes: number }
  /** A line that is shared has something to let go. */
  | { readonly kind: 'line'; readonly line: Uplink; readonly atUs: number }
  | { readonly kind: 'closed'; readonly pipe: Pipe }
  | { readonly kind: 'wake'; readonly member: Member; readonly atUs: number }
  | { readonly kind: 'act'; readonly act: () => void };

export type EventOf<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;
