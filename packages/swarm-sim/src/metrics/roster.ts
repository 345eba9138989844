import type { Member } from '../member.js';
import { isHonestViewer, isViewer } from '../population.js';
import type { MeasuredFigures } from '../result.js';
import type { PeerClass } from '../scenario.js';
import { Tally, withSums } from './tally.js';

/** A viewer's reader, as it is followed. */
export interface Watched {
  readonly isStalled: boolean;
  /** It leaves, or the run is over. */
  end(atMs: number): void;
}

/** One peer of a run, for the figures. */
export interface Entry<Viewing extends Watched> {
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

/** What the readers of a run are followed by. */
export type Follow<Viewing> = (member: Member, tally: Tally, isHonest: boolean, atMs: number) => Viewing;

/** Who is and was there, class by class. */
export class Roster<Viewing extends Watched = Watched> {
  readonly classes: readonly PeerClass[];
  /** Those that are online. */
  readonly online = new Map<Member, Entry<Viewing>>();
  readonly #video: { readonly bitsPerSecond: number; readonly pieceMs: number };
  readonly #follow: Follow<Viewing>;
  readonly #tallies: readonly Tally[];
  /** By the peer's number; the source has none. */
  readonly #entries: (Entry<Viewing> | undefined)[] = [];

  constructor(
    classes: readonly PeerClass[],
    video: { readonly bitsPerSecond: number; readonly pieceMs: number },
    follow: Follow<Viewing>,
  ) {
    this.classes = classes;
    this.#video = video;
    this.#follow = follow;
    this.#tallies = classes.map(() => new Tally());
  }

  entryOf(member: Member): Entry<Viewing> | undefined {
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
    const viewing = isViewer(peerClass) ? this.#follow(member, tally, isHonest, atMs) : undefined;
    const entry = { member, peerClass, tally, isHonest, bornMs: atMs, viewing, banned: false };
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
    const { bitsPerSecond } = this.#video;
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
    const { pieceMs } = this.#video;
    const named = Object.entries(withSums(this.classes, this.#tallies));
    return Object.fromEntries(named.map(([name, tally]) => [name, tally.figures(pieceMs, rankings)]));
  }
}
