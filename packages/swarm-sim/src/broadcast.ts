import type { PieceHeader } from '@tstream/live-piece-auth';
import type { Member } from './member.js';
import type { Network } from './network.js';

/** A stretch of live video: pieces made one after the other. */
export interface Stretch {
  readonly pieces: number;
  /** From one piece to the next, milliseconds; also how long each lasts. */
  readonly everyMs: number;
  /** Payload of the stretch's n-th piece, bytes. */
  readonly bytes: (n: number) => number;
  /** Every so many pieces hold an entry point, at `entryOffset`, beginning with the first. */
  readonly entryEvery: number;
  readonly entryOffset: number;
}

/** A source at work: it makes signed pieces at virtual times, and a heartbeat after each second without one until it ends. */
export class Broadcast {
  /** Headers of all pieces it made, in order. */
  readonly made: PieceHeader[] = [];
  readonly #network: Network;
  readonly #wallOffsetMs: number;
  #sourceTimeMs = 0;
  #lastEntry = -1;
  #ended = false;
  /** When a header was last signed. */
  #signedMs = -Infinity;

  /**
   * @param wallOffsetMs - By how much the source's wall clock is off from true time, plus the time at which the simulation began.
   */
  constructor(
    network: Network,
    readonly member: Member,
    readonly run: number,
    wallOffsetMs: number,
  ) {
    this.#network = network;
    this.#wallOffsetMs = wallOffsetMs;
    network.tell(member, { type: 'certified', certificate: network.stream.certificate(run) });
    this.#beatEverySecond();
  }

  /** Makes a stretch of pieces; the first is whole `everyMs` from now. */
  play(stretch: Stretch): void {
    this.#playFrom(stretch, 0);
  }

  /**
   * Makes one piece now.
   * @param lastsMs - How long ago its first byte came in.
   */
  publish(payloadBytes: number, lastsMs: number, entryOffset: number | undefined): void {
    if (this.#ended || !this.member.alive) return;
    const { stream } = this.#network;
    const { run } = this;
    const seq = this.made.length;
    const blocks = stream.blocks(run, seq, payloadBytes, this.member.number);
    if (entryOffset !== undefined) this.#lastEntry = seq;
    const header: PieceHeader = {
      // Field by field: an object that begins with a spread has a shape of its own, and peers ask the same of all of these.
      entry: entryOffset !== undefined,
      discontinuity: false,
      heartbeat: false,
      end: false,
      run,
      seq,
      sourceTimeMs: this.#sourceTime(lastsMs),
      payloadBytes,
      entryOffset,
      entryDistance: this.#entryDistance(),
      digests: blocks.map((block) => block.digest),
    };
    blocks.forEach((block, i) => this.member.store.put(header, i * BLOCK_BYTES, block));
    this.made.push(header);
    this.#signedMs = this.#network.nowMs;
    stream.noteMade(run, seq, this.#network.nowMs - lastsMs);
    this.#network.tell(this.member, { type: 'published', header: stream.header(header) });
  }

  /** Ends the run: nothing is made from now on. */
  end(): void {
    if (this.#ended) return;
    this.#beat({ end: true });
    this.#ended = true;
  }

  #playFrom(stretch: Stretch, n: number): void {
    if (n === stretch.pieces) return;
    this.#network.at(this.#network.nowMs + stretch.everyMs, () => {
      const entryOffset = n % stretch.entryEvery === 0 ? stretch.entryOffset : undefined;
      this.publish(stretch.bytes(n), stretch.everyMs, entryOffset);
      this.#playFrom(stretch, n + 1);
    });
  }

  #beatEverySecond(): void {
    if (this.#ended || !this.member.alive) return;
    const { nowMs } = this.#network;
    // A piece proves the same as a heartbeat.
    if (nowMs - this.#signedMs >= BEAT_MS) this.#beat({ heartbeat: true });
    this.#network.at(this.#signedMs + BEAT_MS, () => this.#beatEverySecond());
  }

  #beat(flag: Partial<PieceHeader>): void {
    const sourceTimeMs = this.#sourceTime(0);
    this.#signedMs = this.#network.nowMs;
    const seq = this.made.length;
    const header = { ...NO_PIECE, ...flag, run: this.run, seq, sourceTimeMs, entryDistance: this.#entryDistance() };
    this.#network.tell(this.member, { type: 'beat', header: this.#network.stream.header(header) });
  }

  /** From the number of the next piece back to the newest entry point. */
  #entryDistance(): number | undefined {
    const distance = this.made.length - this.#lastEntry;
    return this.#lastEntry < 0 || distance >= ENTRY_FAR ? undefined : distance;
  }

  /** Never decreasing within a run. */
  #sourceTime(agoMs: number): number {
    this.#sourceTimeMs = Math.max(this.#sourceTimeMs, this.#network.nowMs - agoMs + this.#wallOffsetMs);
    return this.#sourceTimeMs;
  }
}

/** A header's flags and payload, none of them there. */
export const NO_PIECE = {
  entry: false,
  discontinuity: false,
  heartbeat: false,
  end: false,
  payloadBytes: 0,
  digests: [],
} as const;

const BLOCK_BYTES = 16384;
/** spec/0002 §4: a distance from here on is not told. */
const ENTRY_FAR = 0xffff;
/** spec/0002: the source signs a heartbeat every second. */
const BEAT_MS = 1000;
