/** Web seeds (BEP 19 `url-list`): servers that have the files. Sifted: they are remote text that gets dialled. */
import type { BencodeDictionary, BencodeValue } from './bencode-decode.js';
import type { BencodeInput } from './bencode-encode.js';
import { expectHolds } from './create-checks.js';
import { utf8Bytes, utf8Text } from './text.js';
import { URL_BYTES_MAX, urlParts } from './url.js';

/**
 * Whether `url` is an http or https URL in the narrow grammar of this format.
 * @see spec/0004-on-demand.md §3
 */
export function isWebSeedUrl(url: string): boolean {
  return SCHEMES.includes(urlParts(url)?.scheme ?? '');
}

/** `url-list`, one URL or a list of them: the first 32 that can be used, each once. */
export function readWebSeeds(top: BencodeDictionary): string[] {
  const value = top.get('url-list');
  const urls = (Array.isArray(value) ? value : [value]).map(webSeedUrl);
  return siftWebSeeds(urls.filter((url) => url !== undefined));
}

export function siftWebSeeds(urls: readonly string[]): string[] {
  return [...new Set(urls.filter(isWebSeedUrl))].slice(0, WEB_SEEDS_MAX);
}

/** What `url-list` is: one URL as text, as most have it; several as a list. */
export function webSeedValue(urls: readonly string[]): BencodeInput | undefined {
  const [first, ...others] = urls.map(utf8Bytes);
  return others.length > 0 ? urls.map(utf8Bytes) : first;
}

/** @throws {RangeError} Unless these are at most 32 web seeds, each once. */
export function checkWebSeeds(urls: readonly string[]): void {
  for (const url of urls) expectHolds(isWebSeedUrl(url), 'a http or https URL of a web seed', url);
  expectHolds(urls.length <= WEB_SEEDS_MAX, `at most ${WEB_SEEDS_MAX} web seeds`, urls.length);
  expectHolds(new Set(urls).size === urls.length, 'each web seed once', urls.join(' '));
}

function webSeedUrl(value: BencodeValue | undefined): string | undefined {
  return value instanceof Uint8Array && value.length <= URL_BYTES_MAX ? utf8Text(value) : undefined;
}

/** A guess: as many as trackers. */
const WEB_SEEDS_MAX = 32;
const SCHEMES = ['http', 'https'];
