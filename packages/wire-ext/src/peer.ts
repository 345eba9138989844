/** BEP 3's messages (and BEP 5's `port`, BEP 6's): an id byte, then fixed fields. `piece` is apart: its block is never buffered. */
import { readU16, readU32, writeU16, writeU32 } from './big-endian.js';
import { checkedWhole } from './checked.js';
import { DEFAULT_LIMITS, type DecoderLimits } from './limits.js';
import type { PeerMessage } from './message.js';
import { accept, type Result, refuse } from './result.js';

/** All but `keep-alive`, which has no id. */
type PeerMessageWithId = Exclude<PeerMessage, { readonly type: 'keep-alive' }>;

export const PEER_IDS = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  'not-interested': 3,
  have: 4,
  bitfield: 5,
  request: 6,
  cancel: 8,
  port: 9,
  suggest: 13,
  'have-all': 14,
  'have-none': 15,
  reject: 16,
  'allowed-fast': 17,
} as const satisfies Record<PeerMessageWithId['type'], number>;

export const PIECE_ID = 7;
/** Length, id, index and begin. */
export const PIECE_HEAD_BYTES = 13;

/** BEP 10. */
export const EXTENDED_ID = 20;
/** Length, id and extension's id. */
export const EXTENDED_HEAD_BYTES = 6;

/** Bytes after the id that a message must have; undefined if the id is not of {@link PEER_IDS} or takes any length. */
export function peerBodyBytes(id: number): number | undefined {
  return BODY_BYTES[id];
}

/** @param body - What follows the id, as many bytes as {@link peerBodyBytes} says; may be a view, nothing is kept. */
export function decodePeer(id: number, body: Uint8Array, limits: DecoderLimits): Result<PeerMessage> {
  switch (id) {
    case PEER_IDS.choke:
      return accept({ type: 'choke' });
    case PEER_IDS.unchoke:
      return accept({ type: 'unchoke' });
    case PEER_IDS.interested:
      return accept({ type: 'interested' });
    case PEER_IDS['not-interested']:
      return accept({ type: 'not-interested' });
    case PEER_IDS['have-all']:
      return accept({ type: 'have-all' });
    case PEER_IDS['have-none']:
      return accept({ type: 'have-none' });
    case PEER_IDS.have:
      return accept({ type: 'have', index: readU32(body, 0) });
    case PEER_IDS.suggest:
      return accept({ type: 'suggest', index: readU32(body, 0) });
    case PEER_IDS['allowed-fast']:
      return accept({ type: 'allowed-fast', index: readU32(body, 0) });
    case PEER_IDS.bitfield:
      return accept({ type: 'bitfield', bits: new Uint8Array(body) });
    case PEER_IDS.port:
      return accept({ type: 'port', port: readU16(body, 0) });
    default: {
      const length = readU32(body, 8);
      if (length < 1 || length > limits.blockBytesMax) return refuse('block-length');
      return accept({ type: rangeType(id), index: readU32(body, 0), begin: readU32(body, 4), length });
    }
  }
}

function rangeType(id: number): 'request' | 'cancel' | 'reject' {
  if (id === PEER_IDS.request) return 'request';
  return id === PEER_IDS.cancel ? 'cancel' : 'reject';
}

/** Writes a message, id first. Throws as `encodeMessage`. */
export function writePeer(bytes: Uint8Array, at: number, message: PeerMessageWithId): void {
  bytes[at] = PEER_IDS[message.type];
  switch (message.type) {
    case 'have':
    case 'suggest':
    case 'allowed-fast':
      return writeU32(bytes, at + 1, checkedWhole('index', message.index, 0, U32_MAX));
    case 'bitfield':
      checkedWhole('bits.length', message.bits.length, 1, DEFAULT_LIMITS.bitfieldBytesMax);
      return bytes.set(message.bits, at + 1);
    case 'request':
    case 'cancel':
    case 'reject':
      writeU32(bytes, at + 1, checkedWhole('index', message.index, 0, U32_MAX));
      writeU32(bytes, at + 5, checkedWhole('begin', message.begin, 0, U32_MAX));
      return writeU32(bytes, at + 9, checkedWhole('length', message.length, 1, DEFAULT_LIMITS.blockBytesMax));
    case 'port':
      return writeU16(bytes, at + 1, checkedWhole('port', message.port, 0, 0xffff));
    default:
  }
}

/** Writes the 13 bytes before a block. Throws as `encodePieceHead`. */
export function writePieceHead(bytes: Uint8Array, index: number, begin: number, length: number): void {
  writeU32(bytes, 0, 9 + checkedWhole('block length', length, 1, DEFAULT_LIMITS.blockBytesMax));
  bytes[4] = PIECE_ID;
  writeU32(bytes, 5, checkedWhole('index', index, 0, U32_MAX));
  writeU32(bytes, 9, checkedWhole('begin', begin, 0, U32_MAX));
}

/** Size of a message, id included. */
export function peerBytes(message: PeerMessageWithId): number {
  if (message.type === 'bitfield') return 1 + message.bits.length;
  return 1 + (peerBodyBytes(PEER_IDS[message.type]) as number);
}

const U32_MAX = 0xffffffff;

/** By id. A bitfield takes any length, a piece has a reader of its own, three ids are nobody's. */
const BODY_BYTES: readonly (number | undefined)[] = [0, 0, 0, 0, 4, undefined, 12, undefined, 12, 2].concat([
  undefined,
  undefined,
  undefined,
  4,
  0,
  0,
  12,
  4,
]);
