/**
 * What neighbours might say: drawn from what an attacker has. Real headers and certificates, old ones, foreign ones, garbage, and
 * numbers near to those that mean something.
 */
import { type Block, type Message, peerName } from '@tstream/wire-ext';
import * as fc from 'fast-check';
import { peerId } from './loop.js';
import { Author } from './stage.js';

export const NEIGHBOURS = [1, 2, 3];
const PIECES = 24;
export const RING = 64;

const authors = [4, 5, 6].map((run) => new Author(run));
export const pieces = authors.map((author) => Array.from({ length: PIECES }, (_, seq) => author.piece(seq)));
export const beats = authors.map((author) => Array.from({ length: PIECES }, (_, seq) => author.heartbeat(seq + 1)));
const ends = authors.map((author) => author.end(PIECES));
export const certificates = authors.map((author) => author.certificate());
export const blocks = authors.map((author) => Array.from({ length: PIECES }, (_, seq) => author.blocks(seq)));

/** Mostly the run that is known. */
const which = fc.constantFrom(1, 1, 1, 1, 1, 1, 0, 2);
const seq = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: PIECES - 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(400, 2 ** 32, Number.MAX_SAFE_INTEGER) },
);
const run = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(4, 5, 6) }, { weight: 1, arbitrary: fc.nat(2 ** 32 - 1) });
const index = fc.integer({ min: 0, max: 70 });
const begin = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(0, 16384) },
  { weight: 1, arbitrary: fc.nat(2 ** 32 - 1) },
);
const length = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(16384, 3616) },
  { weight: 1, arbitrary: fc.nat(2 ** 17) },
);
const garbage = fc.uint8Array({ minLength: 1, maxLength: 200 });

/** Neighbours' names, and strangers'. */
const name = fc.oneof(
  fc.constantFrom(...NEIGHBOURS).map((one) => peerName(peerId(`neighbour ${one}`))),
  fc.nat().map((number) => number.toString(16).padStart(16, '0')),
);

/** Now and then a byte is another one. */
function altered(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const flipped = fc.tuple(bytes, fc.nat(300), fc.integer({ min: 1, max: 255 })).map(([whole, at, mask]) => {
    const copy = whole.slice();
    copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ mask;
    return copy;
  });
  return fc.oneof(
    { weight: 8, arbitrary: bytes },
    { weight: 1, arbitrary: flipped },
    { weight: 1, arbitrary: garbage },
  );
}

const header = altered(
  fc.tuple(which, fc.nat(PIECES - 1), fc.nat(9)).map(([who, n, kind]) => {
    if (kind === 0) return ends[who] as Uint8Array;
    return (kind < 3 ? beats : pieces)[who]?.[n] as Uint8Array;
  }),
);
const certificate = altered(which.map((who) => certificates[who] as Uint8Array));
const block: fc.Arbitrary<Block> = altered(
  fc.tuple(which, fc.nat(PIECES - 1), fc.nat(1)).map(([who, n, part]) => blocks[who]?.[n]?.[part] as Uint8Array),
);

const message: fc.Arbitrary<Message<Block>> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cert' as const), certificate }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('edge' as const), header }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('offer' as const), header }) },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constantFrom('coming' as const, 'withdraw' as const, 'want' as const, 'start' as const),
      run,
      seq,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('decline' as const),
      run,
      seq,
      why: fc.constantFrom('have' as const, 'coming' as const, 'busy' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('live-have' as const),
      run,
      base: seq,
      bitmap: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('request' as const, 'cancel' as const), index, begin, length }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('piece' as const), index, begin, block }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('source' as const), run, proof: fc.constant(new Uint8Array(64)) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('witness' as const),
      run,
      base: seq.map((base) => Math.min(base, Number.MAX_SAFE_INTEGER - 255)),
      names: fc.array(name, { maxLength: 64 }),
      reports: fc.array(fc.record({ name, bitmap: fc.uint8Array({ minLength: 1, maxLength: 32 }) }), { maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Message>({ type: 'keep-alive' }, { type: 'choke' }, { type: 'have', index: 3 }),
  },
);

export type Step =
  | { readonly do: 'hear'; readonly connection: number; readonly message: Message<Block> }
  | { readonly do: 'started'; readonly connection: number; readonly index: number; readonly begin: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'leave' | 'join'; readonly connection: number }
  | { readonly do: 'answer'; readonly ok: boolean }
  /** A neighbour does what it was asked for: sends a block, or accepts an offer. */
  | { readonly do: 'oblige'; readonly nth: number }
  /** A source makes its next piece. */
  | { readonly do: 'publish' }
  | { readonly do: 'read'; readonly taking: boolean };

const connection = fc.constantFrom(...NEIGHBOURS);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('hear' as const), connection, message }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('started' as const), connection, index, begin }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 1, 25, 150, 3000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'join' as const), connection }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('answer' as const), ok: fc.nat(29).map((drawn) => drawn > 0) }),
  },
  { weight: 15, arbitrary: fc.record({ do: fc.constant('oblige' as const), nth: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'publish' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), taking: fc.boolean() }) },
);
