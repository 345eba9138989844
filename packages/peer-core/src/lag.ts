/**
 * The lag: how far behind the live edge the virtual reader plays, counted from the shortest transit seen. A piece of
 * source time t is due at t + transit + lag on the monotonic clock; nobody's wall clock has a part in it.
 */
import type { PieceHeader } from '@tstream/live-piece-auth';
import type { Playout } from './playout.js';
import { type SourceClock, transitMs } from './source-clock.js';

/** How late pieces arrive, against the one that came fastest: the measure for the lag. */
export interface Lateness {
  /** Largest of this period and of the last one, milliseconds. */
  largestMs: number;
  previousLargestMs: number;
  periodStartMs: number;
  stalledInPeriod: boolean;
  /** By how much the lag grew in this period for pieces that are awaited. */
  aheadMs: number;
  /** Pieces made after we came that are here: each is a measure of the way to us. */
  samples: number;
}

export function createLateness(): Lateness {
  return {
    largestMs: 0,
    previousLargestMs: 0,
    periodStartMs: 0,
    stalledInPeriod: false,
    aheadMs: 0,
    samples: 0,
  };
}

/** When a piece is due at the reader, monotonic milliseconds. */
export function dueMs(playout: Playout, clock: SourceClock, sourceTimeMs: number): number {
  return sourceTimeMs + (transitMs(clock) ?? 0) + playout.lagMs;
}

/** The lag at which a piece of that source time would be due right now. */
export function lagAt(clock: SourceClock, sourceTimeMs: number, nowMs: number): number {
  return nowMs - (transitMs(clock) ?? 0) - sourceTimeMs;
}

/** A piece became whole. Raises the lag before it runs out, if pieces come later than they used to. */
export function noteLateness(playout: Playout, clock: SourceClock, header: PieceHeader, nowMs: number): void {
  const lateMs = lagAt(clock, header.sourceTimeMs, nowMs);
  const { lateness } = playout;
  lateness.samples++;
  lateness.largestMs = Math.max(lateness.largestMs, lateMs);
  raiseAhead(playout, lateMs, RAISE_PART, Infinity);
}

/**
 * The next piece that the reader lacks isn't here, though a newer one is: it will be later yet than it is now. Only as far as others were late: it may
 * be lost, and the lag would run away from it. And only so much that it can be taken for a video that is slowed down: else a swarm that gets half of it
 * would stand still half of the time, and nobody would call it a stall.
 */
export function noteAwaited(playout: Playout, clock: SourceClock, sourceTimeMs: number, nowMs: number): void {
  const { taking, lateness } = playout;
  if (!taking) return;
  const mostMs = AWAITED_TIMES * Math.max(lateness.largestMs, lateness.previousLargestMs);
  const lateMs = Math.min(lagAt(clock, sourceTimeMs, nowMs), mostMs);
  lateness.aheadMs += raiseAhead(playout, lateMs, RAISE_PART_AWAITED, AHEAD_MS_MAX - lateness.aheadMs);
}

/** @returns By how much it was raised. */
function raiseAhead(playout: Playout, lateMs: number, part: number, mostMs: number): number {
  if (playout.state !== 'playing' || playout.pinned) return 0;
  const marginMs = Math.min(Math.max(RAISE_MARGIN_MS, Math.ceil(lateMs / part)), RAISE_MARGIN_MS_MAX);
  const wantedMs = Math.min(lateMs + marginMs, LAG_MS_MAX);
  const raiseMs = Math.max(0, Math.min(Math.ceil((wantedMs - playout.lagMs) / 2), mostMs));
  playout.lagMs += raiseMs;
  return raiseMs;
}

/** After a stall or a drop: a quarter more, or as much as the stall took. */
export function raiseLag(playout: Playout, atLeastMs: number): void {
  playout.lateness.stalledInPeriod = true;
  if (playout.pinned) return;
  playout.lagMs = Math.max(Math.min(Math.floor((playout.lagMs * 5) / 4), LAG_MS_MAX), atLeastMs);
}

/** Slowly down again: every ten quiet seconds a twentieth of what is more than the lateness calls for. */
export function relaxLag(playout: Playout, nowMs: number): void {
  const { lateness } = playout;
  if (nowMs - lateness.periodStartMs < RELAX_MS) return;
  const largestMs = Math.max(lateness.largestMs, lateness.previousLargestMs);
  const wantedMs = lagForLateness(largestMs);
  if (!lateness.stalledInPeriod && !playout.pinned && playout.lagMs > wantedMs) {
    playout.lagMs -= Math.ceil((playout.lagMs - wantedMs) / 20);
  }
  lateness.previousLargestMs = lateness.largestMs;
  lateness.largestMs = 0;
  lateness.aheadMs = 0;
  lateness.stalledInPeriod = false;
  lateness.periodStartMs = nowMs;
}

/** What a joiner starts with. */
export function firstLagMs(seenLateMs: number): number {
  return Math.min(lagForLateness(seenLateMs), FIRST_LAG_MS_MAX);
}

function lagForLateness(lateMs: number): number {
  return Math.max(lateMs + SLACK_MS, Math.ceil(lateMs * 1.5) + LAG_MARGIN_MS);
}

/**
 * The zero of the lag moved: the shortest transit became shorter, or an old one was forgotten. The reader's clock
 * doesn't jump with it. A piece is stamped at its first byte and leaves when it is full, or cut short before an entry
 * point, so transits differ by up to a piece's time even on a perfect network.
 */
export function followTransit(playout: Playout, shorterByMs: number): void {
  const { lateness } = playout;
  lateness.largestMs = Math.max(0, lateness.largestMs + shorterByMs);
  lateness.previousLargestMs = Math.max(0, lateness.previousLargestMs + shorterByMs);
  if (!playout.pinned) playout.lagMs = Math.max(0, playout.lagMs + shorterByMs);
}

/** Over the latest piece seen: two round trips and a sleepy scheduler. A guess; benchmarks/live shows its effect. */
const SLACK_MS = 250;
const LAG_MARGIN_MS = 100;
/**
 * A lag that a piece comes this near to grows, at first by half of what is missing: early, as a stall is seen and this isn't. Of the lateness none, a
 * quarter and a third: ten viewers whom fifty join stall 2.2, 1.2 and 0 times in all (`flash-60`, five seeds), and play 1.07, 1.10 and 1.15 s behind.
 */
const RAISE_MARGIN_MS = 150;
const RAISE_PART = 3;
/**
 * Of a piece that is still awaited. Ten viewers whom a thousand join stall 15 times in all without, 5 times with a third, never with a half, and play 1.65, 1.68 and 1.79 s
 * behind; those who join, 391, 44 and 19 times (`flash-1000`, three seeds, without the bounds below).
 */
const RAISE_PART_AWAITED = 2;
/** … and so many times as late as the latest of the last seconds. A guess. */
const AWAITED_TIMES = 1.5;
/** … in ten seconds. A guess: players have as much in hand. */
const AHEAD_MS_MAX = 1000;
/** Who slept for half a minute would be a third of that further behind. A guess. */
const RAISE_MARGIN_MS_MAX = 1000;
const FIRST_LAG_MS_MAX = 2000;
/** Beyond this a stall costs less than the lag. A guess. */
const LAG_MS_MAX = 30_000;
const RELAX_MS = 10_000;
