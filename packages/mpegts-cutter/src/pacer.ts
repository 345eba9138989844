import { PacketAligner, type PacketSink } from './aligner.js';
import { ahead, PCR_CYCLE, PCR_HZ, readPcr } from './clock.js';
import { isTimeBreak, PACKET_BYTES, pcrAt, pidOf } from './packet.js';

export interface PcrPacerConfig {
  /** Bits per second at which bytes are due that no clock reference covers, as long as none has been measured; above 0. */
  readonly fallbackBitsPerSecond: number;
}

/** Bytes that are due together. */
export interface Run {
  readonly bytes: Uint8Array;
  /** When to send them: integer milliseconds after the start. Never lower than that of the run before. */
  readonly dueMs: number;
}

/**
 * Says when the bytes of a recorded stream are due, by the program clock references (PCR) of one PID, the first that has them. The
 * bytes between two references are spread evenly in runs of about 20 ms; those before the first are due at once. The runs put
 * together are the input, byte for byte, whatever it is.
 *
 * A reference that is marked as a break, goes back or jumps ahead by more than 10 s begins a new clock: the bytes before it are
 * spread at the mean rate so far. So are the rest of the input, and a MiB without a reference, after which any PID's is taken.
 */
export interface PcrPacer {
  /** Takes the next bytes, in any portions. They are copied. Returns the runs that are known now: up to the last clock reference. */
  push(bytes: Uint8Array): readonly Run[];
  /** Ends the input. Returns the rest of it. Another input may follow, and goes on in time where this one ends. */
  flush(): readonly Run[];
}

/**
 * Makes a pacer.
 * @throws {RangeError} If the rate is not above 0.
 */
export function createPcrPacer(config: PcrPacerConfig): PcrPacer {
  const { fallbackBitsPerSecond } = config;
  if (!(fallbackBitsPerSecond > 0 && fallbackBitsPerSecond < Infinity)) {
    throw new RangeError(`fallbackBitsPerSecond: expected a number above 0, got ${fallbackBitsPerSecond}`);
  }
  return new Pacer(fallbackBitsPerSecond);
}

class Pacer implements PcrPacer, PacketSink {
  readonly #fallbackTicksPerByte: number;
  readonly #aligner = new PacketAligner();
  /** Bytes that no run holds yet; the first one stands at `#position` of the input. */
  #waiting: Uint8Array = new Uint8Array(0);
  #position = 0;
  /** When the first waiting byte is due, ticks of 27 MHz. */
  #dueTicks = 0;
  /** The last reference; the first waiting byte belongs to its packet. */
  #reference: { readonly pid: number; readonly pcr: number } | undefined;
  /** Between references of one clock: the mean rate. */
  #clockedBytes = 0;
  #clockedTicks = 0;
  #runs: Run[] = [];

  constructor(fallbackBitsPerSecond: number) {
    this.#fallbackTicksPerByte = (PCR_HZ * 8) / fallbackBitsPerSecond;
  }

  push(bytes: Uint8Array): readonly Run[] {
    for (let from = 0; from < bytes.length; from += PORTION_BYTES)
      this.#take(bytes.subarray(from, from + PORTION_BYTES));
    return this.#taken();
  }

  flush(): readonly Run[] {
    this.#aligner.finish(this);
    this.#releaseAtMeanRate(this.#waiting.length);
    this.#reference = undefined;
    return this.#taken();
  }

  #take(portion: Uint8Array): void {
    const waiting = new Uint8Array(this.#waiting.length + portion.length);
    waiting.set(this.#waiting);
    waiting.set(portion, this.#waiting.length);
    this.#waiting = waiting;
    this.#aligner.push(portion, 0, this);
    if (this.#waiting.length < UNCLOCKED_BYTES_MAX) return;
    this.#releaseAtMeanRate(this.#waiting.length);
    this.#reference = undefined;
  }

  packet(bytes: Uint8Array, at: number, position: number): void {
    const field = pcrAt(bytes, at);
    const pid = pidOf(bytes, at);
    if (field < 0 || position < this.#position || (this.#reference && pid !== this.#reference.pid)) return;
    const pcr = readPcr(bytes, field);
    const coveredBytes = position - this.#position;
    if (this.#reference === undefined) this.#release(coveredBytes, 0);
    else {
      const ticks = ahead(this.#reference.pcr, pcr, PCR_CYCLE);
      if (isTimeBreak(bytes, at) || ticks > STEP_TICKS_MAX) this.#releaseAtMeanRate(coveredBytes);
      else {
        this.#clockedBytes += coveredBytes;
        this.#clockedTicks += ticks;
        this.#release(coveredBytes, ticks);
      }
    }
    this.#reference = { pid, pcr };
  }

  gap(): void {}

  #releaseAtMeanRate(bytes: number): void {
    const isMeasured = this.#clockedTicks > 0 && this.#clockedBytes > 0;
    const ticksPerByte = isMeasured ? this.#clockedTicks / this.#clockedBytes : this.#fallbackTicksPerByte;
    this.#release(bytes, bytes * ticksPerByte);
  }

  /** Makes runs of the first waiting bytes, which last `ticks`. */
  #release(bytes: number, ticks: number): void {
    const parts = Math.min(Math.ceil(ticks / RUN_TICKS), Math.ceil(bytes / PACKET_BYTES)) || 1;
    for (let part = 0, from = 0; part < parts && from < bytes; part += 1) {
      const packets = Math.round(((part + 1) * bytes) / parts / PACKET_BYTES);
      const to = part === parts - 1 ? bytes : Math.min(packets * PACKET_BYTES, bytes);
      const dueTicks = this.#dueTicks + (ticks * from) / bytes;
      if (to > from)
        this.#runs.push({ bytes: this.#waiting.slice(from, to), dueMs: Math.floor(dueTicks / TICKS_PER_MS) });
      from = to;
    }
    this.#waiting = this.#waiting.subarray(bytes);
    this.#position += bytes;
    this.#dueTicks += ticks;
  }

  #taken(): readonly Run[] {
    const runs = this.#runs;
    this.#runs = [];
    return runs;
  }
}

const TICKS_PER_MS = PCR_HZ / 1000;
/** Short against a hold of 250 ms, long against a timer's 1 ms. */
const RUN_TICKS = 20 * TICKS_PER_MS;
/** References come each 100 ms at least (§2.7.2), in real files less often; a guess. */
const STEP_TICKS_MAX = 10 * PCR_HZ;
/** 100 ms at 80 Mbit/s; a guess. */
const UNCLOCKED_BYTES_MAX = 1_048_576;
const PORTION_BYTES = 65_536;
