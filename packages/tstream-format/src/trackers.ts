/** Trackers of a metainfo file (BEP 3 `announce`, BEP 12 `announce-list`), sifted: they are remote text that gets dialled. */
import type { BencodeDictionary, BencodeValue } from './bencode-decode.js';
import type { BencodeInput } from './bencode-encode.js';
import { expectHolds } from './create-checks.js';
import { text } from './dictionary.js';
import { utf8Bytes, utf8Text } from './text.js';
import { URL_BYTES_MAX, urlParts } from './url.js';

/**
 * Whether `url` is a tracker's URL in the narrow grammar of this format: http, https, udp (which needs a port), ws or
 * wss; a host without user name; printable ASCII only.
 * @see spec/0001-tstream-metainfo.md §3.3
 */
export function isTrackerUrl(url: string): boolean {
  const parts = urlParts(url);
  return parts !== undefined && SCHEMES.includes(parts.scheme) && (parts.port !== undefined || parts.scheme !== 'udp');
}

/**
 * Tiers of tracker URLs. `announce-list` counts alone once it names one usable URL (BEP 12), else `announce`. What is no
 * tracker's URL, stands there already or comes after the 32nd is left out, and so are tiers that this empties.
 */
export function readTrackers(top: BencodeDictionary): string[][] {
  const list = top.get('announce-list');
  const tiers = Array.isArray(list) ? siftTiers(list) : [];
  return tiers.length > 0 ? tiers : siftTiers([[top.get('announce') ?? 0]]);
}

/** The keys that stand for tiers of trackers: one tracker needs no list. */
export function trackerKeys(tiers: readonly (readonly string[])[]): Record<string, BencodeInput | undefined> {
  const several = tiers.length > 1 || (tiers[0]?.length ?? 0) > 1;
  return {
    announce: text(tiers[0]?.[0]),
    'announce-list': several ? tiers.map((tier) => tier.map(utf8Bytes)) : undefined,
  };
}

/** @throws {RangeError} Unless these are at most 32 trackers, each once, in tiers of at least one. */
export function checkTrackers(tiers: readonly (readonly string[])[]): void {
  const urls = tiers.flat();
  for (const url of urls) expectHolds(isTrackerUrl(url), 'a http, https, udp, ws or wss URL of a tracker', url);
  expectHolds(urls.length <= TRACKERS_MAX, `at most ${TRACKERS_MAX} trackers`, urls.length);
  expectHolds(new Set(urls).size === urls.length, 'each tracker once', urls.join(' '));
  expectHolds(!tiers.some((tier) => tier.length === 0), 'tiers of at least one tracker', 'an empty one');
}

function siftTiers(list: readonly BencodeValue[]): string[][] {
  const seen = new Set<string>();
  const tiers: string[][] = [];
  for (const values of list) {
    const tier = Array.isArray(values) ? values.map(trackerUrl).filter((url) => takes(seen, url)) : [];
    if (tier.length > 0) tiers.push(tier as string[]);
  }
  return tiers;
}

function takes(seen: Set<string>, url: string | undefined): boolean {
  if (url === undefined || seen.has(url) || seen.size === TRACKERS_MAX) return false;
  seen.add(url);
  return true;
}

function trackerUrl(value: BencodeValue): string | undefined {
  const url = value instanceof Uint8Array && value.length <= URL_BYTES_MAX ? utf8Text(value) : undefined;
  return url !== undefined && isTrackerUrl(url) ? url : undefined;
}

/** A guess, above what public lists of trackers name, below what is a nuisance to dial. */
export const TRACKERS_MAX = 32;
const SCHEMES = ['http', 'https', 'udp', 'ws', 'wss'];
