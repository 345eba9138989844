import { describe, expect, it } from 'vitest';
import { nobleSuite } from '../src/index.js';
import { nodeSuite } from '../src/node.js';
import { suites } from './suites.js';
import { bytesOf, type Ed25519Vectors, vectors } from './vectors.js';

const { cases } = vectors<Ed25519Vectors>('ed25519');
const sound = cases[0] as (typeof cases)[number];

describe.each(suites)('Ed25519, $name', ({ suite }) => {
  it.each(cases)('judges $name: $valid', ({ publicKey, message, signature, valid }) => {
    expect(suite.verify(bytesOf(signature), bytesOf(message), bytesOf(publicKey))).toBe(valid);
  });

  it.each(cases.filter(({ secretKey }) => secretKey !== undefined))('signs $name', (found) => {
    const secretKey = bytesOf(found.secretKey as string);
    expect(suite.publicKey(secretKey)).toEqual(bytesOf(found.publicKey));
    expect(suite.sign(bytesOf(found.message), secretKey)).toEqual(bytesOf(found.signature));
  });

  it('takes a key or a signature of another length for a wrong one', () => {
    const [publicKey, message, signature] = [sound.publicKey, sound.message, sound.signature].map(bytesOf) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    for (const length of [0, 31, 33, 63, 65]) {
      expect(suite.verify(signature, message, new Uint8Array(length))).toBe(false);
      expect(suite.verify(new Uint8Array(length), message, publicKey)).toBe(false);
    }
    expect(suite.verify(signature, message, publicKey)).toBe(true);
  });

  it('refuses a secret key of another length, and says so', () => {
    expect(() => suite.sign(new Uint8Array(3), new Uint8Array(31))).toThrow(
      new RangeError('secretKey: expected 32 bytes, got 31'),
    );
    expect(() => suite.publicKey(new Uint8Array(64))).toThrow(new RangeError('secretKey: expected 32 bytes, got 64'));
  });

  it('judges a key by its bytes at the time, not by the array that held them', () => {
    const key = bytesOf(sound.publicKey);
    const verify = () => suite.verify(bytesOf(sound.signature), bytesOf(sound.message), key);
    expect(verify()).toBe(true);
    key[0] = (key[0] as number) ^ 1;
    expect(verify()).toBe(false);
    key[0] ^= 1;
    expect(verify()).toBe(true);
  });
});

it('gives plain Uint8Arrays, whichever suite', () => {
  for (const suite of [nobleSuite, nodeSuite]) {
    const key = new Uint8Array(32).fill(9);
    for (const bytes of [suite.sha256(key), suite.sign(key, key), suite.publicKey(key)]) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    }
  }
});

it('has cases that either equation alone would accept', () => {
  const refused = cases.filter(({ valid }) => !valid);
  expect(refused.some(({ cofactored }) => cofactored)).toBe(true);
  expect(refused.some(({ cofactorless }) => cofactorless)).toBe(true);
  expect(refused.some(({ cofactored, cofactorless }) => cofactored !== cofactorless)).toBe(true);
});
