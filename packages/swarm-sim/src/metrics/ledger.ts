import type { NeighbourFacts } from '@tstream/g2g-choker';
import type { Block, Message, PieceMessage } from '@tstream/wire-ext';
import type { Member } from '../member.js';
import type { Plan } from '../plan.js';
import type { ProgrammeFigures } from '../programme.js';
import type { MeasuredFigures } from '../result.js';
import { Feeding } from './fed-by.js';
import { Rankings } from './rankings.js';
import type { Roster } from './roster.js';
import type { Timeline } from './timeline.js';
import { overheadOf, sentBetween, Wire, type WireBytes } from './wire.js';

/** The part of a result that is measured. */
export interface Figures extends Omit<ProgrammeFigures, 'classes'> {
  readonly classes: Readonly<Record<string, MeasuredFigures>>;
}

/** What is counted of a swarm whatever it is there for: bytes by kind of message, who fed whom, ranks, and all of it over time. */
export class Ledger {
  readonly #plan: Plan;
  readonly #source: Member;
  readonly #roster: Roster;
  readonly #timeline: Timeline;
  readonly #feeding: Feeding;
  readonly #rankings: Rankings;
  readonly #wire = new Wire();
  #messages = 0;
  #before: Before = { wire: {}, sourceBytes: 0, sourceVideoBytes: 0 };

  constructor(plan: Plan, source: Member, roster: Roster, timeline: Timeline) {
    this.#plan = plan;
    this.#source = source;
    this.#roster = roster;
    this.#timeline = timeline;
    this.#feeding = new Feeding(roster, { endMs: plan.endMs, ringPieces: 2 * plan.windowPieces });
    this.#rankings = new Rankings(roster);
  }

  sent(message: Message<Block>, messageBytes: number, headBytes: number): void {
    this.#wire.add(message, messageBytes, headBytes);
  }

  /** A message was delivered. */
  arrived(): void {
    this.#messages += 1;
  }

  /** A block was delivered. @param isFirst - The receiver didn't have it. */
  fed(from: Member, to: Member, { index, block }: PieceMessage<Block>, isFirst: boolean, atUs: number): void {
    const entry = this.#roster.entryOf(to);
    if (!entry) return;
    entry.tally.receivedBytes += block.byteLength;
    if (!isFirst) entry.tally.duplicateBytes += block.byteLength;
    this.#feeding.add(to, from, index, block.byteLength, isFirst, atUs / 1000);
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
      online: this.#roster.online.size,
      stalledNow: this.#roster.stalledNow,
      sourceBytes: this.#source.sentBytes,
      wire: this.#wire.snapshot(),
    });
  }

  /** The run is over: everybody leaves, and nothing can be measured after that. */
  figures(atMs: number): Figures {
    for (const member of this.#roster.online.keys()) this.#roster.leave(member, atMs);
    const { video, fromMs } = this.#plan;
    const wireBytes = sentBetween(this.#before.wire, this.#wire.snapshot());
    const bits = (video.bitsPerSecond * Math.max(atMs - fromMs, 1)) / 1000;
    return {
      messages: this.#messages,
      classes: this.#roster.figures(this.#rankings.count),
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
}

/** Sums at the time at which measuring began. */
interface Before {
  readonly wire: WireBytes;
  readonly sourceBytes: number;
  readonly sourceVideoBytes: number;
}
