import type { Block, Message } from '@tstream/wire-ext';
import { share } from './tally.js';

/** Bytes sent, by message, `payload` and `packets` apart; summed up since the beginning. */
export class Wire {
  readonly #bytes = new Map<string, number>([
    ['payload', 0],
    ['packets', 0],
  ]);

  /** @param messageBytes - As encoded. @param headBytes - Heads of packets that it costs beside. */
  add(message: Message<Block>, messageBytes: number, headBytes: number): void {
    const payloadBytes = message.type === 'piece' ? message.block.byteLength : 0;
    if (payloadBytes > 0) this.#count('payload', payloadBytes);
    this.#count(message.type, messageBytes - payloadBytes);
    this.#count('packets', headBytes);
  }

  /** As they are now. */
  snapshot(): WireBytes {
    return Object.fromEntries(this.#bytes);
  }

  #count(kind: string, bytes: number): void {
    this.#bytes.set(kind, (this.#bytes.get(kind) ?? 0) + bytes);
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
