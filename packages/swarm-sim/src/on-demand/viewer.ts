import type { VodInput } from '@tstream/peer-core';
import type { Film } from './film.js';

/** What a viewer does with the film. Times are milliseconds. */
export interface Watch {
  /** It shows its first bytes. */
  began(atMs: number): void;
  /** It came to a piece; `here`: which was there. */
  came(atMs: number, here: boolean): void;
  stalled(atMs: number): void;
  /** It shows again what it stalled for. */
  resumed(atMs: number): void;
  sought(atMs: number): void;
  /** It shows what it sought. */
  found(atMs: number): void;
  /** It has seen the film to its end. */
  finished(atMs: number): void;
}

/** What a viewer knows of its peer. */
export interface Download {
  holds(piece: number): boolean;
  /** Whether it may begin to show what is at this byte: what is in, and the speed, carry it to the end. */
  carries(fromByte: number, atMs: number): boolean;
  tell(input: VodInput, atMs: number): void;
}

/** A jump, in bytes of the film. */
export interface Jump {
  readonly afterByte: number;
  readonly toByte: number;
}

/**
 * Somebody who watches: waits until the forecast says that the film will not stall, shows it at its bitrate, stands still where a piece is
 * missing, goes on by the forecast. It shows all of a piece or nothing, so that it looks at the clock once a piece.
 */
export class Viewer {
  /** When it is to be called, besides when a piece is there; Infinity when it has seen all. */
  nextMs: number;
  readonly #film: Film;
  readonly #watch: Watch;
  readonly #download: Download;
  #jump: Jump | undefined;
  #state: 'starting' | 'stalled' | 'seeking' | 'playing' | 'over' = 'starting';
  /** What it shows next, and when, not rounded; the time says nothing while it waits. */
  #byte = 0;
  #byteMs: number;

  constructor(film: Film, watch: Watch, download: Download, jump: Jump | undefined, nowMs: number) {
    this.#film = film;
    this.#watch = watch;
    this.#download = download;
    this.#jump = jump;
    this.#byteMs = nowMs;
    this.nextMs = nowMs + LOOK_EVERY_MS;
    this.#tellPlace(nowMs);
  }

  /** A piece is there. */
  held(nowMs: number): void {
    if (this.#isWaiting) this.#tryToPlay(nowMs);
  }

  /** Time has passed. */
  advance(nowMs: number): void {
    if (this.#isWaiting) {
      this.#tryToPlay(nowMs);
      if (this.#isWaiting) this.nextMs = nowMs + LOOK_EVERY_MS;
    }
    while (this.#state === 'playing' && this.#byteMs <= nowMs) this.#come(nowMs);
  }

  get #isWaiting(): boolean {
    return this.#state !== 'playing' && this.#state !== 'over';
  }

  #tryToPlay(nowMs: number): void {
    if (!this.#download.holds(this.#piece) || !this.#download.carries(this.#byte, nowMs)) return;
    if (this.#state === 'starting') this.#watch.began(nowMs);
    else if (this.#state === 'seeking') this.#watch.found(nowMs);
    else this.#watch.resumed(nowMs);
    this.#state = 'playing';
    this.#byteMs = nowMs;
    this.#show(nowMs);
  }

  /** It has come to the next piece, the film's end, or its jump. */
  #come(atMs: number): void {
    if (this.#byte === this.#jump?.afterByte) return this.#seek(atMs, this.#jump.toByte);
    if (this.#byte >= this.#film.lengthBytes) return this.#finish(atMs);
    const here = this.#download.holds(this.#piece);
    this.#watch.came(atMs, here);
    if (here) return this.#show(atMs);
    this.#state = 'stalled';
    this.nextMs = atMs + LOOK_EVERY_MS;
    this.#watch.stalled(atMs);
    this.#tellPlace(atMs);
  }

  /** Shows what is left of the piece that it is at, or until its jump. */
  #show(atMs: number): void {
    this.#tellPlace(atMs);
    const { pieceBytes, lengthBytes, bytesPerSecond } = this.#film;
    const endByte = Math.min((this.#piece + 1) * pieceBytes, lengthBytes);
    const jumpByte = this.#jump?.afterByte ?? Infinity;
    const toByte = jumpByte > this.#byte ? Math.min(endByte, jumpByte) : endByte;
    this.#byteMs += ((toByte - this.#byte) * 1000) / bytesPerSecond;
    this.#byte = toByte;
    this.nextMs = Math.ceil(this.#byteMs);
  }

  #seek(atMs: number, toByte: number): void {
    this.#jump = undefined;
    this.#byte = toByte;
    this.#state = 'seeking';
    this.nextMs = atMs + LOOK_EVERY_MS;
    this.#watch.sought(atMs);
    this.#tellPlace(atMs);
    this.#tryToPlay(atMs);
  }

  #finish(atMs: number): void {
    this.#state = 'over';
    this.nextMs = Infinity;
    this.#download.tell({ type: 'readerGone', reader: READER }, atMs);
    this.#watch.finished(atMs);
  }

  #tellPlace(atMs: number): void {
    const { lengthBytes, bytesPerSecond } = this.#film;
    const playing = this.#state === 'playing';
    const place = { fromByte: this.#byte, toByte: lengthBytes, playing, bytesPerSecond, bufferedMs: 0 };
    this.#download.tell({ type: 'reader', reader: READER, ...place }, atMs);
  }

  get #piece(): number {
    return Math.floor(this.#byte / this.#film.pieceBytes);
  }
}

const READER = 1;
/** A person's patience is not finer. */
const LOOK_EVERY_MS = 250;
