/** Bytes over the last ten seconds, in ten buckets: enough for ranks, cheap enough for each neighbour. */
export interface Rate {
  readonly buckets: number[];
  second: number;
  /** Since the beginning, bytes. */
  totalBytes: number;
}

export function createRate(): Rate {
  return { buckets: Array.from({ length: BUCKETS }, () => 0), second: 0, totalBytes: 0 };
}

export function countBytes(rate: Rate, bytes: number, nowMs: number): void {
  turn(rate, nowMs);
  rate.buckets[rate.second % BUCKETS] = (rate.buckets[rate.second % BUCKETS] ?? 0) + bytes;
  rate.totalBytes += bytes;
}

/** Bytes over the last ten seconds. */
export function recentBytes(rate: Rate, nowMs: number): number {
  turn(rate, nowMs);
  return rate.buckets.reduce((sum, bytes) => sum + bytes, 0);
}

function turn(rate: Rate, nowMs: number): void {
  const second = Math.max(rate.second, Math.floor(nowMs / 1000));
  for (let s = Math.max(rate.second + 1, second - BUCKETS + 1); s <= second; s++) rate.buckets[s % BUCKETS] = 0;
  rate.second = second;
}

const BUCKETS = 10;
