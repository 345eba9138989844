/**
 * Chance that replays: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018), 32-bit integers
 * only. The same seed gives the same numbers on every engine.
 */
export class Random {
  readonly #state = new Uint32Array(4);

  /**
   * @param seed - Any safe integer ≥ 0; spread over the state by SplitMix32, as the authors advise.
   * @throws {RangeError} If it is none.
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed: expected 0..2^53-1, got ${seed}`);
    let mixed = Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b) ^ (seed % 2 ** 32);
    for (let i = 0; i < 4; i += 1) {
      mixed = (mixed + 0x9e3779b9) | 0;
      this.#state[i] = splitMix32(mixed);
    }
  }

  /**
   * A uniform integer in [0, below): no bias, as what would tip the scale is drawn again.
   * @param below - 1…2^32.
   * @throws {RangeError} If it is out of range.
   */
  below(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
      throw new RangeError(`below: expected 1..2^32, got ${below}`);
    }
    const fair = 2 ** 32 - (2 ** 32 % below);
    let drawn = xoshiro128ss(this.#state);
    while (drawn >= fair) drawn = xoshiro128ss(this.#state);
    return drawn % below;
  }

  /** A uniform number strictly between 0 and 1, one of 2^32 that lie evenly. */
  unit(): number {
    return (xoshiro128ss(this.#state) + 0.5) / 2 ** 32;
  }

  /** A generator of its own, so that what one peer draws does not depend on how often the others do. */
  fork(): Random {
    return new Random(xoshiro128ss(this.#state));
  }
}

/** Next number of the generator, 0…2^32−1. Its state, four words not all zero, moves on. */
export function xoshiro128ss(state: Uint32Array): number {
  const s0 = state[0] as number;
  const s1 = state[1] as number;
  const result = Math.imul(rotl(Math.imul(s1, 5), 7), 9) >>> 0;
  const t2 = (state[2] as number) ^ s0;
  const t3 = (state[3] as number) ^ s1;
  state[1] = s1 ^ t2;
  state[0] = s0 ^ t3;
  state[2] = t2 ^ (s1 << 9);
  state[3] = rotl(t3, 11);
  return result;
}

function splitMix32(mixed: number): number {
  let z = mixed;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

function rotl(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
