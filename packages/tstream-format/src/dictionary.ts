/** Fields that may be missing, on their way into a dictionary and out of one. */
import type { BencodeInput } from './bencode-encode.js';
import { utf8Bytes } from './text.js';

/** The fields that have a value, as a dictionary to be bencoded. */
export function dictionary(fields: Record<string, BencodeInput | undefined>): Map<string, BencodeInput> {
  const present = Object.entries(fields).filter((field): field is [string, BencodeInput] => field[1] !== undefined);
  return new Map(present);
}

/** The fields that have a value. */
export function given<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Text as what is bencoded. */
export function text(value: string | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : utf8Bytes(value);
}
