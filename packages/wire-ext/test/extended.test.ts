import { encodeBencode } from '@tstream/tstream-format';
import { describe, expect, test } from 'vitest';
import { encodeMessage, type Message } from '../src/index.js';
import { ascii, concat, frame, IDS, outcome } from './reading.js';

type Field = number | Uint8Array | readonly Field[] | ReadonlyMap<string, Field>;
const dictionary = (fields: Record<string, Field>) => encodeBencode(new Map(Object.entries(fields)));
const handshake = (fields: Record<string, Field>) => outcome(frame(20, 0, dictionary(fields)));
const pex = (fields: Record<string, Field>) => outcome(frame(20, 1, dictionary(fields)));
const metadata = (fields: Record<string, Field>, bytes: Uint8Array = new Uint8Array(0)) =>
  outcome(frame(20, 2, concat(dictionary(fields), bytes)));

describe('the extended handshake', () => {
  test('is read as other clients send it', () => {
    const fields = {
      complete_ago: -1,
      ipv6: new Uint8Array(16),
      m: new Map([
        ['lt_donthave', 7],
        ['ut_metadata', 2],
        ['ut_pex', 1],
      ]),
      metadata_size: 31_235,
      p: 6881,
      reqq: 500,
      upload_only: 1,
      v: ascii('libtorrent/2.0.8'),
      yourip: Uint8Array.of(127, 0, 0, 1),
    };
    expect(handshake(fields)).toEqual([
      {
        type: 'extended-handshake',
        ids: { ut_metadata: 2, ut_pex: 1 },
        client: 'libtorrent/2.0.8',
        port: 6881,
        requestsMax: 500,
        yourAddress: '127.0.0.1',
        metadataBytes: 31_235,
      },
    ]);
  });

  test('leaves out what the sender left out, a port of 0 and a name of nothing', () => {
    const empty = [{ type: 'extended-handshake', ids: {} }];
    expect(handshake({})).toEqual(empty);
    expect(handshake({ p: 0, v: ascii('\x1b\n'), metadata_size: 0 })).toEqual(empty);
    expect(handshake({ v: Uint8Array.of(0xff, 0xfe) })).toEqual(empty);
  });

  test('shows a name without controls, and not more of it than a line', () => {
    expect(handshake({ v: ascii(`\x1b[2Ja\0b\x7f${'c'.repeat(200)}`) })).toMatchObject([
      { client: `[2Jab${'c'.repeat(59)}` },
    ]);
    const text = new Map([['v', Uint8Array.of(0xe2, 0x80, 0xae, 0xc2, 0xb5)]]);
    expect(outcome(frame(20, 0, encodeBencode(text)))).toMatchObject([{ client: 'µ' }]);
  });

  test.each<[string, Record<string, Field>]>([
    ['m is a list', { m: [] }],
    ['an id is text', { m: new Map([['ts_live', ascii('3')]]) }],
    ['an id is 256', { m: new Map([['ts_live', 256]]) }],
    ['an id is −1', { m: new Map([['ut_pex', -1]]) }],
    ['the port is 65536', { p: 65_536 }],
    ['the port is text', { p: ascii('1') }],
    ['the queue is −1', { reqq: -1 }],
    ['metadata of 10 MB and a byte', { metadata_size: 10_000_001 }],
    ['the name is a number', { v: 1 }],
    ['an address of 5 bytes', { yourip: new Uint8Array(5) }],
    ['the address is a number', { yourip: 1 }],
  ])('is refused if %s', (_, fields) => {
    expect(handshake(fields)).toBe('handshake-field');
  });
});

describe('peer exchange', () => {
  test('is read as other clients send it', () => {
    const fields = {
      added: Uint8Array.of(1, 2, 3, 4, 0x1a, 0xe1),
      'added.f': Uint8Array.of(2),
      added6: concat(new Uint8Array(15), Uint8Array.of(1, 0, 80)),
      'added6.f': Uint8Array.of(0),
      dropped: Uint8Array.of(5, 6, 7, 8, 0, 1),
    };
    expect(pex(fields)).toEqual([
      {
        type: 'pex',
        added: [
          { address: '1.2.3.4', port: 6881, isSeed: true },
          { address: '::1', port: 80 },
        ],
        dropped: [{ address: '5.6.7.8', port: 1 }],
      },
    ]);
  });

  test('is empty if there is nothing in it, and passes over port 0', () => {
    expect(pex({})).toEqual([{ type: 'pex', added: [], dropped: [] }]);
    expect(pex({ added: new Uint8Array(6) })).toEqual([{ type: 'pex', added: [], dropped: [] }]);
  });

  test.each([
    ['added', 6],
    ['added6', 18],
    ['dropped', 6],
    ['dropped6', 18],
  ])('takes 50 peers as %s, not 51', (key, bytes) => {
    expect(pex({ [key]: new Uint8Array(50 * bytes).fill(1) })).toHaveLength(1);
    expect(pex({ [key]: new Uint8Array(51 * bytes).fill(1) })).toBe('pex-too-many');
    expect(pex({ [key]: new Uint8Array(50 * bytes - 1).fill(1) })).toBe('pex-field');
    expect(pex({ [key]: 6 })).toBe('pex-field');
  });
});

describe('metadata exchange', () => {
  test('is read as other clients send it', () => {
    expect(metadata({ msg_type: 0, piece: 3 })).toEqual([{ type: 'metadata', kind: 'request', piece: 3 }]);
    expect(metadata({ msg_type: 1, piece: 0, total_size: 3 }, ascii('d1e'))).toEqual([
      { type: 'metadata', kind: 'piece', piece: 0, totalBytes: 3, bytes: ascii('d1e') },
    ]);
  });

  test.each<[string, Record<string, Field>, number]>([
    ['no type', { piece: 0 }, 0],
    ['no piece', { msg_type: 0 }, 0],
    ['piece −1', { msg_type: 0, piece: -1 }, 0],
    ['a piece behind 10 MB', { msg_type: 0, piece: 611 }, 0],
    ['a request with bytes behind it', { msg_type: 0, piece: 0 }, 1],
    ['a piece of no size', { msg_type: 1, piece: 0 }, 1],
    ['a piece of no bytes', { msg_type: 1, piece: 1, total_size: 16_384 }, 0],
    ['a byte too few', { msg_type: 1, piece: 1, total_size: 16_390 }, 5],
    ['a byte too many', { msg_type: 1, piece: 1, total_size: 16_390 }, 7],
    ['a piece behind the end', { msg_type: 1, piece: 2, total_size: 16_390 }, 1],
    ['more than 10 MB', { msg_type: 1, piece: 0, total_size: 10_000_001 }, 16_384],
  ])('is refused if %s', (_, fields, bytes) => {
    expect(metadata(fields, new Uint8Array(bytes))).toBe('metadata-field');
  });
});

describe('a caller is told its mistake', () => {
  const peers = (count: number, address: string) => Array.from({ length: count }, () => ({ address, port: 1 }));

  test.each<[string, Message, RegExp]>([
    ['no header', { type: 'offer', header: new Uint8Array(0) }, /header of 1\.\.512 bytes, got 0/],
    ['a long header', { type: 'edge', header: new Uint8Array(513) }, /header of 1\.\.512 bytes, got 513/],
    ['a short certificate', { type: 'cert', certificate: new Uint8Array(115) }, /116\.\.116 bytes, got 115/],
    ['a short proof', { type: 'source', run: 1, proof: new Uint8Array(63) }, /64\.\.64 bytes, got 63/],
    ['a long bitmap', { type: 'live-have', run: 1, base: 0, bitmap: new Uint8Array(4097) }, /4096 bytes, got 4097/],
    ['run 0', { type: 'want', run: 0, seq: 0 }, /run 1\.\.4294967295, got 0/],
    ['run 2^32', { type: 'source', run: 2 ** 32, proof: new Uint8Array(64) }, /run 1\.\.4294967295, got 4294967296/],
    ['number −1', { type: 'coming', run: 1, seq: -1 }, /sequence number 0\.\.9007199254740991, got -1/],
    ['number 2^53', { type: 'start', run: 1, seq: 2 ** 53 }, /got 9007199254740992/],
    ['a bitmap over the end', { type: 'live-have', run: 1, base: 2 ** 53 - 8, bitmap: new Uint8Array(2) }, /0\.\.9/],
    ['an unknown reason', { type: 'close', reason: 'bored' as never }, /reason as one of other, .*, got bored/],
    ['a reason that is inherited', { type: 'decline', run: 1, seq: 0, why: 'toString' as never }, /got toString/],
    ['index −1', { type: 'have', index: -1 }, /index 0\.\.4294967295, got -1/],
    ['no block', { type: 'piece', index: 0, begin: 0, block: new Uint8Array(0) }, /length 1\.\.16384, got 0/],
    ['a long block', { type: 'piece', index: 0, begin: 0, block: new Uint8Array(16_385) }, /got 16385/],
    ['a long request', { type: 'request', index: 0, begin: 0, length: 16_385 }, /length 1\.\.16384, got 16385/],
    ['a long bitfield', { type: 'bitfield', bits: new Uint8Array(262_145) }, /1\.\.262144, got 262145/],
    ['port 65536', { type: 'port', port: 65_536 }, /port 0\.\.65535, got 65536/],
    ['no listen port', { type: 'extended-handshake', ids: {}, port: 0 }, /port 1\.\.65535, got 0/],
    ['an unshowable name', { type: 'extended-handshake', ids: {}, client: 'a\n' }, /printable characters, got "a\\n"/],
    ['a long name', { type: 'extended-handshake', ids: {}, client: 'a'.repeat(65) }, /1\.\.64 printable/],
    ['a host name', { type: 'extended-handshake', ids: {}, yourAddress: 'a.b' }, /IP address, got "a\.b"/],
    ['an id of 256', { type: 'extended-handshake', ids: { ts_live: 256 } }, /ts_live 0\.\.255, got 256/],
    ['51 peers', { type: 'pex', added: peers(51, '1.2.3.4'), dropped: [] }, /added of at most 50 peers, got 51/],
    ['51 of IPv6', { type: 'pex', added: [], dropped: peers(51, '::1') }, /dropped6 of at most 50 peers, got 51/],
    ['no address', { type: 'pex', added: peers(1, 'x'), dropped: [] }, /IPv4 or IPv6 address, got "x"/],
    ['port 0', { type: 'pex', added: [{ address: '::1', port: 0 }], dropped: [] }, /port 1\.\.65535, got 0/],
    ['metadata −1', { type: 'metadata', kind: 'request', piece: -1 }, /piece 0\.\.610, got -1/],
    [
      'metadata of another length',
      { type: 'metadata', kind: 'piece', piece: 0, totalBytes: 9, bytes: new Uint8Array(8) },
      /piece 0 of 9 bytes, got 8/,
    ],
  ])('%s', (_, message, expected) => {
    const encode = () => encodeMessage(message, IDS);
    expect(encode).toThrow(RangeError);
    expect(encode).toThrow(expected);
  });

  test('a receiver that has no such extension', () => {
    const message: Message = { type: 'want', run: 1, seq: 0 };
    expect(() => encodeMessage(message, {})).toThrow(/receiver's for ts_live, 1\.\.255, got undefined/);
    expect(() => encodeMessage(message, { ts_live: 0 })).toThrow(RangeError);
  });

  test('a message that nobody kept', () => {
    expect(() => encodeMessage({ type: 'unknown', id: 14 }, IDS)).toThrow(TypeError);
  });
});
