/** Bytes over the last two seconds, in eight buckets: what a person calls the rate now. */
export class RateMeter {
  readonly #buckets = new Float64Array(BUCKETS);
  #newest = 0;
  #totalBytes = 0;

  /** Everything ever added. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** @param nowMs - Monotonic milliseconds, never smaller than in an earlier call. */
  add(bytes: number, nowMs: number): void {
    this.#turn(nowMs);
    this.#buckets[this.#newest % BUCKETS] = (this.#buckets[this.#newest % BUCKETS] as number) + bytes;
    this.#totalBytes += bytes;
  }

  bitsPerSecond(nowMs: number): number {
    this.#turn(nowMs);
    let bytes = 0;
    for (const bucket of this.#buckets) bytes += bucket;
    return Math.round((bytes * 8 * 1000) / (BUCKETS * BUCKET_MS));
  }

  #turn(nowMs: number): void {
    const now = Math.floor(nowMs / BUCKET_MS);
    if (now - this.#newest >= BUCKETS) this.#buckets.fill(0);
    else for (let at = this.#newest + 1; at <= now; at += 1) this.#buckets[at % BUCKETS] = 0;
    if (now > this.#newest) this.#newest = now;
  }
}

const BUCKETS = 8;
const BUCKET_MS = 250;
