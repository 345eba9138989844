/** All figures of live video, taken while it happens. */
import type { Output, PeerEvent } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import type { Broadcast } from '../broadcast.js';
import type { Member } from '../member.js';
import type { Observer } from '../observer.js';
import type { Plan } from '../plan.js';
import type { PeerClass } from '../scenario.js';
import { BadBlocks } from './bad-blocks.js';
import { Ledger } from './ledger.js';
import { Roster } from './roster.js';
import { Timeline } from './timeline.js';
import { Viewing } from './viewing.js';

/** Whether a peer holds a piece whole. */
type IsWhole = (member: Member, seq: number) => boolean;

export class Recorder implements Observer {
  readonly roster: Roster<Viewing>;
  readonly ledger: Ledger;
  readonly #badBlocks: BadBlocks;

  constructor(classes: readonly PeerClass[], plan: Plan, isWhole: IsWhole, source: Broadcast) {
    const timeline = new Timeline(plan.video, plan.piecesMax);
    this.roster = new Roster(classes, plan.video, (member, tally, isHonest, atMs) => {
      const noteDue = (seq: number, inTime: boolean) => {
        if (isHonest) timeline.noteDue(seq, inTime);
      };
      return new Viewing(plan, (seq) => isWhole(member, seq), tally, atMs, noteDue);
    });
    this.ledger = new Ledger(plan, source.member, this.roster, timeline);
    this.#badBlocks = new BadBlocks(source, this.roster);
  }

  sent(message: Message<Block>, messageBytes: number, headBytes: number): void {
    this.ledger.sent(message, messageBytes, headBytes);
  }

  arrived(from: Member, to: Member, message: Message<Block>, _messageBytes: number, atUs: number): void {
    this.ledger.arrived();
    if (message.type !== 'piece') return;
    const { index, begin, block } = message;
    // In a simulated run a ring index is a sequence number.
    this.ledger.fed(from, to, message, to.store.block(RUN, index, begin) === undefined, atUs);
    if (this.roster.entryOf(to)) this.#badBlocks.arrived(from, index, begin, block);
  }

  asked(member: Member, output: Output, atMs: number): void {
    switch (output.type) {
      case 'verify':
        if (output.check.kind === 'block') this.#badBlocks.read(member, output.check.block, atMs);
        return;
      case 'store':
        if (output.whole) this.roster.online.get(member)?.viewing?.whole(output.header.seq, atMs);
        return;
      case 'deliver':
        this.#badBlocks.played(member, output.header);
        return this.roster.online.get(member)?.viewing?.read(output.header.seq, atMs);
      case 'event':
        return this.#happened(member, output.event, atMs);
      case 'close': {
        const banned = output.ban ? member.pipes.get(output.connection)?.to : undefined;
        if (!banned) return;
        this.roster.ban(member, banned);
        this.#badBlocks.cutOff(member, banned, atMs);
      }
    }
  }

  #happened(member: Member, event: PeerEvent, atMs: number): void {
    const viewing = this.roster.online.get(member)?.viewing;
    if (!viewing) return;
    if (event.type === 'stalled') viewing.stalled(event.seq, atMs);
    else if (event.type === 'resumed') viewing.resumed(atMs);
    else if (event.type === 'dropped') viewing.dropped(event.fromSeq + event.pieces);
  }
}

/** The one run of a simulated source. */
export const RUN = 1;
