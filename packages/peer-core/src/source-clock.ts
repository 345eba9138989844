/**
 * The source's clock as seen from here: from header times and arrival times alone, by differences, so that nobody's
 * wall clock needs to be right. Transit = arrival (monotonic, here) minus source time; the shortest one seen lately
 * is the zero from which lateness is counted.
 */
export interface SourceClock {
  /** Shortest transit of this epoch and of the last one, milliseconds; undefined before the first proof. */
  shortestMs: number | undefined;
  previousShortestMs: number | undefined;
  epochStartMs: number;
  /** Newest source time that is proven, and when its proof came in. */
  newestSourceMs: number;
  newestAtMs: number;
  /** The newest proof was followed by a newer one at least once, so the source lives, whatever the clocks say. */
  advanced: boolean;
}

export function createSourceClock(): SourceClock {
  return {
    shortestMs: undefined,
    previousShortestMs: undefined,
    epochStartMs: 0,
    newestSourceMs: -1,
    newestAtMs: 0,
    advanced: false,
  };
}

/** Takes in a verified header: when its source stamped it, and when it came in here. */
export function observe(clock: SourceClock, sourceTimeMs: number, arrivedMs: number): void {
  if (clock.shortestMs !== undefined && arrivedMs - clock.epochStartMs > EPOCH_MS) {
    clock.previousShortestMs = clock.shortestMs;
    clock.shortestMs = undefined;
  }
  const transitMs = arrivedMs - sourceTimeMs;
  if (clock.shortestMs === undefined) clock.epochStartMs = arrivedMs;
  if (clock.shortestMs === undefined || transitMs < clock.shortestMs) clock.shortestMs = transitMs;
  if (sourceTimeMs <= clock.newestSourceMs) return;
  if (clock.newestSourceMs >= 0) clock.advanced = true;
  clock.newestSourceMs = sourceTimeMs;
  clock.newestAtMs = arrivedMs;
}

/** Shortest transit over the last one to two minutes; undefined before the first proof. */
export function transitMs(clock: SourceClock): number | undefined {
  if (clock.shortestMs === undefined) return clock.previousShortestMs;
  return clock.previousShortestMs === undefined
    ? clock.shortestMs
    : Math.min(clock.shortestMs, clock.previousShortestMs);
}

/** What the source's clock shows now, less the shortest transit; undefined before the first proof. */
export function sourceNowMs(clock: SourceClock, nowMs: number): number | undefined {
  const transit = transitMs(clock);
  return transit === undefined ? undefined : nowMs - transit;
}

/** Clocks drift apart by some 50 ppm: 3 ms in a minute. */
const EPOCH_MS = 60_000;
