/**
 * What the first bytes of a message tell: how many more belong to it, and what becomes of them. A message that breaks a
 * limit is refused here, before any of it is kept.
 *
 * @see spec/0003-wire-ext.md §2, §6
 */
import { readU32 } from './big-endian.js';
import type { DecoderLimits } from './limits.js';
import { LOCAL_EXTENSION_IDS } from './message.js';
import { METADATA_MESSAGE_BYTES_MAX } from './metadata.js';
import { EXTENDED_HEAD_BYTES, EXTENDED_ID, PEER_IDS, PIECE_HEAD_BYTES, PIECE_ID, peerBodyBytes } from './peer.js';
import type { WireReason } from './result.js';

export type Frame =
  /** Ask again when this many bytes of the head are in: 5, 6 or 13. */
  | { readonly rest: 'head'; readonly bytes: number }
  /** A keep-alive is its head. */
  | { readonly rest: 'nothing' }
  /** `bytes` after the head: a block, a body that is understood, or one that is not. */
  | { readonly rest: 'block' | 'body' | 'skipped'; readonly bytes: number }
  | { readonly rest: 'refused'; readonly reason: WireReason };

/** @param headBytes - How many bytes of `head` are in: 4 at first, then as the last answer wanted. */
export function readFrame(head: Uint8Array, headBytes: number, limits: DecoderLimits): Frame {
  const length = readU32(head, 0);
  switch (headBytes) {
    case 4:
      return onLength(length, limits);
    case 5:
      return onId(length, head[4] as number, limits);
    case EXTENDED_HEAD_BYTES:
      return onExtensionId(length, head[5] as number, limits);
    default:
      return { rest: 'block', bytes: length - 9 };
  }
}

function onLength(length: number, limits: DecoderLimits): Frame {
  if (length === 0) return { rest: 'nothing' };
  if (length > Math.max(limits.messageBytesMax, 9 + limits.blockBytesMax, 1 + limits.bitfieldBytesMax)) {
    return refused('message-too-long');
  }
  return { rest: 'head', bytes: 5 };
}

function onId(length: number, id: number, limits: DecoderLimits): Frame {
  if (id === PIECE_ID) {
    if (length < 10 || length > 9 + limits.blockBytesMax) return refused('block-length');
    return { rest: 'head', bytes: PIECE_HEAD_BYTES };
  }
  if (id === PEER_IDS.bitfield) {
    if (length > 1 + limits.bitfieldBytesMax) return refused('message-too-long');
    return length < 2 ? refused('message-length') : { rest: 'body', bytes: length - 1 };
  }
  if (length > limits.messageBytesMax) return refused('message-too-long');
  if (id === EXTENDED_ID) {
    return length < 2 ? refused('message-length') : { rest: 'head', bytes: EXTENDED_HEAD_BYTES };
  }
  const bytes = peerBodyBytes(id);
  if (bytes === undefined) return { rest: 'skipped', bytes: length - 1 };
  return bytes === length - 1 ? { rest: 'body', bytes } : refused('message-length');
}

function onExtensionId(length: number, id: number, limits: DecoderLimits): Frame {
  const bytes = length - 2;
  const bytesMax = payloadBytesMax(id, limits);
  if (bytesMax === undefined) return { rest: 'skipped', bytes };
  return bytes > bytesMax ? refused('message-too-long') : { rest: 'body', bytes };
}

/** Undefined for an id that is none of ours. */
function payloadBytesMax(extensionId: number, limits: DecoderLimits): number | undefined {
  switch (extensionId) {
    case 0:
    case LOCAL_EXTENSION_IDS.ut_pex:
      return limits.dictionaryBytesMax;
    case LOCAL_EXTENSION_IDS.ut_metadata:
      return METADATA_MESSAGE_BYTES_MAX;
    case LOCAL_EXTENSION_IDS.ts_live:
      return limits.liveBytesMax;
    default:
      return undefined;
  }
}

function refused(reason: WireReason): Frame {
  return { rest: 'refused', reason };
}
