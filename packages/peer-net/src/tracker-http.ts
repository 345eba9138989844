/**
 * Announces to an HTTP tracker (BEP 3, 7, 23).
 *
 * bittorrent-tracker's client is not used: its decoder dies of an answer of five bytes (`l-3:e`), and importing it loads
 * native WebRTC, a quarter of a second and 30 MB. As an oracle in the tests it is good.
 */
import { isIP } from 'node:net';
import { type BencodeValue, decodeBencode, utf8Text } from '@tstream/tstream-format';
import type { PeerAddress } from '@tstream/wire-ext';
import { plainAddress } from './address.js';
import { boundedGet, GetError } from './bounded-get.js';
import { type Announce, type Announced, compactPeers, PEERS_MAX, TrackerError } from './tracker.js';

/** @throws {TrackerError} One line that says what went wrong. */
export async function announceHttp(tracker: URL, announce: Announce, signal: AbortSignal): Promise<Announced> {
  const limits = { bytesMax: ANSWER_BYTES_MAX, timeoutMs: ANSWER_MS_MAX, signal };
  const { body, address } = await boundedGet(announceUrl(tracker, announce), limits).catch((cause: unknown) => {
    throw cause instanceof GetError ? new TrackerError(cause.reason, { cause }) : cause;
  });
  const decoded = decodeBencode(body, { bytesMax: ANSWER_BYTES_MAX, depthMax: 4, valuesMax: 4096 });
  if (!decoded.ok || !(decoded.value instanceof Map)) throw new TrackerError('the answer is not that of a tracker');
  const answer = decoded.value;
  const failure = answer.get('failure reason');
  if (failure instanceof Uint8Array) throw new TrackerError(`refused: ${oneLine(failure)}`);
  const peers = [...readPeers(answer.get('peers'), 4), ...readPeers(answer.get('peers6'), 16)];
  const interval = answer.get('interval');
  return { intervalMs: typeof interval === 'number' ? interval * 1000 : 0, peers, teller: plainAddress(address) };
}

function announceUrl(tracker: URL, announce: Announce): URL {
  const url = new URL(tracker);
  const fields = [
    `info_hash=${percentEncode(announce.infohash)}`,
    `peer_id=${percentEncode(announce.peerId)}`,
    `port=${announce.port}`,
    `uploaded=${announce.upBytes}`,
    `downloaded=${announce.downBytes}`,
    `left=${announce.leftBytes}`,
    'compact=1',
    `numwant=${announce.peersWanted}`,
  ];
  if (announce.event) fields.push(`event=${announce.event}`);
  url.search = [url.search.slice(1), ...fields].filter((field) => field !== '').join('&');
  return url;
}

function readPeers(value: BencodeValue | undefined, addressBytes: 4 | 16): PeerAddress[] {
  if (value instanceof Uint8Array) return compactPeers(value, addressBytes);
  if (!Array.isArray(value)) return [];
  return value.slice(0, PEERS_MAX).flatMap(readPeer);
}

/** BEP 3's own form: dictionaries. */
function readPeer(value: BencodeValue): PeerAddress[] {
  if (!(value instanceof Map)) return [];
  const ip = value.get('ip');
  const port = value.get('port');
  const address = ip instanceof Uint8Array ? plainAddress(utf8Text(ip) ?? '') : '';
  if (!isIP(address) || typeof port !== 'number' || port < 1 || port > 65_535) return [];
  return [{ address, port }];
}

function percentEncode(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Somebody else's words, shown to a person. */
function oneLine(bytes: Uint8Array): string {
  return (utf8Text(bytes.subarray(0, 200)) ?? 'no reason').replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ');
}

const ANSWER_BYTES_MAX = 256 * 1024;
const ANSWER_MS_MAX = 10_000;
