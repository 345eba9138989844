import { BLOCK_BYTES, type PieceHeader } from '@tstream/live-piece-auth';
import type { Block } from '@tstream/wire-ext';
import type { Broadcast } from '../broadcast.js';
import type { Member } from '../member.js';
import type { SimBlock } from '../stream.js';
import type { Roster } from './roster.js';

/** Blocks that the source did not make: who sent them to honest viewers, what came of it, and whether anybody played one. */
export class BadBlocks {
  readonly #source: Broadcast;
  readonly #roster: Roster;
  /** Who sent those that nobody has looked at. What a peer has given up waiting for, it throws away unread. */
  readonly #unread = new Map<Block, Member>();
  /** When the last one was read, by receiver and sender, whole milliseconds. */
  readonly #readMs = new Map<string, number>();

  constructor(source: Broadcast, roster: Roster) {
    this.#source = source;
    this.#roster = roster;
  }

  /** A block is delivered. */
  arrived(from: Member, seq: number, begin: number, block: Block): void {
    if (!this.#isGenuine(seq, begin, block)) this.#unread.set(block, from);
  }

  /** A peer takes a block, and has it checked. */
  read(member: Member, block: Block, atMs: number): void {
    const from = this.#unread.get(block);
    if (!from) return;
    this.#unread.delete(block);
    const sender = this.#roster.entryOf(from);
    if (!sender || !this.#roster.entryOf(member)?.isHonest) return;
    sender.tally.badBlocks += 1;
    sender.tally.badBlocksForgiven += 1;
    this.#readMs.set(pairOf(member, from), atMs);
  }

  /** A peer sends another one away for good. */
  cutOff(by: Member, banned: Member, atMs: number): void {
    const sender = this.#roster.entryOf(banned);
    if (!sender || this.#readMs.get(pairOf(by, banned)) !== atMs) return;
    this.#readMs.delete(pairOf(by, banned));
    sender.tally.badBlocksForgiven -= 1;
  }

  /** A piece goes to the reader. */
  played(member: Member, { run, seq, payloadBytes }: PieceHeader): void {
    const tally = this.#roster.entryOf(member)?.tally;
    if (!tally) return;
    for (let begin = 0; begin < payloadBytes; begin += BLOCK_BYTES) {
      const block = member.store.block(run, seq, begin);
      if (!block || !this.#isGenuine(seq, begin, block))
        tally.badBytesPlayed += Math.min(BLOCK_BYTES, payloadBytes - begin);
    }
  }

  /** Payloads are shared handles: what the source made is the same object with everybody who has it. */
  #isGenuine(seq: number, begin: number, block: Block): boolean {
    const digest = this.#source.made[seq]?.digests[begin / BLOCK_BYTES];
    return digest !== undefined && (block as Partial<SimBlock>).digest === digest;
  }
}

function pairOf(receiver: Member, sender: Member): string {
  return `${receiver.number} ${sender.number}`;
}
