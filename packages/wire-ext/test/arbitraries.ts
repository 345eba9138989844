import { fc } from '@fast-check/vitest';
import {
  CLOSE_REASONS,
  type CloseReason,
  DECLINE_REASONS,
  type DeclineReason,
  type ExtendedHandshake,
  type LiveMessage,
  type Message,
  type PeerAddress,
  type PexPeer,
} from '../src/index.js';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const run = fc.integer({ min: 1, max: 0xffffffff });
const seq = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 0xffffffff, 2 ** 32, Number.MAX_SAFE_INTEGER));
/** Mostly short: a long array costs more to compare than it tells. The longest is among them. */
const bytes = (lengthMin: number, lengthMax = lengthMin) =>
  fc
    .tuple(
      fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: lengthMin, max: Math.min(lengthMax, lengthMin + 64) }) },
        { weight: 1, arbitrary: fc.constantFrom(lengthMin, lengthMax) },
      ),
      fc.nat(),
    )
    .map(([length, seed]) => Uint8Array.from({ length }, (_, i) => (seed * (i + 1)) >>> (i % 17)));
const just = <const T extends string>(type: T) => fc.constant(type);

const port = fc.integer({ min: 1, max: 0xffff });
const ipv4 = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))).map((parts) => parts.join('.'));
// Groups without leading zeros and never two zeros in a row: canonical as they stand.
const ipv6 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(':'));
const address = (of: fc.Arbitrary<string>): fc.Arbitrary<PeerAddress> => fc.record({ address: of, port });
// IPv4 first: a list comes back in the order of families.
const addresses = fc
  .tuple(fc.array(address(ipv4), { maxLength: 50 }), fc.array(address(ipv6), { maxLength: 50 }))
  .map((families) => families.flat());
const pexPeers = fc
  .tuple(addresses, fc.array(fc.boolean(), { minLength: 100, maxLength: 100 }))
  .map(([peers, seeds]) => peers.map((peer, at): PexPeer => (seeds[at] ? { ...peer, isSeed: true } : peer)));

const client = fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme-ascii' }).map((text) => text.slice(0, 64));

const extendedHandshakes: fc.Arbitrary<ExtendedHandshake> = fc.record(
  {
    type: just('extended-handshake'),
    ids: fc.record({ ts_live: fc.nat(255), ut_pex: fc.nat(255), ut_metadata: fc.nat(255) }, { requiredKeys: [] }),
    client,
    port,
    requestsMax: u32,
    yourAddress: fc.oneof(ipv4, ipv6),
    metadataBytes: fc.integer({ min: 1, max: 10_000_000 }),
  },
  { requiredKeys: ['type', 'ids'] },
);

const metadataPiece = fc
  .record({ piece: fc.nat(3), totalBytes: fc.integer({ min: 3 * 16_384 + 1, max: 5 * 16_384 }) })
  .chain(({ piece, totalBytes }) =>
    bytes(Math.min(16_384, totalBytes - 16_384 * piece)).map((bytes) => ({
      type: 'metadata' as const,
      kind: 'piece' as const,
      piece,
      totalBytes,
      bytes,
    })),
  );

const codes = <T extends string>(record: Readonly<Record<T, number>>) =>
  fc.constantFrom(...(Object.keys(record) as T[]));

const name = fc.array(u32, { minLength: 2, maxLength: 2 }).map((words) => words.map(hexWord).join(''));

function hexWord(word: number): string {
  return word.toString(16).padStart(8, '0');
}

const liveMessages: fc.Arbitrary<LiveMessage> = fc.oneof(
  fc.record({ type: just('cert'), certificate: bytes(116) }),
  fc.record({ type: just('source'), run, proof: bytes(64) }),
  fc.record({ type: fc.constantFrom('edge', 'offer'), header: bytes(1, 512) }),
  fc.record({ type: fc.constantFrom('coming', 'withdraw', 'want', 'start'), run, seq }),
  fc.record({
    type: just('live-have'),
    run,
    base: seq.map((base) => Math.min(base, Number.MAX_SAFE_INTEGER - 8 * 4096 + 1)),
    bitmap: bytes(1, 4096),
  }),
  fc.record({ type: just('decline'), run, seq, why: codes<DeclineReason>(DECLINE_REASONS) }),
  fc.record({
    type: just('witness'),
    run: u32,
    base: seq.map((base) => Math.min(base, Number.MAX_SAFE_INTEGER - 255)),
    names: fc.array(name, { maxLength: 64 }),
    reports: fc.array(fc.record({ name, bitmap: bytes(1, 32) }), { maxLength: 64 }),
  }),
  fc.record({ type: just('close'), reason: codes<CloseReason>(CLOSE_REASONS) }),
);

/** Every message that can be sent. */
export const messages: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constantFrom('keep-alive', 'choke', 'unchoke', 'interested', 'not-interested') }),
  fc.record({ type: fc.constantFrom('have-all', 'have-none') }),
  fc.record({ type: fc.constantFrom('have', 'suggest', 'allowed-fast'), index: u32 }),
  fc.record({ type: just('bitfield'), bits: bytes(1, 2048) }),
  fc.record({
    type: fc.constantFrom('request', 'cancel', 'reject'),
    index: u32,
    begin: u32,
    length: fc.integer({ min: 1, max: 16_384 }),
  }),
  fc.record({ type: just('piece'), index: u32, begin: u32, block: bytes(1, 16_384) }),
  fc.record({ type: just('port'), port: u16 }),
  extendedHandshakes,
  fc.record({ type: just('metadata'), kind: fc.constantFrom('request', 'reject'), piece: fc.nat(600) }),
  metadataPiece,
  fc.record({ type: just('pex'), added: pexPeers, dropped: addresses }),
  liveMessages,
);
