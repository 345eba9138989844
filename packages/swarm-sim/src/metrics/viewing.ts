import type { VideoSchedule } from '../video.js';
import type { Tally } from './tally.js';

/** What the figures of all viewers of a run have in common. */
export interface Measure {
  readonly video: VideoSchedule;
  /** When measuring begins. */
  readonly fromMs: number;
  /** Pieces that the run can make. */
  readonly piecesMax: number;
  /** Lag of every viewer; undefined: each has its own. */
  readonly lagMs: number | undefined;
}

/** Told of each piece that was due at a viewer. */
export type NoteDue = (seq: number, inTime: boolean) => void;

/**
 * One viewer's reader, followed online. With a fixed lag a piece is due by the clock; a byte is kept of each, whether it was whole by
 * then. Otherwise it is due when the reader wants it, and nothing is kept: it came in time unless the reader stalled for it, or lacked it
 * when it dropped what was before an entry point.
 */
export class Viewing {
  readonly #measure: Measure;
  readonly #holds: (seq: number) => boolean;
  readonly #tally: Tally;
  readonly #bornMs: number;
  readonly #noteDue: NoteDue;
  readonly #inTime: Uint8Array | undefined;
  /** The first piece that counts; Infinity before it plays. */
  #firstSeq = Infinity;
  /** The first piece that the reader has not come to. */
  #nextSeq = 0;
  /** The piece that it last stalled for. */
  #lateSeq = -1;
  #lagMs: number;
  /** Infinity: it doesn't stand still. */
  #stalledMs = Infinity;
  #hasStalled = false;

  /** @param holds - Whether the viewer has a piece whole now. */
  constructor(measure: Measure, holds: (seq: number) => boolean, tally: Tally, bornMs: number, noteDue: NoteDue) {
    this.#measure = measure;
    this.#holds = holds;
    this.#tally = tally;
    this.#bornMs = bornMs;
    this.#noteDue = noteDue;
    this.#lagMs = measure.lagMs ?? 0;
    this.#inTime = measure.lagMs === undefined ? undefined : new Uint8Array(measure.piecesMax);
  }

  /** It plays: pieces count. */
  get hasBegun(): boolean {
    return this.#firstSeq !== Infinity;
  }

  get isStalled(): boolean {
    return this.#stalledMs !== Infinity;
  }

  /** A piece became whole. */
  whole(seq: number, atMs: number): void {
    if (this.#inTime && atMs <= this.#dueMs(seq)) this.#inTime[seq] = 1;
    if (seq >= this.#firstSeq) this.#tally.diffusion.add(atMs - this.#measure.video.wholeMs(seq));
  }

  /** A piece went to the reader. */
  read(seq: number, atMs: number): void {
    const { video, fromMs } = this.#measure;
    if (this.#firstSeq === Infinity) {
      this.#tally.startUpMs.push(atMs - this.#bornMs);
      this.#firstSeq = video.firstSince(Math.max(atMs, fromMs));
      this.#nextSeq = seq;
    }
    const latencyMs = atMs - video.firstByteMs(seq);
    if (atMs >= fromMs) this.#tally.lag.add(latencyMs);
    if (this.#inTime) return;
    this.#lagMs = latencyMs;
    this.dropped(seq);
    this.#decide(seq !== this.#lateSeq);
  }

  /** The reader has passed over what is before this piece. */
  dropped(beforeSeq: number): void {
    if (this.#inTime || this.#firstSeq === Infinity) return;
    while (this.#nextSeq < beforeSeq) this.#decide(this.#holdsNext());
  }

  stalled(seq: number, atMs: number): void {
    this.#stalledMs = atMs;
    this.#lateSeq = seq;
  }

  resumed(atMs: number): void {
    const sinceMs = Math.max(this.#stalledMs, this.#measure.fromMs);
    this.#stalledMs = Infinity;
    if (atMs <= sinceMs) return;
    const tally = this.#tally;
    tally.stalls += 1;
    tally.stallMs += atMs - sinceMs;
    tally.longestStallMs = Math.max(tally.longestStallMs, atMs - sinceMs);
    if (!this.#hasStalled) tally.stalledPeers += 1;
    this.#hasStalled = true;
  }

  /** It leaves, or the run is over: what was due by then is decided. */
  end(atMs: number): void {
    if (this.isStalled) this.resumed(atMs);
    if (this.#firstSeq === Infinity) this.#endUnplayed(atMs);
    else if (this.#inTime) this.#endAtFixedLag(this.#inTime, atMs);
    else while (this.#dueMs(this.#nextSeq) <= atMs) this.#decide(this.#holdsNext());
  }

  /** All that it never showed is lost. */
  #endUnplayed(atMs: number): void {
    const { video, fromMs } = this.#measure;
    if (atMs - this.#bornMs < PATIENCE_MS) return;
    this.#tally.startUpMs.push(atMs - this.#bornMs);
    const firstSeq = video.firstSince(Math.max(this.#bornMs + PATIENCE_MS, fromMs));
    for (let seq = firstSeq; this.#dueMs(seq) <= atMs; seq += 1) this.#count(seq, false);
  }

  #endAtFixedLag(inTime: Uint8Array, atMs: number): void {
    for (let seq = this.#firstSeq; this.#dueMs(seq) <= atMs; seq += 1) this.#count(seq, inTime[seq] === 1);
  }

  #decide(inTime: boolean): void {
    if (this.#nextSeq >= this.#firstSeq) this.#count(this.#nextSeq, inTime);
    this.#nextSeq += 1;
  }

  #count(seq: number, inTime: boolean): void {
    this.#tally.due += 1;
    if (inTime) this.#tally.inTime += 1;
    this.#noteDue(seq, inTime);
  }

  #holdsNext(): boolean {
    return this.#holds(this.#nextSeq);
  }

  #dueMs(seq: number): number {
    return this.#measure.video.firstByteMs(seq) + this.#lagMs;
  }
}

/** Who has seen nothing after so long has lost what is made from then on. */
const PATIENCE_MS = 5000;
