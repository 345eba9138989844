/** BEP 10's handshake: a dictionary whose `m` names the ids under which the sender wants to receive extensions. */
import {
  type BencodeDictionary,
  type BencodeInput,
  decodeBencode,
  encodeBencode,
  utf8Bytes,
  utf8Text,
} from '@tstream/tstream-format';
import { formatAddress, parseAddress } from './address.js';
import { checkedWhole } from './checked.js';
import { DEFAULT_LIMITS, type DecoderLimits } from './limits.js';
import type { ExtendedHandshake, ExtensionIds } from './message.js';
import { accept, type Result, refuse } from './result.js';

/** @param payload - What follows the id 0; may be a view, nothing of it is kept. */
export function decodeExtendedHandshake(payload: Uint8Array, limits: DecoderLimits): Result<ExtendedHandshake> {
  const decoded = decodeBencode(payload, { ...BENCODE, bytesMax: limits.dictionaryBytesMax });
  if (!decoded.ok || !(decoded.value instanceof Map)) return refuse('bencode');
  const dictionary = decoded.value;
  const ids = readIds(dictionary);
  const port = readWhole(dictionary, 'p', 65_535);
  const requestsMax = readWhole(dictionary, 'reqq', 0xffffffff);
  const metadataBytes = readWhole(dictionary, 'metadata_size', limits.metadataBytesMax);
  const client = readClient(dictionary);
  const yourAddress = readAddress(dictionary);
  if ([ids, port, requestsMax, metadataBytes, client, yourAddress].includes(null)) return refuse('handshake-field');
  return accept({
    type: 'extended-handshake',
    ids: ids ?? {},
    ...(client && { client }),
    ...(port && { port }),
    ...(requestsMax !== undefined && requestsMax !== null && { requestsMax }),
    ...(yourAddress && { yourAddress }),
    ...(metadataBytes && { metadataBytes }),
  });
}

/** Each reader: the field, undefined if the sender left it out, null if it has the wrong shape. */
function readIds(dictionary: BencodeDictionary): ExtensionIds | undefined | null {
  const m = dictionary.get('m');
  if (m === undefined) return undefined;
  if (!(m instanceof Map)) return null;
  const ids: { -readonly [K in keyof ExtensionIds]: number } = {};
  for (const name of EXTENSIONS) {
    const id = readWhole(m, name, 255);
    if (id === null) return null;
    if (id !== undefined) ids[name] = id;
  }
  return ids;
}

function readWhole(dictionary: BencodeDictionary, key: string, max: number): number | undefined | null {
  const value = dictionary.get(key);
  if (value === undefined) return undefined;
  return typeof value === 'number' && value >= 0 && value <= max ? value : null;
}

/** A name is for people's eyes only: what can't be shown is left out rather than refused. */
function readClient(dictionary: BencodeDictionary): string | undefined | null {
  const value = dictionary.get('v');
  if (value === undefined) return undefined;
  if (!(value instanceof Uint8Array)) return null;
  return [...(utf8Text(value) ?? '').replace(UNPRINTABLE, '')].slice(0, CLIENT_CHARACTERS_MAX).join('');
}

function readAddress(dictionary: BencodeDictionary): string | undefined | null {
  const value = dictionary.get('yourip');
  if (value === undefined) return undefined;
  if (!(value instanceof Uint8Array)) return null;
  return value.length === 4 || value.length === 16 ? formatAddress(value) : null;
}

/**
 * Encodes what follows the id 0.
 * @throws {RangeError} If a field is out of the range that {@link ExtendedHandshake} gives.
 */
export function encodeExtendedHandshake(message: ExtendedHandshake): Uint8Array {
  const ids = new Map<string, number>();
  for (const name of EXTENSIONS) {
    const id = message.ids[name];
    if (id !== undefined) ids.set(name, checkedWhole(name, id, 0, 255));
  }
  const fields = new Map<string, BencodeInput>([['m', ids]]);
  const { client, port, requestsMax, yourAddress, metadataBytes } = message;
  if (client !== undefined) fields.set('v', clientBytes(client));
  if (port !== undefined) fields.set('p', checkedWhole('port', port, 1, 65_535));
  if (requestsMax !== undefined) fields.set('reqq', checkedWhole('requestsMax', requestsMax, 0, 0xffffffff));
  if (yourAddress !== undefined) {
    const bytes = parseAddress(yourAddress);
    if (bytes === undefined) throw new RangeError(`expected an IP address, got ${JSON.stringify(yourAddress)}`);
    fields.set('yourip', bytes);
  }
  if (metadataBytes !== undefined) {
    fields.set('metadata_size', checkedWhole('metadataBytes', metadataBytes, 1, DEFAULT_LIMITS.metadataBytesMax));
  }
  return encodeBencode(fields);
}

function clientBytes(client: string): Uint8Array {
  const characters = [...client].length;
  if (characters < 1 || characters > CLIENT_CHARACTERS_MAX || client.replace(UNPRINTABLE, '') !== client) {
    throw new RangeError(
      `expected a client of 1..${CLIENT_CHARACTERS_MAX} printable characters, got ${JSON.stringify(client)}`,
    );
  }
  return utf8Bytes(client);
}

const EXTENSIONS = ['ts_live', 'ut_metadata', 'ut_pex'] as const;
const CLIENT_CHARACTERS_MAX = 64;

/** Controls, among them a terminal's escape, and the invisible ones that reorder text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A guess: other clients have up to thirty fields and extensions, two deep. */
const BENCODE = { depthMax: 8, valuesMax: 512 };
