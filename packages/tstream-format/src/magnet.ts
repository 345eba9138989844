/** Magnet links (BEP 9) as far as they name a swarm and where to find it: `xt`, `dn`, `tr`, `x.pe`, `ws`, `so`. */
import { expectHolds } from './create-checks.js';
import { given } from './dictionary.js';
import { fromHex, hex } from './hex.js';
import { NAME_BYTES_MAX } from './name.js';
import { isPlainText } from './text.js';
import { checkTrackers, isTrackerUrl, TRACKERS_MAX } from './trackers.js';
import { FILES_MAX } from './vod-files.js';
import { checkWebSeeds, siftWebSeeds } from './web-seeds.js';

export interface Magnet {
  /** 20 bytes. */
  readonly infohash: Uint8Array;
  /** One line for a person, ≤ 240 bytes. Not safe as a file's name, and it may hold markup. */
  readonly name?: string;
  /** At most 32, none twice. */
  readonly trackers: readonly string[];
  /** Peers to call, as `host:port` or `[ipv6]:port`: at most 32, none twice. Not there if there is none. */
  readonly peers?: readonly string[];
  /** Web seeds (BEP 19), http and https URLs: at most 32, none twice. Not there if there is none. */
  readonly webSeeds?: readonly string[];
  /** Which files to get (BEP 53), rising, below 32768. Not there if all are. */
  readonly fileIndices?: readonly number[];
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
  const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);
  const optional = given<Magnet>({
    infohash,
    trackers: firstOnes(values('tr').filter(isTrackerUrl), TRACKERS_MAX),
    name: values('dn').find((dn) => isPlainText(dn, NAME_BYTES_MAX)),
    peers: some(firstOnes(values('x.pe').filter(isEndpoint), PEERS_MAX)),
    webSeeds: some(siftWebSeeds(values('ws'))),
    fileIndices: some(readFileIndices(values('so'))),
  });
  return { ok: true, value: optional as Magnet };
}

/**
 * Writes a magnet link.
 * @throws {RangeError} If a field is not as {@link Magnet} says.
 */
export function formatMagnet(magnet: Magnet): string {
  checkMagnet(magnet);
  const { infohash, name, trackers, webSeeds = [], peers = [], fileIndices = [] } = magnet;
  const escaped = (key: string, texts: readonly string[]): string[] =>
    texts.map((value) => `${key}=${encodeURIComponent(value)}`);
  const parameters = [
    `xt=urn:btih:${hex(infohash)}`,
    ...escaped('dn', name === undefined ? [] : [name]),
    ...escaped('tr', trackers),
    ...escaped('ws', webSeeds),
    // As others write them: their readers may not expect escapes here.
    ...peers.map((peer) => `x.pe=${peer}`),
    ...(fileIndices.length > 0 ? [`so=${formatFileIndices(fileIndices)}`] : []),
  ];
  return `magnet:?${parameters.join('&')}`;
}

function checkMagnet({ infohash, name, trackers, peers = [], webSeeds = [], fileIndices = [] }: Magnet): void {
  if (infohash.length !== 20) throw new RangeError(`expected an infohash of 20 bytes, got ${infohash.length}`);
  if (name !== undefined) {
    expectHolds(isPlainText(name, NAME_BYTES_MAX), `name as one line of 1..${NAME_BYTES_MAX} bytes`, name);
  }
  checkTrackers(trackers.length > 0 ? [trackers] : []);
  checkWebSeeds(webSeeds);
  for (const peer of peers) expectHolds(isEndpoint(peer), 'peers as host:port', peer);
  expectHolds(
    firstOnes(peers, PEERS_MAX).length === peers.length,
    `at most ${PEERS_MAX} peers, each once`,
    peers.length,
  );
  const rising = fileIndices.every((index, at) => isFileIndex(index) && index > (fileIndices[at - 1] ?? -1));
  expectHolds(rising, `fileIndices rising, in 0..${FILES_MAX - 1}`, fileIndices.join());
}

function firstOnes(values: readonly string[], countMax: number): string[] {
  return [...new Set(values)].slice(0, countMax);
}

function isEndpoint(text: string): boolean {
  const port = Number(ENDPOINT.exec(text)?.[1] ?? 0);
  return port >= 1 && port <= 65535;
}

function isFileIndex(index: number): boolean {
  return Number.isSafeInteger(index) && index >= 0 && index < FILES_MAX;
}

/** `0,2,4-6`; a part that is no index and no range is left out. */
function readFileIndices(texts: readonly string[]): number[] {
  const ranges = texts.flatMap((value) => value.split(',')).map(readRange);
  const indices: number[] = [];
  // In order, so that ranges inside each other cost nothing.
  for (const { from, to } of ranges.sort((a, b) => a.from - b.from)) {
    for (let index = Math.max(from, (indices.at(-1) ?? -1) + 1); index <= to; index += 1) indices.push(index);
  }
  return indices;
}

/** @returns An empty range for what is none. */
function readRange(part: string): { readonly from: number; readonly to: number } {
  const [, first, last = first] = RANGE.exec(part) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return isFileIndex(from) && isFileIndex(to) ? { from, to } : { from: 0, to: -1 };
}

function formatFileIndices(indices: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indices) {
    const range = ranges.at(-1);
    if (range?.[1] === index - 1) range[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
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
/** A guess: as many as trackers. */
const PEERS_MAX = 32;
const ENDPOINT = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\]):([0-9]{1,5})$/i;
const RANGE = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/;
