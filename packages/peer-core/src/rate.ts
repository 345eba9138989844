/** Bytes over the last ten seconds, in ten buckets: enough for ranks, cheap enough for each neighbour. */
export interface Rate {
  readonly buckets: number[];
  second: number;
  /** Of all buckets, bytes. */
  recentBytes: number;
  /** Since the beginning, bytes. */
  totalBytes: number;
}

export function createRate(): Rate {
  return { buckets: Array.from({ length: BUCKETS }, () => 0), second: 0, recentBytes: 0, totalBytes: 0 };
}

export function countBytes(rate: Rate, bytes: number, nowMs: number): void {
  turn(rate, nowMs);
  const bucket = rate.second % BUCKETS;
  rate.buckets[bucket] = (rate.buckets[bucket] as number) + bytes;
  rate.recentBytes += bytes;
  rate.totalBytes += bytes;
}

/** Bytes over the last ten seconds. */
export function recentBytes(rate: Rate, nowMs: number): number {
  turn(rate, nowMs);
  return rate.recentBytes;
}

function turn(rate: Rate, nowMs: number): void {
  const second = Math.max(rate.second, Math.floor(nowMs / 1000));
  if (second === rate.second) return;
  for (let s = Math.max(rate.second + 1, second - BUCKETS + 1); s <= second; s++) {
    rate.recentBytes -= rate.buckets[s % BUCKETS] as number;
    rate.buckets[s % BUCKETS] = 0;
  }
  rate.second = second;
}

const BUCKETS = 10;
