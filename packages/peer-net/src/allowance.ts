/**
 * How many messages one neighbour may send. Each costs little, but a loop that sends nothing else would have us do
 * nothing else either. Blocks don't count: what nobody asked for is refused anyway.
 */
export class MessageAllowance {
  #left = MESSAGES_SAVED_MAX;
  #filledAtMs: number;

  constructor(nowMs: number) {
    this.#filledAtMs = nowMs;
  }

  /** @returns Whether one more is within bounds. */
  take(nowMs: number): boolean {
    if (nowMs > this.#filledAtMs) {
      this.#left = Math.min(MESSAGES_SAVED_MAX, this.#left + (nowMs - this.#filledAtMs) * MESSAGES_PER_MS);
      this.#filledAtMs = nowMs;
    }
    this.#left -= 1;
    return this.#left >= 0;
  }
}

/** A source makes at most 1000 pieces a second (spec/0002), and a neighbour says five things or so of each. */
const MESSAGES_PER_MS = 5;
/** Ten seconds' worth: after a closed lid comes all that was said meanwhile. */
const MESSAGES_SAVED_MAX = 50_000;
