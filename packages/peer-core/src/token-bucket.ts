/** A limit on bytes per second that a person set: what may go now, and when the next may. */
export interface TokenBucket {
  /** Infinity: no limit. */
  limitBytesPerSecond: number;
  /** Below 0 after a block that was larger than what was left. */
  tokensBytes: number;
  filledMs: number;
}

/** @throws {RangeError} If the limit is not above 0: the caller's mistake. */
export function createBucket(limitBytesPerSecond: number, nowMs: number): TokenBucket {
  expectLimit(limitBytesPerSecond);
  return { limitBytesPerSecond, tokensBytes: burstBytes(limitBytesPerSecond), filledMs: nowMs };
}

/**
 * Changes the limit; what was saved up under the old one is cut to the new burst.
 * @throws {RangeError} If it is not above 0: the caller's mistake.
 */
export function limitBucket(bucket: TokenBucket, bytesPerSecond: number, nowMs: number): void {
  expectLimit(bytesPerSecond);
  fillBucket(bucket, nowMs);
  bucket.limitBytesPerSecond = bytesPerSecond;
  bucket.tokensBytes = Math.min(bucket.tokensBytes, burstBytes(bytesPerSecond));
}

export function fillBucket(bucket: TokenBucket, nowMs: number): void {
  const overMs = nowMs - bucket.filledMs;
  bucket.filledMs = nowMs;
  if (bucket.limitBytesPerSecond === Infinity) return;
  const filled = bucket.tokensBytes + (bucket.limitBytesPerSecond * overMs) / 1000;
  bucket.tokensBytes = Math.min(filled, burstBytes(bucket.limitBytesPerSecond));
}

/** Milliseconds until the next block may go; 0: now. */
export function bucketWaitMs(bucket: TokenBucket, nowMs: number): number {
  if (bucket.limitBytesPerSecond === Infinity) return 0;
  fillBucket(bucket, nowMs);
  if (bucket.tokensBytes > 0) return 0;
  return Math.max(1, Math.ceil(((1 - bucket.tokensBytes) * 1000) / bucket.limitBytesPerSecond));
}

/** @param bytes - That go now; below 0 for what was promised and isn't needed. */
export function takeTokens(bucket: TokenBucket, bytes: number): void {
  if (bucket.limitBytesPerSecond !== Infinity) bucket.tokensBytes -= bytes;
}

/** Half a second's worth may be saved up: it lets the first in quickly and is gone before anyone measures. */
function burstBytes(limitBytesPerSecond: number): number {
  return limitBytesPerSecond === Infinity ? Infinity : limitBytesPerSecond / 2;
}

/** Who may send nothing at all would still offer, be waited for, and be kept out for it. */
function expectLimit(bytesPerSecond: number): void {
  if (!(bytesPerSecond > 0)) throw new RangeError(`expected a limit above 0 bytes per second, got ${bytesPerSecond}`);
}
