/** What neighbours of an on-demand peer might say, and what else might happen to it: numbers near to those that mean something. */
import type { Block, Message } from '@tstream/wire-ext';
import * as fc from 'fast-check';
import { BLOCK, PIECE } from './swarm.js';

export const PIECES = 11;
/** The last piece is of two blocks, the second one short. */
export const LENGTH = (PIECES - 1) * PIECE + BLOCK + 100;
export const NEIGHBOURS = 4;

const index = fc.oneof(
  { weight: 9, arbitrary: fc.nat(PIECES - 1) },
  { weight: 1, arbitrary: fc.constantFrom(PIECES, 2 ** 32 - 1) },
);
const begin = fc.oneof(
  { weight: 9, arbitrary: fc.nat(3).map((block) => block * BLOCK) },
  { weight: 1, arbitrary: fc.nat(2 ** 32 - 1) },
);
const length = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(BLOCK, 100) }, { weight: 1, arbitrary: fc.nat(BLOCK) });
const bits = fc.oneof(
  fc.nat(2 ** PIECES - 1).map((set) => new Uint8Array([set >> 3, (set & 7) << 5])),
  fc.uint8Array({ maxLength: 4 }),
);
const name = fc.oneof(fc.nat(NEIGHBOURS).map(String), fc.string());

const message: fc.Arbitrary<Message<Block>> = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      ...(['keep-alive', 'choke', 'interested', 'not-interested', 'have-all', 'have-none'] as const),
      ...(['unchoke', 'unchoke', 'unchoke', 'interested'] as const),
    ),
  }),
  fc.record({ type: fc.constantFrom('have' as const, 'allowed-fast' as const, 'suggest' as const), index }),
  fc.record({ type: fc.constant('bitfield' as const), bits }),
  fc.record({
    type: fc.constantFrom('request' as const, 'request' as const, 'cancel' as const, 'reject' as const),
    index,
    begin,
    length,
  }),
  fc.record({
    type: fc.constant('piece' as const),
    index,
    begin,
    block: length.map((byteLength) => ({ byteLength })),
  }),
  fc.record({
    type: fc.constant('witness' as const),
    run: fc.constant(1),
    base: fc.oneof(fc.nat(PIECES), fc.constant(Number.MAX_SAFE_INTEGER - 256)),
    names: fc.array(name, { maxLength: 64 }),
    reports: fc.array(fc.record({ name, bitmap: fc.uint8Array({ minLength: 1, maxLength: 32 }) }), { maxLength: 4 }),
  }),
);

/** What happens to the peer. */
export type Step =
  | { readonly do: 'hear'; readonly who: number; readonly message: Message<Block> }
  /** The neighbour answers the nth request that it has, by its block or by REJECT. */
  | { readonly do: 'answer'; readonly who: number; readonly nth: number; readonly how: 'piece' | 'reject' }
  | { readonly do: 'verify'; readonly ok: boolean }
  | { readonly do: 'leave' | 'join' | 'fail' | 'sent'; readonly who: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'lose'; readonly index: number }
  | { readonly do: 'want'; readonly set: number }
  | { readonly do: 'read'; readonly who: number; readonly from: number; readonly playing: boolean }
  | { readonly do: 'limit'; readonly bytesPerSecond: number };

const who = fc.nat(NEIGHBOURS - 1);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('hear' as const), who, message }) },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      who,
      nth: fc.nat(9),
      how: fc.constantFrom('piece' as const, 'piece' as const, 'piece' as const, 'reject' as const),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('verify' as const), ok: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'join' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('fail' as const, 'sent' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 200, 3000, 70_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('want' as const), set: fc.nat(2 ** PIECES - 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('read' as const), who, from: fc.nat(LENGTH), playing: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('limit' as const), bytesPerSecond: fc.constantFrom(1000, 1e6, Infinity) }),
  },
);
