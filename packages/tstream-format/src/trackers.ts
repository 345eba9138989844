/** Trackers of a metainfo file (BEP 3 `announce`, BEP 12 `announce-list`), sifted: they are remote text that gets dialled. */
import type { BencodeDictionary, BencodeValue } from './bencode-decode.js';
import { utf8Text } from './text.js';

/**
 * Whether `url` is a tracker's URL in the narrow grammar of this format: http, https, udp (which needs a port), ws or
 * wss; a host without user name; printable ASCII only.
 * @see spec/0001-tstream-metainfo.md §3.3
 */
export function isTrackerUrl(url: string): boolean {
  if (url.length > TRACKER_URL_BYTES_MAX) return false;
  const parts = URL_GRAMMAR.exec(url);
  if (parts === null) return false;
  const [, scheme, port] = parts;
  if (port === undefined) return scheme?.toLowerCase() !== 'udp';
  return Number(port) >= 1 && Number(port) <= 65535;
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
  const url = value instanceof Uint8Array && value.length <= TRACKER_URL_BYTES_MAX ? utf8Text(value) : undefined;
  return url !== undefined && isTrackerUrl(url) ? url : undefined;
}

/** A guess, above what public lists of trackers name, below what is a nuisance to dial. */
export const TRACKERS_MAX = 32;
/** What browsers and servers are known to take. */
const TRACKER_URL_BYTES_MAX = 2048;
/** Groups: scheme, port. */
const URL_GRAMMAR =
  /^(https?|udp|wss?):\/\/(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?(?:[/?][a-z0-9!$%&'()*+,\-./:;=?@[\]_~]*)?$/i;
