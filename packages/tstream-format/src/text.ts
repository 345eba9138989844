/** UTF-8 that refuses instead of replacing, and text that is safe to show in a terminal. */
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

/**
 * One line of text for a person: 1…`bytesMax` bytes of UTF-8, no control characters (they steer terminals), no line or
 * paragraph separators, no bidirectional overrides (they make a name read as another one).
 * @see spec/0001-tstream-metainfo.md §3.4
 */
export function isPlainText(text: string, bytesMax: number): boolean {
  return text.length > 0 && !LONE_SURROGATE.test(text) && !STEERING.test(text) && utf8ToBytes(text).length <= bytesMax;
}

/** As {@link isPlainText}, of a decoded value; undefined where it is missing or anything else. */
export function plainText(value: unknown, bytesMax: number): string | undefined {
  const text = value instanceof Uint8Array ? utf8Text(value) : undefined;
  return text !== undefined && isPlainText(text, bytesMax) ? text : undefined;
}

const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;
