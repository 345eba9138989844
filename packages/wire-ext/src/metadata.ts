/** BEP 9 (ut_metadata): the `info` dictionary in blocks of 16 KiB, each behind a small dictionary. */
import { type BencodeDictionary, decodeBencodePrefix, encodeBencode } from '@tstream/tstream-format';
import { checkedWhole } from './checked.js';
import { DEFAULT_LIMITS, type DecoderLimits } from './limits.js';
import type { MetadataMessage, UnknownMessage } from './message.js';
import { accept, type Result, refuse } from './result.js';

/** @param payload - What follows the extension's id; may be a view, nothing of it is kept. */
export function decodeMetadata(payload: Uint8Array, limits: DecoderLimits): Result<MetadataMessage | UnknownMessage> {
  const decoded = decodeBencodePrefix(payload, BENCODE);
  if (!decoded.ok || !(decoded.value.value instanceof Map)) return refuse('bencode');
  const dictionary = decoded.value.value;
  const bytes = payload.subarray(decoded.value.bytesRead);
  const piece = whole(dictionary, 'piece', 0, lastPiece(limits));
  const kind = dictionary.get('msg_type');
  if (piece === undefined || typeof kind !== 'number') return refuse('metadata-field');
  if (kind === KINDS.piece) return decodePiece(dictionary, piece, bytes, limits);
  if (kind !== KINDS.request && kind !== KINDS.reject) {
    // BEP 9: "an unrecognized message ID MUST be ignored".
    return accept({ type: 'unknown', id: 20 });
  }
  if (bytes.length > 0) return refuse('metadata-field');
  return accept({ type: 'metadata', kind: kind === KINDS.request ? 'request' : 'reject', piece });
}

function decodePiece(
  dictionary: BencodeDictionary,
  piece: number,
  bytes: Uint8Array,
  limits: DecoderLimits,
): Result<MetadataMessage> {
  const totalBytes = whole(dictionary, 'total_size', 1, limits.metadataBytesMax);
  if (totalBytes === undefined || bytes.length === 0) return refuse('metadata-field');
  if (bytes.length !== pieceBytes(piece, totalBytes)) return refuse('metadata-field');
  return accept({ type: 'metadata', kind: 'piece', piece, totalBytes, bytes: new Uint8Array(bytes) });
}

/**
 * Encodes what follows the extension's id.
 * @throws {RangeError} If the piece is not of the metadata, or its bytes are not as many as it has.
 */
export function encodeMetadata(message: MetadataMessage): Uint8Array {
  const { kind, piece } = message;
  checkedWhole('piece', piece, 0, lastPiece(DEFAULT_LIMITS));
  const fields = new Map([
    ['msg_type', KINDS[kind]],
    ['piece', piece],
  ]);
  if (kind !== 'piece') return encodeBencode(fields);
  const { totalBytes, bytes } = message;
  checkedWhole('totalBytes', totalBytes, 1, DEFAULT_LIMITS.metadataBytesMax);
  const bytesExpected = pieceBytes(piece, totalBytes);
  if (bytesExpected < 1 || bytes.length !== bytesExpected) {
    throw new RangeError(`expected piece ${piece} of ${bytesExpected} bytes, got ${bytes.length}`);
  }
  const head = encodeBencode(fields.set('total_size', totalBytes));
  const payload = new Uint8Array(head.length + bytes.length);
  payload.set(head);
  payload.set(bytes, head.length);
  return payload;
}

/** Bytes of a piece; 0 or less if the metadata ends before it. */
function pieceBytes(piece: number, totalBytes: number): number {
  return Math.min(METADATA_BLOCK_BYTES, totalBytes - piece * METADATA_BLOCK_BYTES);
}

function lastPiece(limits: DecoderLimits): number {
  return Math.ceil(limits.metadataBytesMax / METADATA_BLOCK_BYTES) - 1;
}

function whole(dictionary: BencodeDictionary, key: string, min: number, max: number): number | undefined {
  const value = dictionary.get(key);
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
}

const KINDS = { request: 0, piece: 1, reject: 2 } as const;

/** BEP 9: "The metadata is handled in blocks of 16KiB (16384 Bytes)." */
const METADATA_BLOCK_BYTES = 16_384;

/** The longest message: a whole block behind a dictionary with room for keys that are not ours. */
export const METADATA_MESSAGE_BYTES_MAX = METADATA_BLOCK_BYTES + 512;

const BENCODE = { bytesMax: METADATA_MESSAGE_BYTES_MAX, depthMax: 4, valuesMax: 32 };
