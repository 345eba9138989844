/**
 * How long a transfer takes from its accept to its last block, over all neighbours: the estimator of RFC 6298, mean and
 * deviation. What takes much longer doesn't come: a sender is gone, or asleep, and others should be asked in time.
 */
export interface DeliveryTime {
  meanMs: number;
  deviationMs: number;
  samples: number;
}

export function createDeliveryTime(): DeliveryTime {
  return { meanMs: 0, deviationMs: 0, samples: 0 };
}

export function noteDelivery(time: DeliveryTime, tookMs: number): void {
  if (time.samples === 0) time.meanMs = tookMs;
  const offMs = Math.abs(tookMs - time.meanMs);
  time.deviationMs = time.samples === 0 ? tookMs / 2 : time.deviationMs + (offMs - time.deviationMs) / 4;
  time.meanMs += (tookMs - time.meanMs) / 8;
  time.samples++;
}

/** After so long without a sign a transfer is given up, milliseconds. */
export function patienceMs(time: DeliveryTime): number {
  return Math.max(longerThanMost(time, DEVIATIONS), PATIENCE_MS_MIN);
}

/** After so long without a sign it is asked of somebody faster, milliseconds. No longer than the patience. */
export function overdueMs(time: DeliveryTime): number {
  return Math.max(longerThanMost(time, OVERDUE_DEVIATIONS), OVERDUE_MS_MIN);
}

function longerThanMost({ meanMs, deviationMs, samples }: DeliveryTime, deviations: number): number {
  if (samples < SAMPLES_MIN) return PATIENCE_MS_MAX;
  return Math.min(Math.ceil(meanMs + deviations * deviationMs), PATIENCE_MS_MAX);
}

const SAMPLES_MIN = 8;
/** RFC 6298 takes four; a transfer that is given up for nothing is sent twice. */
const DEVIATIONS = 6;
/** Of 1 and 2 the one that loses less where half of a thousand viewers are weak, and where all have little to spare (`mixed-1000`, `tight-1000`, seeds 1 and 2). */
const OVERDUE_DEVIATIONS = 2;
/** A guess: well over a round trip. */
const OVERDUE_MS_MIN = 200;
/** A busy process sleeps so long, now and then. A guess. */
const PATIENCE_MS_MIN = 500;
/** Simulated narrow lines: a sender's queue and a round trip may take longer than 5 τ. */
const PATIENCE_MS_MAX = 2500;
