import { decodeHeader } from '@tstream/live-piece-auth';
import type { Output, PeerEvent } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import type { Member } from './member.js';
import type { Observer } from './observer.js';

/**
 * What a run tells while it happens, one fact a record, in order. Peers are numbers from 0 on, in the order in which they came; 0 is the
 * source. Times are virtual microseconds since the beginning.
 */
export type TraceRecord =
  /** A peer came; `of` is its class, or `source`. */
  | { readonly what: 'came'; readonly atUs: number; readonly peer: number; readonly of: string }
  | { readonly what: 'left'; readonly atUs: number; readonly peer: number }
  /** A message was delivered; `bytes` as encoded. Of what is about one piece, `seq`; of a run of pieces, its first. */
  | {
      readonly what: 'message';
      readonly atUs: number;
      readonly from: number;
      readonly to: number;
      readonly type: Message<Block>['type'];
      readonly bytes: number;
      readonly seq?: number | undefined;
    }
  /** A peer has a piece whole, and checked. */
  | { readonly what: 'whole'; readonly atUs: number; readonly peer: number; readonly seq: number }
  /** A piece went to the reader. */
  | { readonly what: 'read'; readonly atUs: number; readonly peer: number; readonly seq: number }
  /** A peer closed a connection, for a while or, with `ban`, for good. */
  | {
      readonly what: 'closed';
      readonly atUs: number;
      readonly peer: number;
      readonly remote: number;
      readonly reason: string;
      readonly ban: boolean;
    }
  | { readonly what: 'event'; readonly atUs: number; readonly peer: number; readonly event: PeerEvent };

/** Has `tell` hear of all that an observer sees. */
export function tellTrace(tell: (record: TraceRecord) => void, observer: Observer): Observer {
  // Peers know whole milliseconds only: what they ask for belongs to what was delivered last.
  let nowUs = 0;
  return {
    sent: (...args) => observer.sent(...args),
    arrived(from, to, message, bytes, atUs) {
      const { type } = message;
      nowUs = atUs;
      tell({ what: 'message', atUs, from: from.number, to: to.number, type, bytes, seq: seqOf(message) });
      observer.arrived(from, to, message, bytes, atUs);
    },
    asked(member, output, atMs) {
      nowUs = Math.max(nowUs, atMs * 1000);
      const record = recordOf(member, output, nowUs);
      if (record) tell(record);
      observer.asked(member, output, atMs);
    },
  };
}

function recordOf(member: Member, output: Output, atUs: number): TraceRecord | undefined {
  const peer = member.number;
  switch (output.type) {
    case 'store':
      return output.whole ? { what: 'whole', atUs, peer, seq: output.header.seq } : undefined;
    case 'deliver':
      return { what: 'read', atUs, peer, seq: output.header.seq };
    case 'event':
      return { what: 'event', atUs, peer, event: output.event };
    case 'close': {
      const { reason, ban } = output;
      const remote = member.pipes.get(output.connection)?.to.number;
      return remote === undefined ? undefined : { what: 'closed', atUs, peer, remote, reason, ban };
    }
    default:
      return undefined;
  }
}

/** The piece that a message is about. In a simulated run a ring index is a sequence number: no run goes once round the ring. */
function seqOf(message: Message<Block>): number | undefined {
  switch (message.type) {
    case 'piece':
    case 'request':
    case 'cancel':
    case 'have':
    case 'reject':
      return message.index;
    case 'coming':
    case 'decline':
    case 'withdraw':
    case 'want':
    case 'start':
      return message.seq;
    case 'live-have':
      return message.base;
    case 'offer':
    case 'edge': {
      const header = decodeHeader(message.header);
      return header.ok ? header.value.seq : undefined;
    }
    default:
      return undefined;
  }
}
