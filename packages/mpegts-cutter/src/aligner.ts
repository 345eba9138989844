import { PACKET_BYTES, SYNC_BYTE } from './packet.js';

/** What a `PacketAligner` tells while it is fed. */
export interface PacketSink {
  /**
   * A whole packet.
   * @param bytes - It stands here at `at`; valid during the call only.
   * @param position - Its offset in the input.
   * @param sinceMs - When its first byte came in.
   */
  packet(bytes: Uint8Array, at: number, position: number, sinceMs: number): void;
  /** Bytes were left out that belong to no packet. Several calls in a row may tell of one gap. */
  gap(skippedBytes: number): void;
}

/**
 * Finds the packets in bytes that come in any portions: what it finds depends on the bytes, not on how they were portioned.
 *
 * Sync is found at five sync bytes at packet spacing (ISO/IEC 13818-1 annex G.1 recommends five) and lost at the first byte that
 * should be one and isn't. It holds back a part of a packet, or while it searches less than five packets.
 */
export class PacketAligner {
  #rest: Uint8Array = EMPTY;
  #restMs = 0;
  /** Offset of the first byte of `#rest` in the input. */
  #position = 0;
  #state: 'never-found' | 'found' | 'lost' | 'hopeless' = 'never-found';
  /** Bytes skipped before the first packet. */
  #searchedBytes = 0;

  /** Whether the input began with 64 KiB without sync; further bytes are then ignored until `finish`. */
  get hopeless(): boolean {
    return this.#state === 'hopeless';
  }

  push(bytes: Uint8Array, nowMs: number, sink: PacketSink): void {
    if (this.hopeless || bytes.length === 0) return;
    const oldBytes = this.#rest.length;
    const input = oldBytes === 0 ? bytes : joined(this.#rest, bytes);
    let at = 0;
    for (;;) {
      if (this.#state !== 'found') at = this.#search(input, at, sink);
      if (this.#state !== 'found') break;
      while (at + PACKET_BYTES <= input.length && input[at] === SYNC_BYTE) {
        sink.packet(input, at, this.#position + at, at < oldBytes ? this.#restMs : nowMs);
        at += PACKET_BYTES;
      }
      if (at + PACKET_BYTES > input.length) break;
      this.#state = 'lost';
    }
    if (at >= oldBytes) this.#restMs = nowMs;
    this.#rest = input.slice(at);
    this.#position += at;
  }

  /**
   * The input ends here; another one may follow. Part of a packet is left out. An input too short to be searched is taken if each
   * of its packets begins with a sync byte.
   * @returns False if there was input, and no packet in it.
   */
  finish(sink: PacketSink): boolean {
    const rest = this.#rest;
    const state = this.#state;
    const isShort = state === 'never-found' && this.#searchedBytes === 0 && isRun(rest, 0, rest.length);
    const end = isShort ? rest.length - (rest.length % PACKET_BYTES) : 0;
    let at = 0;
    for (; at < end; at += PACKET_BYTES) {
      sink.packet(rest, at, this.#position + at, this.#restMs);
    }
    if (at < rest.length) sink.gap(rest.length - at);
    this.#position += rest.length;
    const empty = state === 'never-found' && this.#searchedBytes + rest.length === 0;
    this.#rest = EMPTY;
    this.#searchedBytes = 0;
    this.#state = 'never-found';
    return empty || at > 0 || state === 'found' || state === 'lost';
  }

  /** Looks for sync from `at` on. Returns the offset up to which the input is dealt with. */
  #search(input: Uint8Array, at: number, sink: PacketSink): number {
    const end = Math.max(at, input.length - RUN_BYTES + 1);
    let to = at;
    while (to < end && !isRun(input, to, to + RUN_BYTES)) {
      const next = input.indexOf(SYNC_BYTE, to + 1);
      to = next < 0 ? end : Math.min(next, end);
    }
    const skippedBytes = to - at;
    if (skippedBytes > 0) sink.gap(skippedBytes);
    if (this.#state === 'never-found') this.#searchedBytes += skippedBytes;
    if (this.#searchedBytes > SEARCH_BYTES_MAX) this.#state = 'hopeless';
    else if (to < end) this.#state = 'found';
    return this.#state === 'hopeless' ? input.length : to;
  }
}

/** Offset of the first packet of a transport stream, −1 if there is no run of five; a shorter piece of bytes must begin with a packet. */
export function findPackets(bytes: Uint8Array): number {
  const aligner = new PacketAligner();
  let first = -1;
  const sink: PacketSink = {
    packet: (_bytes, _at, position) => {
      if (first < 0) first = position;
    },
    gap: () => {},
  };
  aligner.push(bytes, 0, sink);
  aligner.finish(sink);
  return first;
}

/** Whether a sync byte stands at each packet's start from `at` to `end`. */
function isRun(bytes: Uint8Array, at: number, end: number): boolean {
  for (let sync = at; sync < end; sync += PACKET_BYTES) {
    if (bytes[sync] !== SYNC_BYTE) return false;
  }
  return true;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const EMPTY = new Uint8Array(0);
/** Five packets, of the last one the sync byte. */
const RUN_BYTES = 4 * PACKET_BYTES + 1;
/** A guess: some 350 packets, 8 s of a 64 kbit/s stream. Garbage longer than this at the start of an input isn't known. */
const SEARCH_BYTES_MAX = 65_536;
