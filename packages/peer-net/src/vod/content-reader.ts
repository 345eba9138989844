/**
 * Somebody reads a range of a torrent in order, piece by piece as they come. Asking for the next part is what moves the
 * reader's place, so that who takes slowly doesn't pull everything in.
 */
import type { VodInput } from '@tstream/peer-core';
import { monotonicMs } from '../clock.js';
import type { ContentLayout } from './content-layout.js';
import type { PieceStore } from './piece-store.js';
import type { Possession } from './possession.js';

export interface ContentReaderParts {
  /** Never used twice. */
  readonly id: number;
  readonly file: number;
  /** Of the torrent. */
  readonly fromByte: number;
  /** Exclusive. */
  readonly toByte: number;
  /** It shows something already. */
  readonly playing: boolean;
  /** 0: not known. */
  readonly bytesPerSecond: number;
  readonly signal: AbortSignal | undefined;
  readonly layout: ContentLayout;
  readonly store: Pick<PieceStore, 'read'>;
  readonly possession: Pick<Possession, 'isHeld' | 'whenHeld'>;
  readonly handle: (input: VodInput) => void;
  readonly onClosed: () => void;
}

export class ContentReader implements AsyncIterableIterator<Uint8Array> {
  readonly file: number;
  readonly #parts: ContentReaderParts;
  readonly #abort = () => this.end();
  #atByte: number;
  #firstMs: number | undefined;
  #toldPiece = -1;
  #isEnded = false;
  /** Wakes who waits for a piece. */
  #wake: () => void = () => undefined;

  constructor(parts: ContentReaderParts) {
    this.file = parts.file;
    this.#parts = parts;
    this.#atByte = parts.fromByte;
    parts.signal?.addEventListener('abort', this.#abort, { once: true });
    if (parts.signal?.aborted) this.end();
    else if (parts.fromByte < parts.toByte) this.#tellPlace();
  }

  /** Where it began: what it has taken since then waits in the player. */
  get fromByte(): number {
    return this.#parts.fromByte;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const { toByte, layout, store, possession } = this.#parts;
    while (!this.#isEnded && this.#atByte < toByte) {
      this.#tellPlace();
      const index = Math.floor(this.#atByte / layout.pieceLength);
      if (!possession.isHeld(index)) {
        await this.#untilHeld(index);
        continue;
      }
      const begin = this.#atByte - index * layout.pieceLength;
      // Not over the next multiple of a part's length: that is how the disk is read.
      const bytes = Math.min(
        PART_BYTES - (begin % PART_BYTES),
        layout.pieceBytes(index) - begin,
        toByte - this.#atByte,
      );
      const part = await store.read(index, begin, bytes);
      if (this.#isEnded) break;
      // Lost: nobody holds it back then, it is waited for.
      if (!part) {
        await this.#untilHeld(index);
        continue;
      }
      this.#firstMs ??= monotonicMs();
      this.#atByte += bytes;
      return { done: false, value: part };
    }
    this.end();
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends it, also for who waits. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#parts.signal?.removeEventListener('abort', this.#abort);
    this.#wake();
    if (this.#toldPiece >= 0) this.#parts.handle({ type: 'readerGone', reader: this.#parts.id });
    this.#parts.onClosed();
  }

  async #untilHeld(index: number): Promise<void> {
    if (this.#parts.possession.isHeld(index)) {
      // Lost and found within one read: not over and over in one turn.
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    let forget: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      forget = this.#parts.possession.whenHeld(index, resolve);
    });
    forget();
  }

  /** Once for each piece. */
  #tellPlace(): void {
    const { id, toByte, playing, bytesPerSecond, layout, handle } = this.#parts;
    const piece = Math.floor(this.#atByte / layout.pieceLength);
    if (piece === this.#toldPiece || this.#isEnded) return;
    this.#toldPiece = piece;
    const bufferedMs = this.#bufferedMs();
    handle({ type: 'reader', reader: id, fromByte: this.#atByte, toByte, playing, bytesPerSecond, bufferedMs });
  }

  /** What was taken, less what was shown since the first of it: an estimate, as nobody says. */
  #bufferedMs(): number {
    const { fromByte, bytesPerSecond } = this.#parts;
    if (this.#firstMs === undefined || bytesPerSecond === 0) return 0;
    const takenMs = ((this.#atByte - fromByte) / bytesPerSecond) * 1000;
    return Math.max(0, Math.floor(takenMs - (monotonicMs() - this.#firstMs)));
  }
}

/** A guess: large enough for few system calls, small enough to leave soon. A line of the cache is a multiple of it. */
const PART_BYTES = 64 * 1024;
