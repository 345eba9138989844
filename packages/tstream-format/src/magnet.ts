/** Magnet links (BEP 9) as far as they name a swarm: `xt`, `dn` and `tr`. */
import { fromHex, hex } from './hex.js';
import { NAME_BYTES_MAX } from './name.js';
import { isPlainText } from './text.js';
import { isTrackerUrl, TRACKERS_MAX } from './trackers.js';

export interface Magnet {
  /** 20 bytes. */
  readonly infohash: Uint8Array;
  /** One line for a person, ≤ 240 bytes. Not safe as a file's name, and it may hold markup. */
  readonly name?: string;
  /** At most 32, none twice. */
  readonly trackers: readonly string[];
}

export type MagnetReason = 'not-magnet' | 'too-long' | 'escape-malformed' | 'infohash-missing' | 'infohash-malformed';

export type MagnetResult =
  | { readonly ok: true; readonly value: Magnet }
  | { readonly ok: false; readonly reason: MagnetReason };

/**
 * Reads a magnet link. The first `xt` with a `urn:btih:` counts, in 40 hexadecimal digits or 32 of base 32. A name that is
 * not one plain line and what is no tracker's URL are left out, unknown parameters are ignored.
 * @throws {TypeError} If `uri` is not a string.
 * @see spec/0001-tstream-metainfo.md §5
 */
export function parseMagnet(uri: string): MagnetResult {
  if (typeof uri !== 'string') throw new TypeError(`expected a magnet link as text, got ${typeof uri}`);
  if (uri.length > URI_CHARACTERS_MAX) return { ok: false, reason: 'too-long' };
  if (!/^magnet:\?/i.test(uri)) return { ok: false, reason: 'not-magnet' };
  const parameters = uri.slice('magnet:?'.length).split('&').map(readParameter);
  if (parameters.includes(undefined)) return { ok: false, reason: 'escape-malformed' };
  const values = (key: string): string[] => parameters.flatMap((p) => (p?.key === key ? [p.value] : []));

  const topic = values('xt').find((xt) => BTIH.test(xt));
  if (topic === undefined) return { ok: false, reason: 'infohash-missing' };
  const infohash = readInfohash(topic.replace(BTIH, ''));
  if (infohash === undefined) return { ok: false, reason: 'infohash-malformed' };
  const trackers = [...new Set(values('tr').filter(isTrackerUrl))].slice(0, TRACKERS_MAX);
  const name = values('dn').find((dn) => isPlainText(dn, NAME_BYTES_MAX));
  return { ok: true, value: name === undefined ? { infohash, trackers } : { infohash, name, trackers } };
}

/**
 * Writes a magnet link.
 * @throws {RangeError} If a field is not as {@link Magnet} says.
 */
export function formatMagnet({ infohash, name, trackers }: Magnet): string {
  if (infohash.length !== 20) throw new RangeError(`expected an infohash of 20 bytes, got ${infohash.length}`);
  if (name !== undefined && !isPlainText(name, NAME_BYTES_MAX)) {
    throw new RangeError(`expected name as one line of 1..${NAME_BYTES_MAX} bytes, got ${JSON.stringify(name)}`);
  }
  if (new Set(trackers).size !== trackers.length || trackers.length > TRACKERS_MAX) {
    throw new RangeError(`expected at most ${TRACKERS_MAX} trackers, each once, got ${trackers.length}`);
  }
  const wrong = trackers.find((url) => !isTrackerUrl(url));
  if (wrong !== undefined) throw new RangeError(`expected URLs of trackers, got ${JSON.stringify(wrong)}`);
  const dn = name === undefined ? [] : [`dn=${encodeURIComponent(name)}`];
  return `magnet:?${[`xt=urn:btih:${hex(infohash)}`, ...dn, ...trackers.map((url) => `tr=${encodeURIComponent(url)}`)].join('&')}`;
}

function readParameter(parameter: string): { key: string; value: string } | undefined {
  const [name = '', ...rest] = parameter.split('=');
  const value = rest.join('=');
  try {
    const key = decodeURIComponent(name).toLowerCase();
    // Others write a name's spaces as forms do; in a URL, + is itself.
    return { key, value: decodeURIComponent(key === 'dn' ? value.replaceAll('+', '%20') : value) };
  } catch {
    return undefined;
  }
}

function readInfohash(text: string): Uint8Array | undefined {
  return text.length === 40 ? fromHex(text) : fromBase32(text.toUpperCase());
}

/** RFC 4648, without padding: 32 digits are exactly 20 bytes. */
function fromBase32(text: string): Uint8Array | undefined {
  if (!/^[A-Z2-7]{32}$/.test(text)) return undefined;
  const bytes = new Uint8Array(20);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of text) {
    held = (held << 5) | BASE32.indexOf(digit);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = held >> bits;
    at += 1;
  }
  return bytes;
}

const BTIH = /^urn:btih:/i;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** A guess: 32 escaped trackers of ordinary length fit four times. */
const URI_CHARACTERS_MAX = 16_384;
