import { PacketAligner, type PacketSink } from './aligner.js';
import { EntryFinder } from './entry-finder.js';
import { PACKET_BYTES } from './packet.js';

export interface CutterConfig {
  /** Bytes that a piece has at most, 188…; of these the whole packets are used. */
  readonly pieceBytesMax: number;
  /** How long the first byte of a piece waits at most, milliseconds, 0…. */
  readonly holdMsMax: number;
}

/** A stretch of a transport stream. */
export interface Piece {
  /** Whole packets of 188 bytes, at least one. */
  readonly payload: Uint8Array;
  /** When its first byte entered the cutter: a `nowMs`. Never lower than that of the piece before. */
  readonly sourceTimeMs: number;
  /** Offset in the payload of the first packet of a PAT at which a player can begin. */
  readonly entryOffset?: number;
  /** Bytes were lost just before it, or a new input begins with it. */
  readonly discontinuity: boolean;
}

/** What came of a call: the pieces that it closed, oldest first, and how many bytes were left out as they belong to no packet. */
export type Cut =
  | { readonly ok: true; readonly value: { readonly pieces: readonly Piece[]; readonly skippedBytes: number } }
  | { readonly ok: false; readonly reason: CutReason };

/** `not-a-transport-stream`: 64 KiB, or the whole of a shorter input, without packets. */
export type CutReason = 'not-a-transport-stream';

/**
 * Cuts a transport stream into pieces at packet boundaries. It holds nothing back: a piece is closed as soon as it is full, and as
 * its first byte has waited `holdMsMax`.
 *
 * Call `push` with what comes in, and `poll` at `nextDeadlineMs` at the latest. `nowMs` is monotonic integer milliseconds; it is the
 * caller's clock, of any origin. Each method throws a `RangeError` if `nowMs` is none or goes back.
 */
export interface Cutter {
  /** Takes the next bytes of the input, in any portions. They are copied. After a refusal every push is refused, until `flush`. */
  push(bytes: Uint8Array, nowMs: number): Cut;
  /** Closes what is due. */
  poll(nowMs: number): Cut;
  /** Ends the input: closes the open piece and leaves out a partial packet. Bytes pushed afterwards are another input. */
  flush(nowMs: number): Cut;
  /** When the open piece must be closed; Infinity if none is open. */
  readonly nextDeadlineMs: number;
}

/**
 * Makes a cutter.
 * @throws {RangeError} If a number of the config is out of range.
 */
export function createCutter(config: CutterConfig): Cutter {
  const { pieceBytesMax, holdMsMax } = config;
  if (!Number.isSafeInteger(pieceBytesMax) || pieceBytesMax < PACKET_BYTES) {
    throw new RangeError(`pieceBytesMax: expected an integer from ${PACKET_BYTES}, got ${pieceBytesMax}`);
  }
  if (!Number.isSafeInteger(holdMsMax) || holdMsMax < 0) {
    throw new RangeError(`holdMsMax: expected an integer from 0, got ${holdMsMax}`);
  }
  return new PieceCutter(pieceBytesMax, holdMsMax);
}

class PieceCutter implements Cutter, PacketSink {
  readonly #holdMsMax: number;
  readonly #aligner = new PacketAligner();
  #finder = new EntryFinder();
  /** The open piece, `#filled` bytes of it. */
  readonly #open: Uint8Array;
  #filled = 0;
  #openMs = 0;
  #entryOffset = -1;
  #discontinuity = false;
  /** Position of the open piece's first byte, counted over all pieces. */
  #position = 0;
  #lastMs = 0;
  #pieces: Piece[] = [];
  #skippedBytes = 0;

  constructor(pieceBytesMax: number, holdMsMax: number) {
    this.#open = new Uint8Array(pieceBytesMax - (pieceBytesMax % PACKET_BYTES));
    this.#holdMsMax = holdMsMax;
  }

  get nextDeadlineMs(): number {
    return this.#filled === 0 ? Infinity : this.#openMs + this.#holdMsMax;
  }

  push(bytes: Uint8Array, nowMs: number): Cut {
    this.#advance(nowMs);
    this.#aligner.push(bytes, nowMs, this);
    this.#closeDue(nowMs);
    return this.#aligner.hopeless ? NOT_A_TRANSPORT_STREAM : this.#taken();
  }

  poll(nowMs: number): Cut {
    this.#advance(nowMs);
    return this.#taken();
  }

  flush(nowMs: number): Cut {
    this.#advance(nowMs);
    const isStream = this.#aligner.finish(this);
    this.#close(this.#filled);
    this.#finder = new EntryFinder();
    this.#discontinuity = this.#position > 0;
    const cut = this.#taken();
    return isStream ? cut : NOT_A_TRANSPORT_STREAM;
  }

  packet(bytes: Uint8Array, at: number, _position: number, sinceMs: number): void {
    if (this.#filled === 0) this.#openMs = sinceMs;
    const position = this.#position + this.#filled;
    this.#open.set(bytes.subarray(at, at + PACKET_BYTES), this.#filled);
    this.#filled += PACKET_BYTES;
    const entry = this.#finder.feed(bytes, at, position, sinceMs);
    if (entry >= 0 && this.#entryOffset < 0) this.#entryOffset = entry - this.#position;
    if (this.#filled === this.#open.length) this.#closeBeforeCandidate();
  }

  gap(skippedBytes: number): void {
    this.#skippedBytes += skippedBytes;
    this.#close(this.#filled);
    this.#finder.onGap();
    this.#discontinuity = this.#position > 0;
  }

  #advance(nowMs: number): void {
    if (!Number.isSafeInteger(nowMs) || nowMs < this.#lastMs) {
      throw new RangeError(`nowMs: expected an integer from ${this.#lastMs}, got ${nowMs}`);
    }
    this.#lastMs = nowMs;
    this.#closeDue(nowMs);
  }

  #closeDue(nowMs: number): void {
    while (nowMs >= this.nextDeadlineMs) this.#closeBeforeCandidate();
  }

  /**
   * Closes the open piece. A PAT of which it is undecided whether a keyframe follows goes into the next one with all that stands
   * after it, so that neither has to wait for the other; unless it stands first, then it is given up.
   */
  #closeBeforeCandidate(): void {
    const candidate = this.#finder.candidate;
    if (candidate === undefined || candidate.position === this.#position) {
      this.#finder.drop();
      this.#close(this.#filled);
    } else {
      this.#close(candidate.position - this.#position);
      this.#openMs = candidate.sinceMs;
    }
  }

  /** Closes a piece of the first `bytes` bytes; those behind them open the next one. */
  #close(bytes: number): void {
    if (bytes === 0) return;
    this.#pieces.push({
      payload: this.#open.slice(0, bytes),
      sourceTimeMs: this.#openMs,
      ...(this.#entryOffset >= 0 && { entryOffset: this.#entryOffset }),
      discontinuity: this.#discontinuity,
    });
    this.#open.copyWithin(0, bytes, this.#filled);
    this.#filled -= bytes;
    this.#position += bytes;
    this.#entryOffset = -1;
    this.#discontinuity = false;
  }

  #taken(): Cut {
    const value = { pieces: this.#pieces, skippedBytes: this.#skippedBytes };
    this.#pieces = [];
    this.#skippedBytes = 0;
    return { ok: true, value };
  }
}

const NOT_A_TRANSPORT_STREAM: Cut = { ok: false, reason: 'not-a-transport-stream' };
