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
