import type { NeighbourFacts } from '../choker.js';

/** Facts made from a number, up to twelve neighbours, of a viewer or of a source: the same number, the same facts. */
export function factsOf(seed: number): NeighbourFacts[] {
  const chance = createChance(seed);
  const firstId = chance(1000);
  const origin = chance(4) === 0;
  return Array.from({ length: chance(13) }, (_, i) => ({
    id: firstId + i * 7,
    receivedBytes: origin ? 0 : bytes(chance),
    sentBytes: bytes(chance),
    forwardedBytes: bytes(chance),
    toldBytes: bytes(chance),
    spreadMs: origin && chance(3) > 0 ? chance(5000) : undefined,
    connectedMs: [0, chance(30_000), chance(3_600_000), 2 ** 40][chance(4)] as number,
    group: [undefined, '192.0.2', '198.51.100', '2001:db8'][chance(4)],
    incoming: chance(2) === 0,
  }));
}

/** Often nothing, often equal, seldom enormous. */
function bytes(chance: (below: number) => number): number {
  return [0, 0, 16_384, 32_768, chance(2 ** 24), 2 ** 40][chance(6)] as number;
}

/** A uniform integer in [0, below), by a Weyl sequence through the finalizer of MurmurHash3; the slight bias doesn't matter here. */
export function createChance(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}
