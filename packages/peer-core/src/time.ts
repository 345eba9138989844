/** @throws {RangeError} If it is not a time that may follow the last one: the caller's mistake. */
export function expectTime(nowMs: number, atLeastMs: number): void {
  if (!Number.isSafeInteger(nowMs) || nowMs < atLeastMs) {
    throw new RangeError(`expected a monotonic time in whole milliseconds from ${atLeastMs} on, got ${nowMs}`);
  }
}
