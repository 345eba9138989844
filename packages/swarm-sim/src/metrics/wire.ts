import type { Block, Message } from '@tstream/wire-ext';
import { share } from './tally.js';

/** Bytes sent, by message, `payload` and `packets` apart; summed up since the beginning. */
export class Wire {
  #payloadBytes = 0;
  #packetsBytes = 0;
  readonly #messages = new Map<string, { bytes: number }>();

  /** @param messageBytes - As encoded. @param headBytes - Heads of packets that it costs beside. */
  add(message: Message<Block>, messageBytes: number, headBytes: number): void {
    const payloadBytes = message.type === 'piece' ? message.block.byteLength : 0;
    this.#payloadBytes += payloadBytes;
    this.#packetsBytes += headBytes;
    const ownBytes = messageBytes - payloadBytes;
    const sum = this.#messages.get(message.type);
    if (sum) sum.bytes += ownBytes;
    else this.#messages.set(message.type, { bytes: ownBytes });
  }

  /** As they are now. */
  snapshot(): WireBytes {
    const messages = [...this.#messages].map(([type, { bytes }]) => [type, bytes] as const);
    return { payload: this.#payloadBytes, packets: this.#packetsBytes, ...Object.fromEntries(messages) };
  }
}

export type WireBytes = Readonly<Record<string, number>>;

/** What was sent between two snapshots. */
export function sentBetween(before: WireBytes, after: WireBytes): WireBytes {
  return Object.fromEntries(Object.entries(after).map(([kind, bytes]) => [kind, bytes - (before[kind] ?? 0)]));
}

/** Bytes of messages that are not payload, by payload; packets' heads left out. */
export function overheadOf(bytes: WireBytes): number {
  const { payload = 0, packets = 0 } = bytes;
  const all = Object.values(bytes).reduce((sum, each) => sum + each, 0);
  return share(all - packets - payload, payload);
}
