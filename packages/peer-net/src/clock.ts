/** Monotonic integer milliseconds: the one clock of everything that runs a peer. */
export function monotonicMs(): number {
  return Math.floor(performance.now());
}

/** Wall clock minus monotonic clock, milliseconds. */
export function wallOffsetMs(): number {
  return Date.now() - monotonicMs();
}

/** Resolves after a time; does not keep the process alive. */
export function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
