/** Senders that know what everybody holds, as only a simulator can: figures to stand beside, not a bound that was proven. */
import type { Output } from '@tstream/peer-core';
import { createAllKnowing, type PiecePicker } from '@tstream/piece-picker';
import type { Member } from './member.js';

/** Names that a scenario knows the references by, in place of a picker's. */
export const REFERENCES: Readonly<Record<string, 'plain' | 'by-strength'>> = {
  'all-knowing': 'plain',
  'all-knowing-by-strength': 'by-strength',
};

/** Knows at every moment which pieces each peer holds, is receiving, or has accepted. */
export class Omniscience {
  readonly #order: 'plain' | 'by-strength';
  /** By the peer's number: accepted, and not whole yet. */
  readonly #coming: Set<number>[] = [];
  readonly #run: number;

  constructor(order: 'plain' | 'by-strength', run: number) {
    this.#order = order;
    this.#run = run;
  }

  /** To be told of all that peers ask for. */
  note({ number }: Member, output: Output): void {
    if (output.type === 'store' && output.whole) this.#coming[number]?.delete(output.header.seq);
    else if (output.type === 'abandon') this.#coming[number]?.delete(output.seq);
    if (output.type !== 'send') return;
    const { message } = output;
    // In a simulated run a ring index is a sequence number.
    if (message.type === 'request') (this.#coming[number] ??= new Set()).add(message.index);
    else if (message.type === 'cancel') this.#coming[number]?.delete(message.index);
    else if (message.type === 'want') this.#coming[number]?.delete(message.seq);
  }

  /** A picker for one peer. @param self - That peer, as soon as it is there. */
  picker(self: () => Member | undefined): PiecePicker {
    const neighbour = (connection: number) => self()?.pipes.get(connection)?.to;
    return createAllKnowing(
      {
        holds: (connection, seq) => {
          const member = neighbour(connection);
          return member !== undefined && this.#has(member, seq);
        },
        uploadOf: (connection) => neighbour(connection)?.line.uploadBytesPerSecond ?? 0,
      },
      this.#order,
    );
  }

  #has({ number, store }: Member, seq: number): boolean {
    return this.#coming[number]?.has(seq) === true || store.isWhole(this.#run, seq);
  }
}
