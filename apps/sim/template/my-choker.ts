/**
 * A choker of your own: copy this file to wherever you like, change it, and name it by its path.
 *
 *     pnpm sim compare default ./my-choker.ts --of choker --scenario scenarios/fast-60.json --report mine.html
 *     tstream-peer watch my-channel.tstream --choker ./my-choker.ts
 *
 * It may import `@tstream/g2g-choker` from anywhere, keeps no state, and takes all chance from `random`.
 */
import type { Choker } from '@tstream/g2g-choker';

export const choker: Choker = {
  /** One number a neighbour, in their order: the larger, the sooner it is served. Asked about once a second. */
  rank: (facts) => facts.map((neighbour) => neighbour.receivedBytes + FORWARDED_WEIGHT * neighbour.forwardedBytes),
};

/** What a neighbour gave to others counts half of what it gave to us. */
const FORWARDED_WEIGHT = 0.5;
