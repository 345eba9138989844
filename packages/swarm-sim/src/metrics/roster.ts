import type { Member } from '../member.js';
import { isHonestViewer, isViewer } from '../population.js';
import type { MeasuredFigures } from '../result.js';
import type { PeerClass } from '../scenario.js';
import { Tally, withSums } from './tally.js';
import { type Measure, type NoteDue, Viewing } from './viewing.js';

/** Whether a peer holds a piece whole. */
export type IsWhole = (member: Member, seq: number) => boolean;

/** One peer of a run, for the figures. */
export interface Entry {
  readonly member: Member;
  readonly peerClass: PeerClass;
  readonly tally: Tally;
  /** A viewer that plays by the rules. */
  readonly isHonest: boolean;
  readonly bornMs: number;
  /** Undefined for a seed. */
  readonly viewing: Viewing | undefined;
  banned: boolean;
}

/** Who is and was there, class by class. */
export class Roster {
  readonly classes: readonly PeerClass[];
  /** Those that are online. */
  readonly online = new Map<Member, Entry>();
  readonly #measure: Measure;
  readonly #isWhole: IsWhole;
  readonly #noteDue: NoteDue;
  readonly #tallies: readonly Tally[];
  /** By the peer's number; the source has none. */
  readonly #entries: (Entry | undefined)[] = [];

  /** @param noteDue - Told of what is due at honest viewers. */
  constructor(classes: readonly PeerClass[], measure: Measure, isWhole: IsWhole, noteDue: NoteDue) {
    this.classes = classes;
    this.#measure = measure;
    this.#isWhole = isWhole;
    this.#noteDue = noteDue;
    this.#tallies = classes.map(() => new Tally());
  }

  entryOf(member: Member): Entry | undefined {
    return this.#entries[member.number];
  }

  get stalledNow(): number {
    let stalled = 0;
    for (const { viewing, isHonest } of this.online.values()) if (isHonest && viewing?.isStalled) stalled += 1;
    return stalled;
  }

  /** @param classIndex - Among `classes`. */
  enter(member: Member, classIndex: number, atMs: number): void {
    const peerClass = this.classes[classIndex] as PeerClass;
    const tally = this.#tallies[classIndex] as Tally;
    const isHonest = isHonestViewer(peerClass);
    const noteDue = isHonest ? this.#noteDue : () => {};
    const holds = (seq: number) => this.#isWhole(member, seq);
    const viewing = isViewer(peerClass) ? new Viewing(this.#measure, holds, tally, atMs, noteDue) : undefined;
    const entry: Entry = { member, peerClass, tally, isHonest, bornMs: atMs, viewing, banned: false };
    tally.peers += 1;
    this.#entries[member.number] = entry;
    this.online.set(member, entry);
  }

  leave(member: Member, atMs: number): void {
    const entry = this.online.get(member);
    if (!entry) return;
    this.online.delete(member);
    entry.viewing?.end(atMs);
    const onlineMs = atMs - entry.bornMs;
    const { bitsPerSecond } = this.#measure.video;
    if (onlineMs > 0) entry.tally.uploadMultiples.push((member.sentVideoBytes * 8000) / (bitsPerSecond * onlineMs));
  }

  /** A peer sends another one away for good; it counts if the first one is honest. */
  ban(by: Member, banned: Member): void {
    const entry = this.entryOf(banned);
    if (!entry || entry.banned || this.entryOf(by)?.isHonest === false) return;
    entry.banned = true;
    entry.tally.banned += 1;
  }

  /** The figures of each class, of all honest viewers and of all. @param rankings - That honest viewers made. */
  figures(rankings: number): Readonly<Record<string, MeasuredFigures>> {
    const { pieceMs } = this.#measure.video;
    const named = Object.entries(withSums(this.classes, this.#tallies));
    return Object.fromEntries(named.map(([name, tally]) => [name, tally.figures(pieceMs, rankings)]));
  }
}
