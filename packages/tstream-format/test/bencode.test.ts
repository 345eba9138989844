import { fc, test } from '@fast-check/vitest';
import bencode from 'bencode';
import { describe, expect, it } from 'vitest';
import {
  BENCODE_LIMITS,
  type BencodeInput,
  type BencodeValue,
  bencodeRawValue,
  decodeBencode,
  decodeBencodePrefix,
  encodeBencode,
} from '../src/index.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const key = fc.uint8Array({ maxLength: 6 }).map((codes) => String.fromCharCode(...codes));
const anyValue: fc.Arbitrary<BencodeValue> = fc.letrec<{ value: BencodeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
  ),
})).value;
/** Bytes that look enough like bencode to get deep into the decoder. */
const almostBencode = fc
  .array(fc.constantFrom('d', 'l', 'e', 'i', '-', ':', '0', '1', '2', '9', '1:a', '1:b', 'i7e', 'le', 'de'), {
    maxLength: 60,
  })
  .map((parts) => bytes(parts.join('')));

describe('laws', () => {
  test.prop([anyValue])('decode(encode(x)) ≡ x', (value) => {
    const decoded = decodeBencode(encodeBencode(value));
    expect(decoded).toEqual({ ok: true, value: sorted(value) });
  });

  test.prop([fc.oneof(almostBencode, fc.uint8Array({ maxLength: 300 }))], { numRuns: 3000 })(
    'whatever decodes is what its value encodes to; nothing throws',
    (input) => {
      const decoded = decodeBencode(input);
      if (decoded.ok) expect(encodeBencode(decoded.value)).toEqual(input);
      else expect(decoded.reason).toMatch(/^[a-z-]+$/);
    },
  );

  test.prop([anyValue, fc.uint8Array({ maxLength: 20 })])('a prefix ends where its value ends', (value, rest) => {
    const encoded = encodeBencode(value);
    const decoded = decodeBencodePrefix(Uint8Array.of(...encoded, ...rest));
    expect(decoded).toEqual({ ok: true, value: { value: sorted(value), bytesRead: encoded.length } });
  });

  test.prop([anyValue, fc.nat()])('no proper prefix of a bencoding is one', (value, cut) => {
    const encoded = encodeBencode(value);
    expect(decodeBencode(encoded.subarray(0, cut % encoded.length))).toEqual({ ok: false, reason: 'truncated' });
  });

  test.prop([fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), anyValue)])(
    'the raw bytes of a key are the bencoding of its value',
    (record) => {
      const encoded = encodeBencode(new Map(Object.entries(record)));
      for (const [name, value] of Object.entries(record)) {
        expect(bencodeRawValue(encoded, name)).toEqual(encodeBencode(value));
      }
    },
  );

  const asciiValue = fc.letrec<{ value: BencodeValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.maxSafeInteger(),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(fc.stringMatching(/^[ -~]{0,5}$/), tie('value')), { maxLength: 4 }).map((e) => new Map(e)),
    ),
  })).value;
  test.prop([asciiValue])('encodes as the bencode library does where keys are ASCII', (value) => {
    expect(encodeBencode(value)).toEqual(bencode.encode(value));
  });
});

it('raw bytes are of the outermost dictionary only', () => {
  const encoded = bytes('d1:ad4:infoi1ee4:infoi2e1:zd4:infoi3eee');
  expect(bencodeRawValue(encoded, 'info')).toEqual(bytes('i2e'));
  expect(bencodeRawValue(bytes('ld4:infoi1eee'), 'info')).toBeUndefined();
  expect(bencodeRawValue(bytes('d4:infoi1eex'), 'info')).toBeUndefined();
});

describe('limits', () => {
  const nested = (depth: number): Uint8Array => bytes('l'.repeat(depth) + 'e'.repeat(depth));

  it('takes exactly as many nested lists as allowed', () => {
    const limits = { ...BENCODE_LIMITS, depthMax: 5 };
    expect(decodeBencode(nested(5), limits).ok).toBe(true);
    expect(decodeBencode(nested(6), limits)).toEqual({ ok: false, reason: 'too-deep' });
  });

  it('takes exactly as many values as allowed', () => {
    const limits = { ...BENCODE_LIMITS, valuesMax: 4 };
    expect(decodeBencode(bytes('li1ei2ei3ee'), limits).ok).toBe(true);
    expect(decodeBencode(bytes('li1ei2ei3ei4ee'), limits)).toEqual({ ok: false, reason: 'too-many-values' });
  });

  it('takes exactly as many bytes as allowed', () => {
    const limits = { ...BENCODE_LIMITS, bytesMax: 4 };
    expect(decodeBencode(bytes('2:ab'), limits).ok).toBe(true);
    expect(decodeBencode(bytes('3:abc'), limits)).toEqual({ ok: false, reason: 'too-large' });
    expect(bencodeRawValue(bytes('d1:ai1ee'), 'a', limits)).toBeUndefined();
  });

  it('takes keys of 1024 bytes and no longer', () => {
    const withKey = (length: number): Uint8Array => bytes(`d${length}:${'k'.repeat(length)}i1ee`);
    expect(decodeBencode(withKey(1024)).ok).toBe(true);
    expect(decodeBencode(withKey(1025))).toEqual({ ok: false, reason: 'too-large' });
  });

  it('refuses ten million nested lists and a length of a million digits without reading far', () => {
    expect(decodeBencode(new Uint8Array(10_000_000).fill(0x6c))).toEqual({ ok: false, reason: 'too-deep' });
    expect(decodeBencode(new Uint8Array(1_000_000).fill(0x39))).toEqual({ ok: false, reason: 'truncated' });
  });
});

describe('values', () => {
  it('share no memory with the input, not even with a Buffer', () => {
    const input = Buffer.from('1:a');
    const decoded = decodeBencode(input);
    input.fill(0);
    expect(decoded).toEqual({ ok: true, value: bytes('a') });
  });

  it('keeps keys that are not UTF-8 and keys that are names in prototypes', () => {
    const encoded = bytes('d9:__proto__i1e11:constructori2e2:\xff\xfei3ee');
    const decoded = decodeBencode(encoded);
    expect(decoded).toEqual({
      ok: true,
      value: new Map([
        ['__proto__', 1],
        ['constructor', 2],
        ['\xff\xfe', 3],
      ]),
    });
  });
});

describe("the caller's mistakes", () => {
  it.each([
    ['text', 'abc' as unknown as BencodeInput, 'expected a number, Uint8Array, array or Map, got string'],
    ['undefined in a list', [undefined] as unknown as BencodeInput, 'got undefined'],
    ['null', null as unknown as BencodeInput, 'got null'],
    ['a fraction', 7.5, 'expected a safe integer, got 7.5'],
    ['an unsafe integer', 2 ** 53, 'expected a safe integer'],
    ['a key of more than a byte a character', new Map([['ключ', 1]]), 'expected keys of one character a byte'],
  ])('encoding %s throws', (_, value, message) => {
    expect(() => encodeBencode(value)).toThrow(message);
  });

  it('encoding a list inside itself throws', () => {
    const list: BencodeInput[] = [];
    list.push(list);
    expect(() => encodeBencode(list)).toThrow(RangeError);
  });

  it('decoding text, or under impossible limits, throws', () => {
    expect(() => decodeBencode('i1e' as unknown as Uint8Array)).toThrow(TypeError);
    expect(() => decodeBencode(bytes('i1e'), { ...BENCODE_LIMITS, depthMax: 257 })).toThrow(
      'expected depthMax as a whole number 0..256, got 257',
    );
  });
});

/** Decoded Maps are in the order of their keys; `toEqual` doesn't care, but says what is expected. */
function sorted(value: BencodeValue): BencodeValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return value;
  return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
}
