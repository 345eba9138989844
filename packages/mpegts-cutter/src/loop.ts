import { findPackets, PacketAligner, type PacketSink } from './aligner.js';
import { LoopTimeline } from './loop-timeline.js';
import { hasPayload, NULL_PID, PACKET_BYTES, pidOf } from './packet.js';

/**
 * Turns a transport stream that is read again and again from its beginning into one that goes on: clock references, time stamps and
 * continuity counters of each further pass continue those of the pass before. A file of any size passes through it once per pass.
 */
export interface LoopRewriter {
  /** Takes the next bytes, in any portions. Returns the packets that they complete; those of the first pass are as they came. */
  rewrite(bytes: Uint8Array): Uint8Array;
  /** The input ends here, and begins anew with the next bytes. Returns packets still held back; part of a packet is left out. */
  nextLoop(): Uint8Array;
}

export function createLoopRewriter(): LoopRewriter {
  return new Rewriter();
}

/** A transport stream without end, made of one clip. */
export interface Looper {
  /**
   * The next packets of it.
   * @param packets - How many, 1….
   * @returns That many packets of 188 bytes.
   * @throws {RangeError} If it is no such number.
   */
  read(packets: number): Uint8Array;
}

/**
 * Loops a clip that is held in memory.
 * @param clip - A transport stream. It is read, not copied; what belongs to no packet is left out.
 * @throws {RangeError} If it has no packets.
 */
export function createLooper(clip: Uint8Array): Looper {
  if (findPackets(clip) < 0) throw new RangeError(`clip: expected a transport stream, got ${clip.length} other bytes`);
  return new ClipLooper(clip);
}

class ClipLooper implements Looper {
  readonly #clip: Uint8Array;
  readonly #rewriter = createLoopRewriter();
  #at = 0;
  #ready: Uint8Array = EMPTY;

  constructor(clip: Uint8Array) {
    this.#clip = clip;
  }

  read(packets: number): Uint8Array {
    if (!Number.isSafeInteger(packets) || packets < 1) throw new RangeError(`packets: expected 1.., got ${packets}`);
    const out = new Uint8Array(packets * PACKET_BYTES);
    let filled = 0;
    while (filled < out.length) {
      if (this.#ready.length === 0) this.#ready = this.#next();
      const part = this.#ready.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
      this.#ready = this.#ready.subarray(part.length);
    }
    return out;
  }

  #next(): Uint8Array {
    if (this.#at >= this.#clip.length) {
      this.#at = 0;
      return this.#rewriter.nextLoop();
    }
    const portion = this.#clip.subarray(this.#at, this.#at + PORTION_BYTES);
    this.#at += portion.length;
    return this.#rewriter.rewrite(portion);
  }
}

class Rewriter implements LoopRewriter, PacketSink {
  readonly #aligner = new PacketAligner();
  readonly #timeline = new LoopTimeline();
  readonly #counters = new Map<number, Counter>();
  #pass = 0;
  #out: Uint8Array = EMPTY;
  #filled = 0;

  rewrite(bytes: Uint8Array): Uint8Array {
    this.#out = new Uint8Array(bytes.length + HELD_BYTES_MAX);
    this.#aligner.push(bytes, 0, this);
    return this.#taken();
  }

  nextLoop(): Uint8Array {
    this.#out = new Uint8Array(HELD_BYTES_MAX);
    this.#aligner.finish(this);
    this.#timeline.nextPass();
    this.#pass += 1;
    return this.#taken();
  }

  packet(bytes: Uint8Array, at: number): void {
    const to = this.#filled;
    this.#out.set(bytes.subarray(at, at + PACKET_BYTES), to);
    this.#filled += PACKET_BYTES;
    this.#count(this.#out, to);
    this.#timeline.move(this.#out, to);
  }

  gap(): void {}

  /** Moves the continuity counter, which counts the packets with a payload of each PID (§2.4.3.3). */
  #count(bytes: Uint8Array, at: number): void {
    const pid = pidOf(bytes, at);
    if (pid === NULL_PID) return;
    const flags = bytes[at + 3] as number;
    const counter = this.#counters.get(pid) ?? { shift: 0, last: 0, pass: this.#pass };
    if (counter.pass !== this.#pass) {
      const next = hasPayload(bytes, at) ? counter.last + 1 : counter.last;
      counter.shift = (next - flags) & 15;
      counter.pass = this.#pass;
    }
    counter.last = (flags + counter.shift) & 15;
    this.#counters.set(pid, counter);
    bytes[at + 3] = (flags & 0xf0) | counter.last;
  }

  #taken(): Uint8Array {
    const packets = this.#out.subarray(0, this.#filled);
    this.#out = EMPTY;
    this.#filled = 0;
    return packets;
  }
}

interface Counter {
  /** What is added to the counter in this pass. */
  shift: number;
  /** As it was written last. */
  last: number;
  pass: number;
}

const EMPTY = new Uint8Array(0);
const PORTION_BYTES = 65_536;
/** What the aligner may give of earlier portions: less than five packets. */
const HELD_BYTES_MAX = 5 * PACKET_BYTES;
