import type { Series } from '../result.js';
import type { VideoSchedule } from '../video.js';
import { share } from './tally.js';
import { overheadOf, sentBetween, type WireBytes } from './wire.js';

/** What is looked at each second. */
export interface Moment {
  readonly online: number;
  readonly stalledNow: number;
  /** Bytes that the source's line has carried since the beginning. */
  readonly sourceBytes: number;
  readonly wire: WireBytes;
}

/** The series of a run: one entry a second. */
export class Timeline {
  readonly #video: VideoSchedule;
  readonly #moments: { readonly atMs: number; readonly moment: Moment }[] = [];
  /** By piece: at how many honest viewers it was due, and whole in time. */
  readonly #due: Uint32Array;
  readonly #inTime: Uint32Array;

  constructor(video: VideoSchedule, piecesMax: number) {
    this.#video = video;
    this.#due = new Uint32Array(piecesMax);
    this.#inTime = new Uint32Array(piecesMax);
  }

  noteDue(seq: number, inTime: boolean): void {
    this.#due[seq] = (this.#due[seq] ?? 0) + 1;
    if (inTime) this.#inTime[seq] = (this.#inTime[seq] ?? 0) + 1;
  }

  look(atMs: number, moment: Moment): void {
    this.#moments.push({ atMs, moment });
  }

  series(): Series {
    const seconds = this.#moments.map(({ atMs, moment }, i) => ({ atMs, moment, before: this.#moments[i - 1] }));
    return {
      atSeconds: seconds.map(({ atMs }) => atMs / 1000),
      online: seconds.map(({ moment }) => moment.online),
      stalledNow: seconds.map(({ moment }) => moment.stalledNow),
      lossShare: seconds.map(({ atMs, before }) => this.#lossBetween(before?.atMs ?? 0, atMs)),
      sourceMultiple: seconds.map(({ atMs, moment, before }) => {
        const bytes = moment.sourceBytes - (before?.moment.sourceBytes ?? 0);
        return (bytes * 8000) / (this.#video.bitsPerSecond * (atMs - (before?.atMs ?? 0)));
      }),
      overheadShare: seconds.map(({ moment, before }) =>
        overheadOf(sentBetween(before?.moment.wire ?? {}, moment.wire)),
      ),
    };
  }

  /** Of pieces made in this time. */
  #lossBetween(fromMs: number, beforeMs: number): number {
    let due = 0;
    let inTime = 0;
    for (let seq = this.#video.firstSince(fromMs); this.#video.firstByteMs(seq) < beforeMs; seq += 1) {
      due += this.#due[seq] ?? 0;
      inTime += this.#inTime[seq] ?? 0;
    }
    return share(due - inTime, due);
  }
}
