import { AudioFrames } from './audio-frames.js';
import {
  ahead,
  PCR_CYCLE,
  PCR_PER_STAMP,
  type PesStamps,
  pesStamps,
  readPcr,
  readStamp,
  STAMP_CYCLE,
  writePcr,
  writeStamp,
} from './clock.js';
import { hasPayload, opcrAt, payloadAt, pcrAt, pidOf } from './packet.js';

/**
 * The time of a stream that is read again and again. Each pass is later than the one before by the longest of its streams, from a
 * stream's first time stamp to the end of its last picture or sound: so no stream overlaps its own beginning, and the longest goes on
 * without a gap.
 */
export class LoopTimeline {
  /** By how much this pass is later than the first, ticks of 90 kHz on a clock of 33 bits. */
  #shift = 0;
  readonly #streams = new Map<number, StreamSpan>();
  readonly #clocks = new Map<number, { readonly first: number; last: number }>();

  /** Takes the next packet of a pass, and moves its time stamps to where they belong. */
  move(bytes: Uint8Array, at: number): void {
    const pid = pidOf(bytes, at);
    this.#moveClock(bytes, pcrAt(bytes, at), pid);
    const opcr = opcrAt(bytes, at);
    if (opcr >= 0) writePcr(bytes, opcr, this.#movedPcr(readPcr(bytes, opcr)));
    if (!hasPayload(bytes, at)) return;
    const stamps = pesStamps(bytes, at);
    if (stamps === undefined) this.#streams.get(pid)?.more(bytes, at, payloadAt(bytes, at));
    else if (stamps.ptsAt >= 0) this.#moveStamps(bytes, at, pid, stamps);
  }

  /** The next packet is the first one of the next pass. */
  nextPass(): void {
    let length = 0;
    for (const span of this.#streams.values()) length = Math.max(length, span.length());
    for (const { first, last } of this.#clocks.values()) {
      length = Math.max(length, Math.floor(ahead(first, last, PCR_CYCLE) / PCR_PER_STAMP) + 1);
    }
    this.#shift = (this.#shift + length) % STAMP_CYCLE;
    this.#streams.clear();
    this.#clocks.clear();
  }

  #moveClock(bytes: Uint8Array, at: number, pid: number): void {
    if (at < 0) return;
    const pcr = readPcr(bytes, at);
    const clock = this.#clocks.get(pid);
    if (clock === undefined) this.#clocks.set(pid, { first: pcr, last: pcr });
    else clock.last = pcr;
    writePcr(bytes, at, this.#movedPcr(pcr));
  }

  #moveStamps(bytes: Uint8Array, at: number, pid: number, stamps: PesStamps): void {
    const { ptsAt, dtsAt } = stamps;
    const pts = readStamp(bytes, ptsAt);
    const dts = dtsAt < 0 ? pts : readStamp(bytes, dtsAt);
    const span = this.#streams.get(pid) ?? new StreamSpan(dts, stamps.streamId);
    this.#streams.set(pid, span);
    span.begin(dts, bytes, at, stamps.contentAt);
    writeStamp(bytes, ptsAt, (pts + this.#shift) % STAMP_CYCLE);
    if (dtsAt >= 0) writeStamp(bytes, dtsAt, (dts + this.#shift) % STAMP_CYCLE);
  }

  #movedPcr(pcr: number): number {
    return (pcr + this.#shift * PCR_PER_STAMP) % PCR_CYCLE;
  }
}

/** From when to when an elementary stream goes, ticks of 90 kHz. */
class StreamSpan {
  readonly #first: number;
  readonly #isVideo: boolean;
  readonly #frames: AudioFrames | undefined;
  #last: number;
  /** From the last stamp but one to the last. */
  #step = 0;

  constructor(first: number, streamId: number) {
    this.#first = first;
    this.#last = first;
    this.#isVideo = (streamId & 0xf0) === 0xe0;
    this.#frames = (streamId & 0xe0) === 0xc0 ? new AudioFrames() : undefined;
  }

  begin(stamp: number, bytes: Uint8Array, at: number, contentAt: number): void {
    this.#step = ahead(this.#last, stamp, STAMP_CYCLE);
    this.#last = stamp;
    this.#frames?.begin(bytes, at, contentAt);
  }

  more(bytes: Uint8Array, at: number, contentAt: number): void {
    this.#frames?.more(bytes, at, contentAt);
  }

  /** The last stamp's own duration is that of its sound, where it can be read, else what lay between the last two stamps. */
  length(): number {
    const isRegular = this.#step <= (this.#isVideo ? VIDEO_STEP_MAX : OTHER_STEP_MAX);
    return ahead(this.#first, this.#last, STAMP_CYCLE) + (this.#frames?.ticks ?? (isRegular ? this.#step : 0)) || 1;
  }
}

/** 10 s: what is longer is a jump. A guess. */
const VIDEO_STEP_MAX = 900_000;
/** 0.5 s: what comes less often (subtitles) doesn't last until the next one. A guess. */
const OTHER_STEP_MAX = 45_000;
