import type { Choker, NeighbourFacts } from './choker.js';

/**
 * Give-to-Get with witnesses. A viewer ranks a neighbour by what it gave to us, and by what it passed on of what we gave
 * to it, as far as those who got it may vouch for that. Newcomers, who had no time to give, go first for a sixteenth of the
 * time, one address block at a time. A source, which gets nothing from anybody, feeds the half whose pieces spread soonest
 * and who is hardly slower, and tries each of the others now and then.
 *
 * @see docs/give-to-get.md
 */
export const witness: Choker = { rank };

function rank(facts: readonly NeighbourFacts[], random: (below: number) => number): readonly number[] {
  if (facts.some((neighbour) => neighbour.spreadMs !== undefined)) return rankBySpread(facts, random);
  const favoured = random(NEWCOMERS_TURN_ONE_IN) === 0 ? drawNewcomer(facts, random) : undefined;
  return facts.map((neighbour) =>
    neighbour === favoured ? Infinity : neighbour.receivedBytes + neighbour.forwardedBytes,
  );
}

/** Every address block has the same chance, however many newcomers it sends. */
function drawNewcomer(facts: readonly NeighbourFacts[], random: (below: number) => number): NeighbourFacts | undefined {
  const blocks = new Map<string | number, NeighbourFacts[]>();
  for (const neighbour of byId(facts)) {
    if (neighbour.connectedMs >= NEWCOMER_MS) continue;
    const block = neighbour.group ?? neighbour.id;
    const others = blocks.get(block);
    if (others) others.push(neighbour);
    else blocks.set(block, [neighbour]);
  }
  if (blocks.size === 0) return undefined;
  const block = [...blocks.values()][random(blocks.size)] ?? [];
  return block[random(block.length)];
}

function rankBySpread(facts: readonly NeighbourFacts[], random: (below: number) => number): readonly number[] {
  const audited = byId(facts).filter((neighbour) => neighbour.spreadMs !== undefined);
  const half = Math.ceil(facts.length / 2);
  // Before half of them are known, to prefer the known ones would be chance.
  if (audited.length < half) return facts.map(() => 0);
  audited.sort((a, b) => (a.spreadMs ?? 0) - (b.spreadMs ?? 0));
  const slowestMs = ((audited[half - 1]?.spreadMs ?? 0) * HARDLY_SLOWER_PERCENT) / 100;
  const served = new Set(audited.filter(({ spreadMs = Infinity }) => spreadMs <= slowestMs));
  for (const neighbour of byId(facts)) if (random(TRIED_ONE_IN) === 0) served.add(neighbour);
  return facts.map((neighbour) => (served.has(neighbour) ? 1 : 0));
}

/** So that chance falls on the same ones in whatever order they come. */
function byId(facts: readonly NeighbourFacts[]): NeighbourFacts[] {
  return [...facts].sort((a, b) => a.id - b.id);
}

/** Who came less long ago than this is a newcomer: twice the time that facts are counted over. A guess. */
const NEWCOMER_MS = 20_000;
/** Newcomers go first one time in so many: what a thousand Sybils share. A guess. */
const NEWCOMERS_TURN_ONE_IN = 16;
/**
 * Where all are alike, a half is chance, and to feed that one alone makes the way through the swarm longer: of 40 viewers
 * with 1.6 × the bitrate 17 % of pieces came too late instead of 6 %. Simulated free-riders are 20 % slower than the median.
 */
const HARDLY_SLOWER_PERCENT = 120;
/** A source treats a neighbour of the slower half like the better ones one time in so many. A guess. */
const TRIED_ONE_IN = 8;
