/** BEP 11 (ut_pex): compact addresses in a dictionary of byte strings, IPv4 and IPv6 apart. */
import { type BencodeDictionary, decodeBencode, encodeBencode } from '@tstream/tstream-format';
import { formatAddress, parseAddress } from './address.js';
import { readU16, writeU16 } from './big-endian.js';
import { checkedWhole } from './checked.js';
import { DEFAULT_LIMITS, type DecoderLimits } from './limits.js';
import type { PeerAddress, PexMessage, PexPeer } from './message.js';
import { accept, type Result, refuse } from './result.js';

/** @param payload - What follows the extension's id; may be a view, nothing of it is kept. */
export function decodePex(payload: Uint8Array, limits: DecoderLimits): Result<PexMessage> {
  const decoded = decodeBencode(payload, { bytesMax: limits.dictionaryBytesMax, depthMax: 4, valuesMax: 256 });
  if (!decoded.ok || !(decoded.value instanceof Map)) return refuse('bencode');
  const added = readLists(decoded.value, 'added', limits.pexPeersMax);
  if (!added.ok) return added;
  const dropped = readLists(decoded.value, 'dropped', limits.pexPeersMax);
  if (!dropped.ok) return dropped;
  return accept({ type: 'pex', added: added.value, dropped: dropped.value });
}

function readLists(dictionary: BencodeDictionary, key: 'added' | 'dropped', peersMax: number): Result<PexPeer[]> {
  const peers: PexPeer[] = [];
  for (const [name, addressBytes] of [[key, 4] as const, [`${key}6`, 16] as const]) {
    const list = dictionary.get(name);
    if (list === undefined) continue;
    if (!(list instanceof Uint8Array) || list.length % (addressBytes + 2) !== 0) return refuse('pex-field');
    if (list.length > peersMax * (addressBytes + 2)) return refuse('pex-too-many');
    const flags = dictionary.get(`${name}.f`);
    readList(list, flags instanceof Uint8Array ? flags : NO_FLAGS, addressBytes, peers);
  }
  return accept(peers);
}

/** Flags that don't fit the addresses say nothing: nothing hangs on them. */
function readList(list: Uint8Array, flags: Uint8Array, addressBytes: 4 | 16, peers: PexPeer[]): void {
  for (let at = 0; at < list.length; at += addressBytes + 2) {
    const port = readU16(list, at + addressBytes);
    // Port 0 is nowhere to connect to: the entry says nothing.
    if (port === 0) continue;
    const peer = { address: formatAddress(list.subarray(at, at + addressBytes)), port };
    const isSeed = ((flags[at / (addressBytes + 2)] ?? 0) & IS_SEED) !== 0;
    peers.push(isSeed ? { ...peer, isSeed } : peer);
  }
}

/**
 * Encodes what follows the extension's id. Of the flags (`added.f`) only that of seeds is ever set.
 * @throws {RangeError} If an address or port is none, or there are more than 50 of a family in a list.
 */
export function encodePex(message: PexMessage): Uint8Array {
  const fields = new Map<string, Uint8Array>();
  for (const key of ['added', 'dropped'] as const) {
    const peers = message[key].map((peer: PexPeer) => ({
      entry: compactAddress(peer),
      flags: peer.isSeed ? IS_SEED : 0,
    }));
    for (const [name, entryBytes] of [[key, 6] as const, [`${key}6`, 18] as const]) {
      const family = peers.filter(({ entry }) => entry.length === entryBytes);
      if (family.length > DEFAULT_LIMITS.pexPeersMax) {
        throw new RangeError(`expected ${name} of at most ${DEFAULT_LIMITS.pexPeersMax} peers, got ${family.length}`);
      }
      if (family.length === 0) continue;
      fields.set(
        name,
        joined(
          family.map(({ entry }) => entry),
          entryBytes,
        ),
      );
      if (key === 'added')
        fields.set(
          `${name}.f`,
          Uint8Array.from(family, ({ flags }) => flags),
        );
    }
  }
  return encodeBencode(fields);
}

function compactAddress({ address, port }: PeerAddress): Uint8Array {
  const parsed = parseAddress(address);
  if (parsed === undefined) throw new RangeError(`expected an IPv4 or IPv6 address, got ${JSON.stringify(address)}`);
  const entry = new Uint8Array(parsed.length + 2);
  entry.set(parsed);
  writeU16(entry, parsed.length, checkedWhole('port', port, 1, 65_535));
  return entry;
}

function joined(entries: readonly Uint8Array[], entryBytes: number): Uint8Array {
  const bytes = new Uint8Array(entries.length * entryBytes);
  for (const [i, entry] of entries.entries()) bytes.set(entry, i * entryBytes);
  return bytes;
}

/** BEP 11: "seed/upload_only". */
const IS_SEED = 0x02;
const NO_FLAGS = new Uint8Array(0);
