import { KeyframeWatch, type Verdict } from './keyframe.js';
import { hasPayload, PAT_PID, pidOf, startsUnit } from './packet.js';
import { type LeadStream, type Program, readPat, readPmt, SectionReader } from './sections.js';

/** A PAT that may turn out to be an entry point. */
export interface Candidate {
  /** Offset of its first packet, in the counting of the caller. */
  readonly position: number;
  /** When its first byte came in. */
  readonly sinceMs: number;
}

/**
 * Finds entry points: places where a player that knows nothing can begin.
 *
 * A PAT is one if the program's PMT follows it, and then a keyframe, before any other picture begins. In a program without video the
 * start of a PES packet stands for the keyframe. A PAT is a candidate until that is decided; the caller sees to it that what it
 * cuts meanwhile does not part the candidate from what follows, or drops it.
 *
 * In a stream whose tables do not stand before keyframes, or that has none, a PAT and a PMT alone count from time to time: a player
 * begins there with the sound, and with the picture as soon as it can.
 */
export class EntryFinder {
  readonly #pat = new SectionReader();
  readonly #pmt = new SectionReader();
  readonly #watch = new KeyframeWatch();
  #program: Program | undefined;
  #lead: LeadStream | undefined;
  #candidate: (Candidate & { awaits: 'pat' | 'pmt' | 'start' | 'verdict' }) | undefined;
  #firstMs: number | undefined;
  #lastEntryMs: number | undefined;
  #lastKeyframeMs = 0;
  /** A keyframe without tables before it came since the last entry point. */
  #missedKeyframe = false;

  get candidate(): Candidate | undefined {
    return this.#candidate;
  }

  /**
   * Takes the next packet.
   * @returns Position of the entry point that it completes, −1 if it completes none.
   */
  feed(bytes: Uint8Array, at: number, position: number, sinceMs: number): number {
    this.#firstMs ??= sinceMs;
    const pid = pidOf(bytes, at);
    if (pid === PAT_PID) this.#onPat(bytes, at, position, sinceMs);
    else if (pid === this.#program?.pmtPid) return this.#onPmt(bytes, at, sinceMs);
    else if (pid === this.#lead?.pid && hasPayload(bytes, at)) return this.#onLead(this.#lead, bytes, at, sinceMs);
    return -1;
  }

  /** The candidate cannot be an entry point any more. */
  drop(): void {
    this.#candidate = undefined;
  }

  /** Packets are missing before the next one. */
  onGap(): void {
    this.drop();
    this.#pat.reset();
    this.#pmt.reset();
    this.#watch.reset();
  }

  #onPat(bytes: Uint8Array, at: number, position: number, sinceMs: number): void {
    // One whose PMT has come is kept: where the two repeat at intervals of their own, the keyframe may stand after the next PAT.
    const isOpen = this.#candidate === undefined || ['pat', 'pmt'].includes(this.#candidate.awaits);
    if (startsUnit(bytes, at) && isOpen) {
      this.#candidate = { position, sinceMs, awaits: 'pat' };
      this.#pmt.reset();
    }
    const section = this.#pat.feed(bytes, at);
    const program = section && readPat(section);
    if (program === undefined) return;
    if (program.pmtPid !== this.#program?.pmtPid || program.number !== this.#program.number) this.#lead = undefined;
    this.#program = program;
    if (this.#candidate?.awaits === 'pat') this.#candidate.awaits = 'pmt';
  }

  #onPmt(bytes: Uint8Array, at: number, sinceMs: number): number {
    const section = this.#pmt.feed(bytes, at);
    const lead = section && this.#program && readPmt(section, this.#program);
    if (lead === undefined) return -1;
    if (lead.pid !== this.#lead?.pid || lead.type !== this.#lead.type) this.#watch.reset();
    this.#lead = lead;
    if (this.#candidate?.awaits !== 'pmt') return -1;
    this.#candidate.awaits = 'start';
    return this.#isWeakDue(sinceMs) ? this.#confirm(sinceMs) : -1;
  }

  #onLead(lead: LeadStream, bytes: Uint8Array, at: number, sinceMs: number): number {
    if (!startsUnit(bytes, at)) return this.#decide(this.#watch.more(bytes, at), sinceMs);
    if (this.#candidate?.awaits === 'start') this.#candidate.awaits = 'verdict';
    else this.drop();
    if (lead.isVideo) return this.#decide(this.#watch.start(bytes, at, lead.type), sinceMs);
    const isSoon = sinceMs - (this.#lastEntryMs ?? -Infinity) < SOUND_ENTRY_MS_MIN;
    return this.#decide(isSoon ? 'other' : 'key', sinceMs);
  }

  #decide(verdict: Verdict, sinceMs: number): number {
    if (verdict === 'unsure') return -1;
    const isAwaited = this.#candidate?.awaits === 'verdict';
    if (verdict === 'key') {
      this.#lastKeyframeMs = sinceMs;
      if (isAwaited) return this.#confirm(sinceMs);
      this.#missedKeyframe = true;
    } else if (isAwaited) this.drop();
    return -1;
  }

  #confirm(sinceMs: number): number {
    const position = this.#candidate?.position ?? -1;
    this.#lastEntryMs = sinceMs;
    this.#missedKeyframe = false;
    this.drop();
    return position;
  }

  #isWeakDue(nowMs: number): boolean {
    const last = this.#lastEntryMs ?? this.#firstMs ?? nowMs;
    if (nowMs - last < WEAK_ENTRY_MS) return false;
    return this.#lastEntryMs === undefined || this.#missedKeyframe || nowMs - this.#lastKeyframeMs >= KEYFRAME_MS_MAX;
  }
}

/** How long there is no entry point before a PAT and a PMT alone count: a guess. */
const WEAK_ENTRY_MS = 5000;
/** After so long a stream is taken for one without keyframes. x264's default is one in 250 pictures, 10.4 s at 24 a second. */
const KEYFRAME_MS_MAX = 12_000;
/** Sound can be entered everywhere; twice a second is enough. */
const SOUND_ENTRY_MS_MIN = 500;
