/** Messages to bytes. Whatever is encoded here, a `Decoder` with default limits accepts. */
import { writeU32 } from './big-endian.js';
import { encodeExtendedHandshake } from './extended-handshake.js';
import { liveBytes, writeLive } from './live.js';
import type { Block, ExtensionIds, Message } from './message.js';
import { encodeMetadata } from './metadata.js';
import { outgoing } from './outgoing.js';
import { EXTENDED_HEAD_BYTES, EXTENDED_ID, PIECE_HEAD_BYTES, peerBytes, writePeer, writePieceHead } from './peer.js';
import { encodePex } from './pex.js';

/**
 * Encodes a message, frame included. The array may be a part of a larger buffer; nothing else uses its bytes.
 * @param remoteIds - `ids` of the extended handshake that the receiver sent; needed for extended messages only.
 * @throws {RangeError} If a field is out of its range, or the receiver has no id for the message's extension.
 * @throws {TypeError} If the message is `unknown`: it stands for bytes that nobody kept.
 */
export function encodeMessage(message: Message, remoteIds: ExtensionIds): Uint8Array {
  switch (message.type) {
    case 'keep-alive':
      return outgoing(4);
    case 'choke':
    case 'unchoke':
    case 'interested':
    case 'not-interested':
    case 'have':
    case 'bitfield':
    case 'request':
    case 'cancel':
    case 'port':
    case 'suggest':
    case 'have-all':
    case 'have-none':
    case 'reject':
    case 'allowed-fast': {
      const bytes = framed(peerBytes(message));
      writePeer(bytes, 4, message);
      return bytes;
    }
    case 'piece': {
      const bytes = new Uint8Array(PIECE_HEAD_BYTES + message.block.length);
      writePieceHead(bytes, message.index, message.begin, message.block.length);
      bytes.set(message.block, PIECE_HEAD_BYTES);
      return bytes;
    }
    case 'extended-handshake':
      return extended(0, encodeExtendedHandshake(message));
    case 'pex':
      return extended(remoteId(remoteIds, 'ut_pex'), encodePex(message));
    case 'metadata':
      return extended(remoteId(remoteIds, 'ut_metadata'), encodeMetadata(message));
    case 'unknown':
      throw notSendable();
    default: {
      const bytes = extendedFrame(remoteId(remoteIds, 'ts_live'), liveBytes(message));
      writeLive(bytes, EXTENDED_HEAD_BYTES, message);
      return bytes;
    }
  }
}

/**
 * The 13 bytes before a block of a `piece` message. Write them, then the block itself: nothing is copied. Corked
 * together they are one system call.
 * @param begin - Offset of the block in the piece, bytes.
 * @param length - Bytes of the block, 1–16384.
 * @throws {RangeError} If a number is out of its range.
 */
export function encodePieceHead(index: number, begin: number, length: number): Uint8Array {
  const bytes = outgoing(PIECE_HEAD_BYTES);
  writePieceHead(bytes, index, begin, length);
  return bytes;
}

/**
 * Size of a message on the wire, frame included, without encoding it: `encodeMessage(message, ids).length`.
 * Only the three that carry a dictionary are encoded to be measured.
 * @throws {RangeError} If a field of such a one is out of its range.
 * @throws {TypeError} If the message is `unknown`.
 */
export function encodedBytes(message: Message<Block>): number {
  switch (message.type) {
    case 'keep-alive':
      return 4;
    case 'choke':
    case 'unchoke':
    case 'interested':
    case 'not-interested':
    case 'have':
    case 'bitfield':
    case 'request':
    case 'cancel':
    case 'port':
    case 'suggest':
    case 'have-all':
    case 'have-none':
    case 'reject':
    case 'allowed-fast':
      return 4 + peerBytes(message);
    case 'piece':
      return PIECE_HEAD_BYTES + message.block.byteLength;
    case 'extended-handshake':
      return EXTENDED_HEAD_BYTES + encodeExtendedHandshake(message).length;
    case 'pex':
      return EXTENDED_HEAD_BYTES + encodePex(message).length;
    case 'metadata':
      return EXTENDED_HEAD_BYTES + encodeMetadata(message).length;
    case 'unknown':
      throw notSendable();
    default:
      return EXTENDED_HEAD_BYTES + liveBytes(message);
  }
}

function extended(id: number, payload: Uint8Array): Uint8Array {
  const bytes = extendedFrame(id, payload.length);
  bytes.set(payload, EXTENDED_HEAD_BYTES);
  return bytes;
}

function extendedFrame(id: number, payloadBytes: number): Uint8Array {
  const bytes = framed(2 + payloadBytes);
  bytes[4] = EXTENDED_ID;
  bytes[5] = id;
  return bytes;
}

function framed(messageBytes: number): Uint8Array {
  const bytes = outgoing(4 + messageBytes);
  writeU32(bytes, 0, messageBytes);
  return bytes;
}

function remoteId(remoteIds: ExtensionIds, name: keyof ExtensionIds): number {
  const id = remoteIds[name];
  if (id !== undefined && Number.isInteger(id) && id >= 1 && id <= 255) return id;
  throw new RangeError(`expected an id of the receiver's for ${name}, 1..255, got ${id}`);
}

function notSendable(): TypeError {
  return new TypeError('expected a message that can be sent, got one of type unknown');
}
