/**
 * How much one neighbour may say. A message costs little, but a loop that sends nothing else would have us do nothing
 * else either. Blocks don't count: what nobody asked for is refused anyway.
 */
export class Allowance {
  #left = SAVED_MAX;
  #filledAtMs: number;

  constructor(nowMs: number) {
    this.#filledAtMs = nowMs;
  }

  /** Bytes came in; less than 0: a block was among them. */
  spendBytes(bytes: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#left -= bytes / BYTES_OF_MESSAGE;
  }

  /** @returns Whether one more message is within bounds. */
  spendMessage(nowMs: number): boolean {
    this.#fill(nowMs);
    this.#left -= 1;
    return this.#left >= 0;
  }

  /** A request is answered by a block, which cost us more: it doesn't count. */
  earnMessage(): void {
    this.#left = Math.min(SAVED_MAX, this.#left + 1);
  }

  #fill(nowMs: number): void {
    this.#left = Math.min(SAVED_MAX, this.#left + (nowMs - this.#filledAtMs) * MESSAGES_PER_MS);
    this.#filledAtMs = nowMs;
  }
}

/** A source makes at most 1000 pieces a second (spec/0002), and a neighbour says five things or so of each. */
const MESSAGES_PER_MS = 5;
/** An offer has a few hundred bytes, all else a few dozen: a megabyte a second costs as much as the messages in it. */
const BYTES_OF_MESSAGE = 200;
/** Ten seconds' worth: after a closed lid comes all that was said meanwhile. */
const SAVED_MAX = 50_000;
