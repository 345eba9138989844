import type { Member } from '../member.js';
import type { Roster } from './roster.js';

/** Who fed whom: bytes of video by the receiver's class and the sender's. */
export class FedBy {
  readonly #roster: Roster;
  readonly #bytes = new Map<string, Map<string, number>>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  add(to: Member, from: Member, bytes: number): void {
    const receiver = this.#nameOf(to);
    const sender = this.#nameOf(from);
    let row = this.#bytes.get(receiver);
    if (!row) this.#bytes.set(receiver, (row = new Map()));
    row.set(sender, (row.get(sender) ?? 0) + bytes);
  }

  /** Receiver → sender → bytes. */
  table(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return Object.fromEntries([...this.#bytes].map(([receiver, row]) => [receiver, Object.fromEntries(row)]));
  }

  #nameOf(member: Member): string {
    return this.#roster.entryOf(member)?.peerClass.name ?? 'source';
  }
}
