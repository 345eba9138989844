/**
 * What the line carries, as confirmations tell it, and when all that was sent will have left it. Sockets share a line: who sends two
 * pieces at a time has both take twice as long, and the pieces after them wait. So one block follows the other at the line's rate.
 *
 * The rate is the best but one of the last samples, nearly as in BBR (draft-ietf-ccwg-bbr): a sample too low says that something else was
 * in the way, and one may be too high: a round trip that was never seen without a queue, clocks of whole milliseconds.
 */
export interface LineRate {
  /** Infinity: not known yet. */
  bytesPerMs: number;
  /** When the last byte sent will have left, milliseconds. */
  freeMs: number;
  /** All that was confirmed; when the last of it was, and when that had gone out. */
  deliveredBytes: number;
  deliveredMs: number;
  deliveredSentMs: number;
  /** Bytes per millisecond. */
  readonly samples: number[];
  /** The best rate when it last grew, and the confirmations since: a line that grows no more is known. */
  plateauBytesPerMs: number;
  sinceGrowth: number;
  /** Something waits until the line is free: what is sent next goes as fast as the line is believed to be. */
  awaited: boolean;
  /** So many pieces leave within a round trip, one at least. */
  roundTripPieces: number;
}

/** What was true when the first block of a piece went out. */
export interface SendMark {
  readonly atMs: number;
  readonly deliveredBytes: number;
  readonly deliveredMs: number;
  readonly deliveredSentMs: number;
  /** It had waited for the line. */
  readonly waited: boolean;
}

export function createLineRate(nowMs: number): LineRate {
  return {
    bytesPerMs: Infinity,
    freeMs: nowMs,
    deliveredBytes: 0,
    deliveredMs: nowMs,
    deliveredSentMs: nowMs,
    samples: [],
    plateauBytesPerMs: 0,
    sinceGrowth: 0,
    awaited: false,
    roundTripPieces: 1,
  };
}

/** How long until the line is free, milliseconds; 0: it is. */
export function lineWaitMs(line: LineRate, nowMs: number): number {
  return Math.max(0, Math.floor(line.freeMs - nowMs));
}

/** How long the line would need for what is on it and these bytes. */
export function lineBacklogMs(line: LineRate, bytes: number, nowMs: number): number {
  return Math.max(0, line.freeMs - nowMs) + bytes / line.bytesPerMs;
}

/** What is put on the line now, so many times these bytes one after the other, leaves behind all that is on it. */
export function takeLine(line: LineRate, bytes: number, nowMs: number, times = 1): void {
  const eachMs = bytes / (line.bytesPerMs * gain(line));
  let { freeMs } = line;
  for (let i = 0; i < times; i++) {
    freeMs = Math.min(nowMs + WAIT_MS_MAX, Math.max(freeMs, nowMs - CATCH_UP_MS) + eachMs);
  }
  line.freeMs = freeMs;
}

/** @param isIdle - Nothing that was sent waits for its confirmation: the time before this says nothing of the line. */
export function markSend(line: LineRate, isIdle: boolean, nowMs: number): SendMark {
  const { deliveredBytes, deliveredMs, deliveredSentMs, awaited: waited } = line;
  line.awaited = false;
  if (isIdle) return { atMs: nowMs, deliveredBytes, deliveredMs: nowMs, deliveredSentMs: nowMs, waited };
  return { atMs: nowMs, deliveredBytes, deliveredMs, deliveredSentMs, waited };
}

/**
 * A piece was confirmed. What it took without the round trip is the line's time for it alone; what was confirmed in all since it
 * went out counts receivers that are slow each, but not together.
 * @param rttMs - Shortest round trip to who confirmed, as far as is known.
 */
export function sampleLine(line: LineRate, bytes: number, mark: SendMark, rttMs: number, nowMs: number): void {
  line.deliveredBytes += bytes;
  line.deliveredMs = nowMs;
  line.deliveredSentMs = mark.atMs;
  const alone = bytes / Math.max(1, nowMs - mark.atMs - rttMs);
  const overMs = Math.max(1, nowMs - mark.deliveredMs, mark.atMs - mark.deliveredSentMs);
  const together = (line.deliveredBytes - mark.deliveredBytes) / overMs;
  const sample = Math.max(alone, together);
  // A line that nothing waited for may carry more than it was given; but one piece alone in a round trip shows what it carries.
  const tells = mark.waited || line.roundTripPieces === 1;
  if (!tells && sample < line.bytesPerMs && line.samples.length === SAMPLES) return;
  line.samples.push(sample);
  if (line.samples.length > SAMPLES) line.samples.shift();
  line.bytesPerMs = bestButOne(line.samples);
  line.roundTripPieces = Math.min(PROBE_PIECES_MAX, 1 + Math.floor((rttMs * line.bytesPerMs) / bytes));
  if (tells) line.sinceGrowth++;
  if (line.bytesPerMs < GROWTH * line.plateauBytesPerMs) return;
  line.plateauBytesPerMs = line.bytesPerMs;
  line.sinceGrowth = 0;
}

/** Of one alone that one. */
function bestButOne(samples: readonly number[]): number {
  let best = -Infinity;
  let second = -Infinity;
  for (const sample of samples) {
    if (sample > best) {
      second = best;
      best = sample;
    } else if (sample > second) {
      second = sample;
    }
  }
  return samples.length === 1 ? best : second;
}

/**
 * Faster than the line was seen to be, or nobody would learn that it carries more; then slower, or the queue that this may have
 * filled would stay.
 */
function gain({ sinceGrowth, roundTripPieces }: LineRate): number {
  if (sinceGrowth < SAMPLES) return START_GAIN;
  const turn = sinceGrowth % PROBE_EVERY;
  if (turn < roundTripPieces) return PROBE_GAIN;
  return turn < 2 * roundTripPieces ? DRAIN_GAIN : 1;
}

/** Some seconds' worth. BBR keeps ten round trips; a guess. */
const SAMPLES = 16;
/** BBR's: a line that doesn't grow by a quarter any more is known; until then it is sent twice as much, later a quarter more, now and then. */
const GROWTH = 1.25;
const START_GAIN = 2;
const PROBE_GAIN = 1.25;
const DRAIN_GAIN = 0.75;
const PROBE_EVERY = 16;
/** One receiver's line shows in each piece's time, ours only where several are under way: so for a round trip, but not for long. */
const PROBE_PIECES_MAX = 6;
/** What a timer that came late may make up for. */
const CATCH_UP_MS = 10;
/** No estimate is worth more: what is under way is bounded all the same. A guess. */
const WAIT_MS_MAX = 2000;
