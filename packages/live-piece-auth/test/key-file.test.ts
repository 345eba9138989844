import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeKeyFile, encodeKeyFile } from '../src/index.js';
import { nodeSuite } from '../src/node.js';
import { bytesOf, type KeyFileVectors, vectors } from './vectors.js';

const found = vectors<KeyFileVectors>('key-file');
const [streamSecretKey, streamPublicKey, salt, nonce] = [
  found.streamSecretKey,
  found.streamPublicKey,
  found.salt,
  found.nonce,
].map(bytesOf) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const random = { salt, nonce };

describe('key file vectors', () => {
  it.each(found.accepted)(
    'writes and reads $name',
    ({ passphrase, scryptLogN, text }) => {
      // The usual cost is the default.
      const cost = scryptLogN === 17 ? undefined : scryptLogN;
      expect(encodeKeyFile({ streamSecretKey }, { ...random, passphrase, scryptLogN: cost })).toBe(text);
      expect(decodeKeyFile(text, passphrase)).toEqual({ ok: true, value: { streamSecretKey, streamPublicKey } });
    },
    60_000,
  ); // scrypt at full cost, twice

  it.each(found.acceptedOtherwise)('reads $name', ({ passphrase, text }) => {
    expect(decodeKeyFile(text, passphrase)).toEqual({ ok: true, value: { streamSecretKey, streamPublicKey } });
  });

  it.each(found.refused)('refuses $name: $reason', ({ passphrase, text, reason }) => {
    expect(decodeKeyFile(text, passphrase)).toEqual({ ok: false, reason });
  });
});

describe('a key file', () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const rest = {
    salt: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    nonce: fc.uint8Array({ minLength: 24, maxLength: 24 }),
  };

  it('law: decode(encode(x)) ≡ x, sealed or not', () => {
    const passphrase = fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: undefined });
    fc.assert(
      fc.property(key, fc.record({ ...rest, passphrase, scryptLogN: fc.constant(10) }), (streamSecretKey, options) => {
        const text = encodeKeyFile({ streamSecretKey }, options);
        const value = { streamSecretKey, streamPublicKey: nodeSuite.publicKey(streamSecretKey) };
        expect(decodeKeyFile(text, options.passphrase)).toEqual({ ok: true, value });
      }),
      { numRuns: 20 },
    );
  });

  it('law: one changed character is never taken for a key or a mistyped passphrase', () => {
    const sealed = encodeKeyFile({ streamSecretKey }, { ...random, passphrase: 'right', scryptLogN: 10 });
    const plain = encodeKeyFile({ streamSecretKey }, random);
    fc.assert(
      fc.property(fc.constantFrom(sealed, plain), fc.nat(), fc.integer({ min: 33, max: 126 }), (text, where, code) => {
        const at = where % (text.length - 1);
        const character = String.fromCharCode(code);
        fc.pre(text[at] !== character);
        const result = decodeKeyFile(text.slice(0, at) + character + text.slice(at + 1), 'right');
        expect(['not-a-key-file', 'version', 'damaged']).toContain(result.ok ? 'accepted' : result.reason);
      }),
      { numRuns: 300 },
    );
  });

  it('law: never throws on arbitrary text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((body) => `tstream key 1\n${body}`),
    );
    fc.assert(
      fc.property(text, (text) => {
        expect(decodeKeyFile(text, 'x').ok).toBe(false);
      }),
    );
  });

  it('sealed, shows the secret key to nobody', () => {
    const text = encodeKeyFile({ streamSecretKey }, { ...random, passphrase: 'right', scryptLogN: 10 });
    expect(text).not.toContain(found.streamSecretKey);
    expect(text).toContain(found.streamPublicKey);
  });

  it.each([
    [{ salt: new Uint8Array(15) }, 'salt: expected 16 bytes, got 15'],
    [{ nonce: new Uint8Array(12) }, 'nonce: expected 24 bytes, got 12'],
    [{ scryptLogN: 9 }, 'scryptLogN: expected an integer 10..18, got 9'],
    [{ scryptLogN: 19 }, 'scryptLogN: expected an integer 10..18, got 19'],
    [{ passphrase: '' }, 'passphrase: expected at least one character, got none'],
  ])('is not written with %j', (wrong, message) => {
    const options = { ...random, passphrase: 'right', ...wrong };
    expect(() => encodeKeyFile({ streamSecretKey }, options)).toThrow(new RangeError(message));
  });

  it('is not written of a key of another length', () => {
    expect(() => encodeKeyFile({ streamSecretKey: new Uint8Array(64) }, random)).toThrow(
      new RangeError('streamSecretKey: expected 32 bytes, got 64'),
    );
  });
});
