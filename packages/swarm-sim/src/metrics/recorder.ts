/** All figures of a run, taken while it happens. */
import type { NeighbourFacts } from '@tstream/g2g-choker';
import type { Output, PeerEvent } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import type { Broadcast } from '../broadcast.js';
import type { Member } from '../member.js';
import type { Observer } from '../observer.js';
import type { Plan } from '../plan.js';
import type { MeasuredFigures, RunResult } from '../result.js';
import type { PeerClass } from '../scenario.js';
import { BadBlocks } from './bad-blocks.js';
import { Feeding } from './fed-by.js';
import { Rankings } from './rankings.js';
import { type IsWhole, Roster } from './roster.js';
import { Timeline } from './timeline.js';
import { overheadOf, sentBetween, Wire, type WireBytes } from './wire.js';

/** The part of a result that is measured. */
export interface Figures
  extends Pick<RunResult, 'source' | 'wireBytes' | 'overheadShare' | 'series' | 'fedBy' | 'messages'> {
  readonly classes: Readonly<Record<string, MeasuredFigures>>;
}

export class Recorder implements Observer {
  readonly roster: Roster;
  readonly #plan: Plan;
  readonly #source: Member;
  readonly #feeding: Feeding;
  readonly #badBlocks: BadBlocks;
  readonly #rankings: Rankings;
  readonly #wire = new Wire();
  readonly #timeline: Timeline;
  #messages = 0;
  #before: Before = { wire: {}, sourceBytes: 0, sourceVideoBytes: 0 };

  constructor(classes: readonly PeerClass[], plan: Plan, isWhole: IsWhole, source: Broadcast) {
    this.#plan = plan;
    this.#source = source.member;
    this.#timeline = new Timeline(plan.video, plan.piecesMax);
    this.roster = new Roster(classes, plan, isWhole, (seq, inTime) => this.#timeline.noteDue(seq, inTime));
    this.#feeding = new Feeding(this.roster, { endMs: plan.endMs, ringPieces: 2 * plan.windowPieces });
    this.#badBlocks = new BadBlocks(source, this.roster);
    this.#rankings = new Rankings(this.roster);
  }

  sent(message: Message<Block>, messageBytes: number, headBytes: number): void {
    this.#wire.add(message, messageBytes, headBytes);
  }

  arrived(from: Member, to: Member, message: Message<Block>, _messageBytes: number, atUs: number): void {
    this.#messages += 1;
    if (message.type !== 'piece') return;
    const { index, begin, block } = message;
    const entry = this.roster.entryOf(to);
    if (!entry) return;
    entry.tally.receivedBytes += block.byteLength;
    // In a simulated run a ring index is a sequence number.
    const isFirst = to.store.block(RUN, index, begin) === undefined;
    if (!isFirst) entry.tally.duplicateBytes += block.byteLength;
    this.#feeding.add(to, from, index, block.byteLength, isFirst, atUs / 1000);
    this.#badBlocks.arrived(from, index, begin, block);
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

  /** A peer ranked its neighbours. @param ranks - In the order of `facts`. */
  ranked(member: Member, facts: readonly NeighbourFacts[], ranks: readonly number[], atMs: number): void {
    if (atMs >= this.#plan.fromMs) this.#rankings.add(member, facts, ranks);
  }

  /** From now on it counts. */
  begin(): void {
    const { sentBytes, sentVideoBytes } = this.#source;
    this.#before = { wire: this.#wire.snapshot(), sourceBytes: sentBytes, sourceVideoBytes: sentVideoBytes };
  }

  /** A second is over. */
  look(atMs: number): void {
    this.#timeline.look(atMs, {
      online: this.roster.online.size,
      stalledNow: this.roster.stalledNow,
      sourceBytes: this.#source.sentBytes,
      wire: this.#wire.snapshot(),
    });
  }

  /** The run is over: everybody leaves, and nothing can be measured after that. */
  figures(atMs: number): Figures {
    for (const member of this.roster.online.keys()) this.roster.leave(member, atMs);
    const { video, fromMs } = this.#plan;
    const wireBytes = sentBetween(this.#before.wire, this.#wire.snapshot());
    const bits = (video.bitsPerSecond * Math.max(atMs - fromMs, 1)) / 1000;
    return {
      messages: this.#messages,
      classes: this.roster.figures(this.#rankings.count),
      source: {
        uploadMultiple: ((this.#source.sentBytes - this.#before.sourceBytes) * 8) / bits,
        videoUploadMultiple: ((this.#source.sentVideoBytes - this.#before.sourceVideoBytes) * 8) / bits,
      },
      wireBytes,
      overheadShare: overheadOf(wireBytes),
      series: this.#timeline.series(),
      fedBy: this.#feeding.table(atMs),
    };
  }

  #happened(member: Member, event: PeerEvent, atMs: number): void {
    const viewing = this.roster.online.get(member)?.viewing;
    if (!viewing) return;
    if (event.type === 'stalled') viewing.stalled(event.seq, atMs);
    else if (event.type === 'resumed') viewing.resumed(atMs);
    else if (event.type === 'dropped') viewing.dropped(event.fromSeq + event.pieces);
  }
}

/** Sums at the time at which measuring began. */
interface Before {
  readonly wire: WireBytes;
  readonly sourceBytes: number;
  readonly sourceVideoBytes: number;
}

/** The one run of a simulated source. */
export const RUN = 1;
