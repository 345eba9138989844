import type { ConnectionId } from '@tstream/peer-core';
import type { Block, Message, PieceMessage } from '@tstream/wire-ext';
import type { Member } from './member.js';
import type { Flow } from './shared-uplink.js';

/** A message on its way, or the end of what a connection sends: one object from one end to the other, as most of all objects are these. */
export interface Departure {
  readonly kind: 'arrival';
  readonly pipe: Pipe;
  readonly message: Message<Block> | undefined;
  /** The message, if it carries video. To look for its type, of a dozen shapes of message, costs more than all else that is asked here. */
  readonly piece: PieceMessage<Block> | undefined;
  /** As encoded, and with the packets' heads that it costs. */
  readonly messageBytes: number;
  readonly lineBytes: number;
  /** When its first byte left, microseconds. */
  startUs: number;
  /** It will never arrive. */
  lost: boolean;
  /** It is through the receiver's line. */
  served: boolean;
}

/** One direction of a connection: bytes go in at `from` and come out at `to`, in order. */
export class Pipe {
  /** The other direction. */
  readonly back: Pipe;
  readonly flow: Flow<Departure>;
  /** Messages that wait in the flow; when the last of the others will have left, microseconds; bytes that leave without a pause. */
  waiting = 0;
  leftUs = 0;
  packedBytes = 0;
  /** `from` has not closed it, nor heard that the other end has. */
  open = true;
  /** The same of `to`: what every message asks for, without a look at another object. */
  heard = true;
  /** `from` was told that it is connected. */
  joined = false;
  /** Nothing gets through: the network is split. */
  blocked = false;
  /** Blocked for ever: one end is gone without a word. */
  cut = false;
  /** What was sent while nothing got through: it goes out when the network heals, as TCP would have it. */
  readonly backlog: Message<Block>[] = [];
  /** The piece that is being lost, or was last not lost. */
  lossIndex = -1;
  losing = false;

  /** @param back - The other direction; or its delay, and it is made as well. */
  constructor(
    readonly connection: ConnectionId,
    readonly from: Member,
    readonly to: Member,
    readonly delayUs: number,
    back: Pipe | number,
  ) {
    this.flow = from.uplink.flow();
    this.back = typeof back === 'number' ? new Pipe(connection, to, from, back, this) : back;
  }

  /** `from` closes it, or hears that the other end has. */
  shut(): void {
    this.open = false;
    this.back.heard = false;
  }
}
