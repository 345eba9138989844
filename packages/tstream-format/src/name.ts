/** A `name` that becomes a file's name on any system, and stays in the folder that the person chose. */
import type { BencodeDictionary } from './bencode-decode.js';
import { isPlainText, plainText } from './text.js';

type NameResult =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: 'name-malformed' | 'name-unsafe' };

/** The `name` of an `info` dictionary. */
export function readName(info: BencodeDictionary): NameResult {
  const name = plainText(info.get('name'), NAME_BYTES_MAX);
  if (name === undefined) return { ok: false, reason: 'name-malformed' };
  return isSafeName(name) ? { ok: true, value: name } : { ok: false, reason: 'name-unsafe' };
}

/**
 * Whether `name` is one plain line that is safe as a file's name: no folder, no drive, no device, nothing that a file
 * system would change.
 * @see spec/0001-tstream-metainfo.md §3.5
 */
export function isSafeName(name: string): boolean {
  return isPlainText(name, NAME_BYTES_MAX) && isSafeSpelling(name);
}

/** As {@link isSafeName}, of text that is known to be plain and short enough. */
export function isSafeSpelling(name: string): boolean {
  if (RESERVED.test(name)) return false;
  // Windows drops a dot or space at the end, so that two names would be one; this refuses "." and ".." too.
  return !/[. ]$/.test(name) && !DEVICE.test(name);
}

/** File systems take 255 bytes; this leaves room for a suffix such as `.tstream`. */
export const NAME_BYTES_MAX = 240;
/** Of folders, of Windows drives and of streams inside a file. */
const RESERVED = /[/\\:]/;
/** Windows opens the device for these names with any suffix. */
const DEVICE = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)/i;
