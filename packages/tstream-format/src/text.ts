/** UTF-8 that refuses instead of replacing. */
import { utf8ToBytes } from '@noble/hashes/utils.js';

// Part of every engine that this runs in, but of no ECMAScript library that TypeScript knows.
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/**
 * @throws {TypeError} If `text` is not a string.
 * @throws {RangeError} If `text` has a lone surrogate: no UTF-8 stands for it.
 */
export function utf8Bytes(text: string): Uint8Array {
  if (typeof text !== 'string') throw new TypeError(`expected text, got ${typeof text}`);
  if (LONE_SURROGATE.test(text))
    throw new RangeError(`expected text without lone surrogates, got ${JSON.stringify(text)}`);
  return utf8ToBytes(text);
}

/** @returns The text, or undefined if `bytes` are not well-formed UTF-8. A byte order mark is kept as a character. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;
