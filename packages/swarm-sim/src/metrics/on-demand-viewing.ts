import type { Watch } from '../on-demand/viewer.js';
import type { Tally } from './tally.js';

/** One viewer of a film, followed. */
export class OnDemandViewing implements Watch {
  readonly #tally: Tally;
  readonly #bornMs: number;
  readonly #noteDue: (atMs: number, inTime: boolean) => void;
  readonly #onEnd: (atMs: number) => void;
  #hasBegun = false;
  /** Infinity: it doesn't. */
  #stalledMs = Infinity;
  #soughtMs = Infinity;
  #hasStalled = false;

  /**
   * @param noteDue - Told of each piece that it came to.
   * @param onEnd - Told when it has seen the film.
   */
  constructor(
    tally: Tally,
    bornMs: number,
    noteDue: (atMs: number, inTime: boolean) => void,
    onEnd: (atMs: number) => void,
  ) {
    this.#tally = tally;
    this.#bornMs = bornMs;
    this.#noteDue = noteDue;
    this.#onEnd = onEnd;
  }

  get isStalled(): boolean {
    return this.#stalledMs !== Infinity;
  }

  began(atMs: number): void {
    this.#hasBegun = true;
    this.#tally.startUpMs.push(atMs - this.#bornMs);
  }

  came(atMs: number, here: boolean): void {
    this.#tally.due += 1;
    if (here) this.#tally.inTime += 1;
    this.#noteDue(atMs, here);
  }

  stalled(atMs: number): void {
    this.#stalledMs = atMs;
  }

  resumed(atMs: number): void {
    const stallMs = atMs - this.#stalledMs;
    this.#stalledMs = Infinity;
    const tally = this.#tally;
    tally.stalls += 1;
    tally.stallMs += stallMs;
    tally.longestStallMs = Math.max(tally.longestStallMs, stallMs);
    if (!this.#hasStalled) tally.stalledPeers += 1;
    this.#hasStalled = true;
  }

  sought(atMs: number): void {
    this.#soughtMs = atMs;
  }

  found(atMs: number): void {
    this.#tally.seekMs.push(atMs - this.#soughtMs);
    this.#soughtMs = Infinity;
  }

  finished(atMs: number): void {
    this.#onEnd(atMs);
  }

  /** It leaves, or the run is over: what it waits for counts with the time that it waited. */
  end(atMs: number): void {
    if (this.isStalled) this.resumed(atMs);
    if (this.#soughtMs !== Infinity) this.found(atMs);
    if (!this.#hasBegun && atMs - this.#bornMs >= PATIENCE_MS) this.#tally.startUpMs.push(atMs - this.#bornMs);
  }
}

/** Who came so shortly before the end says nothing. */
const PATIENCE_MS = 5000;
