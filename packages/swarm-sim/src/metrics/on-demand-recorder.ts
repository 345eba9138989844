/** All figures of video on demand, taken while it happens. */
import type { Output } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import type { Member } from '../member.js';
import type { Observer } from '../observer.js';
import { Seat } from '../on-demand/seat.js';
import type { Plan } from '../plan.js';
import type { PeerClass } from '../scenario.js';
import { Ledger } from './ledger.js';
import { OnDemandViewing } from './on-demand-viewing.js';
import { Roster } from './roster.js';
import { Tally } from './tally.js';
import { Timeline } from './timeline.js';

export class OnDemandRecorder implements Observer {
  readonly roster: Roster<OnDemandViewing>;
  readonly ledger: Ledger;
  /** Of viewers who come before anything is measured. */
  readonly #unmeasured = new Tally();

  /** @param onSeen - Told of a viewer that has seen the film. */
  constructor(classes: readonly PeerClass[], plan: Plan, source: Member, onSeen: (member: Member) => void) {
    const { video, piecesMax, fromMs } = plan;
    const timeline = new Timeline(video, piecesMax);
    this.roster = new Roster(classes, video, (member, own, isHonest, bornMs) => {
      const tally = bornMs < fromMs ? this.#unmeasured : own;
      const noteDue = (atMs: number, inTime: boolean) => {
        // The series is by the time at which a live source would make the piece: here it is when the reader comes to one.
        if (isHonest) timeline.noteDue(Math.floor(atMs / video.pieceMs), inTime);
      };
      return new OnDemandViewing(tally, bornMs, noteDue, () => onSeen(member));
    });
    this.ledger = new Ledger(plan, source, this.roster, timeline);
  }

  enter(member: Member, classIndex: number, atMs: number): void {
    this.roster.enter(member, classIndex, atMs);
  }

  /** Undefined for a seed. */
  viewingOf(member: Member): OnDemandViewing | undefined {
    return this.roster.entryOf(member)?.viewing;
  }

  sent(message: Message<Block>, messageBytes: number, headBytes: number): void {
    this.ledger.sent(message, messageBytes, headBytes);
  }

  arrived(from: Member, to: Member, message: Message<Block>, _messageBytes: number, atUs: number): void {
    this.ledger.arrived();
    if (message.type !== 'piece' || !(to.core instanceof Seat)) return;
    this.ledger.fed(from, to, message, !to.core.hasBlock(message.index, message.begin), atUs);
  }

  asked(member: Member, output: Output): void {
    if (output.type !== 'close' || !output.ban) return;
    const banned = member.pipes.get(output.connection)?.to;
    if (banned) this.roster.ban(member, banned);
  }
}
