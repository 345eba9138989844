// Own code: the `bencode` library sorts keys by UTF-16 units, cannot write a key that is not UTF-8 (as BEP 52 has them),
// leaves out null values in silence and turns fractions into integers. The tests hold this against it where it is right.

/**
 * What can be bencoded: safe integers, byte strings, lists, and Maps whose keys have one character (U+0000–U+00FF) a
 * byte. Text is given as bytes, see `utf8Bytes`.
 */
export type BencodeInput = number | Uint8Array | readonly BencodeInput[] | ReadonlyMap<string, BencodeInput>;

/**
 * Bencodes a value; dictionaries come out in the order of their keys' bytes.
 * @throws {RangeError} If a number is not a safe integer, a key has a character above U+00FF, or values are nested more
 *   than 256 deep.
 * @throws {TypeError} If there is anything else inside, such as text or undefined.
 */
export function encodeBencode(value: BencodeInput): Uint8Array {
  const parts: Uint8Array[] = [];
  append(parts, value, 0);
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function append(parts: Uint8Array[], value: BencodeInput, depth: number): void {
  if (depth > DEPTH_MAX) throw new RangeError(`expected values at most ${DEPTH_MAX} deep, got deeper ones`);
  if (typeof value === 'number') appendInteger(parts, value);
  else if (value instanceof Uint8Array) parts.push(ascii(`${value.length}:`), value);
  else if (value instanceof Map) appendDictionary(parts, value, depth);
  else if (Array.isArray(value)) appendList(parts, value, depth);
  else
    throw new TypeError(`expected a number, Uint8Array, array or Map, got ${value === null ? 'null' : typeof value}`);
}

function appendInteger(parts: Uint8Array[], value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`expected a safe integer, got ${value}`);
  // `${-0}` is "0".
  parts.push(ascii(`i${value}e`));
}

function appendList(parts: Uint8Array[], list: readonly BencodeInput[], depth: number): void {
  parts.push(ascii('l'));
  for (const value of list) append(parts, value, depth + 1);
  parts.push(ascii('e'));
}

function appendDictionary(parts: Uint8Array[], dictionary: ReadonlyMap<string, BencodeInput>, depth: number): void {
  parts.push(ascii('d'));
  // Code units are bytes here, so the default order is the order of bytes.
  for (const key of [...dictionary.keys()].sort()) {
    parts.push(ascii(`${key.length}:${key}`));
    append(parts, dictionary.get(key) as BencodeInput, depth + 1);
  }
  parts.push(ascii('e'));
}

function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new RangeError(`expected keys of one character a byte, got ${JSON.stringify(text)}`);
    bytes[at] = code;
  }
  return bytes;
}

const DEPTH_MAX = 256;
