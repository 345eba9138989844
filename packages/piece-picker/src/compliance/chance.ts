/**
 * Chance of the suite's own, so that a finding's number makes the same view again everywhere: a Weyl sequence through the
 * finalizer of MurmurHash3, 32-bit integers only.
 * @returns A uniform integer in [0, below), for 1 ≤ below ≤ 2^32; the slight bias doesn't matter here.
 */
export function createChance(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

/** Chance that ends a picker which draws without end, or for nothing. */
export function countedChance(seed: number): { random: (below: number) => number; fault: () => string | undefined } {
  const chance = createChance(seed + 0x10000);
  let draws = 0;
  let fault: string | undefined;
  const random = (below: number) => {
    draws++;
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) fault ??= `random(${below}): expected 1..2^32`;
    if (draws > DRAWS_MAX) fault ??= `random was called more than ${DRAWS_MAX} times`;
    if (fault !== undefined) throw new RangeError(fault);
    return chance(below);
  };
  return { random, fault: () => fault };
}

/** Far above one draw for each piece and neighbour of the largest view. */
export const DRAWS_MAX = 10_000;
