/**
 * The live extension's messages: type byte, then fixed fields, then at most one field that takes the rest.
 *
 * @see spec/0003-wire-ext.md §4
 */
import { readU32, readU64, writeU32 } from './big-endian.js';
import { DEFAULT_LIMITS, type DecoderLimits } from './limits.js';
import { checkedRun, lastBase, writeNumbers } from './live-numbers.js';
import {
  CLOSE_REASONS,
  type CloseReason,
  DECLINE_REASONS,
  type DeclineReason,
  type LiveMessage,
  type UnknownMessage,
} from './message.js';
import { accept, type Result, refuse } from './result.js';
import { decodeWitness, witnessBytes, writeWitness } from './witness.js';

/** @param payload - What follows the extension's id; may be a view, nothing of it is kept. */
export function decodeLive(payload: Uint8Array, limits: DecoderLimits): Result<LiveMessage | UnknownMessage> {
  switch (payload[0]) {
    case undefined:
      return refuse('live-length');
    case TYPES.cert:
      if (payload.length !== 1 + CERTIFICATE_BYTES) return refuse('live-length');
      return accept({ type: 'cert', certificate: rest(payload, 1) });
    case TYPES.source:
      return decodeSource(payload);
    case TYPES.edge:
      return decodeHeaderMessage('edge', payload, limits);
    case TYPES.offer:
      return decodeHeaderMessage('offer', payload, limits);
    case TYPES.coming:
      return decodeNumbered('coming', payload);
    case TYPES['live-have']:
      return decodeHave(payload, limits);
    case TYPES.decline:
      return decodeDecline(payload);
    case TYPES.withdraw:
      return decodeNumbered('withdraw', payload);
    case TYPES.want:
      return decodeNumbered('want', payload);
    case TYPES.start:
      return decodeNumbered('start', payload);
    case TYPES.close:
      if (payload.length !== 2) return refuse('live-length');
      return accept({ type: 'close', reason: closeReasons.get(payload[1] as number) ?? 'other' });
    case TYPES.witness:
      return decodeWitness(payload);
    default:
      return accept({ type: 'unknown', id: 20 });
  }
}

function decodeSource(payload: Uint8Array): Result<LiveMessage> {
  if (payload.length !== 5 + PROOF_BYTES) return refuse('live-length');
  const run = readU32(payload, 1);
  if (run === 0) return refuse('live-number');
  return accept({ type: 'source', run, proof: rest(payload, 5) });
}

function decodeHeaderMessage(type: 'edge' | 'offer', payload: Uint8Array, limits: DecoderLimits): Result<LiveMessage> {
  const headerBytes = payload.length - 1;
  if (headerBytes === 0 || headerBytes > limits.headerBytesMax) return refuse('live-length');
  return accept({ type, header: rest(payload, 1) });
}

function decodeNumbered(type: 'coming' | 'withdraw' | 'want' | 'start', payload: Uint8Array): Result<LiveMessage> {
  if (payload.length !== NUMBERED_BYTES) return refuse('live-length');
  const run = readU32(payload, 1);
  const seq = readU64(payload, 5);
  if (run === 0 || seq > Number.MAX_SAFE_INTEGER) return refuse('live-number');
  return accept({ type, run, seq });
}

function decodeHave(payload: Uint8Array, limits: DecoderLimits): Result<LiveMessage> {
  const bitmapBytes = payload.length - NUMBERED_BYTES;
  if (bitmapBytes < 1 || bitmapBytes > limits.bitmapBytesMax) return refuse('live-length');
  const run = readU32(payload, 1);
  const base = readU64(payload, 5);
  if (run === 0 || base > lastBase(bitmapBytes)) return refuse('live-number');
  return accept({ type: 'live-have', run, base, bitmap: rest(payload, NUMBERED_BYTES) });
}

function decodeDecline(payload: Uint8Array): Result<LiveMessage> {
  if (payload.length !== NUMBERED_BYTES + 1) return refuse('live-length');
  const run = readU32(payload, 1);
  const seq = readU64(payload, 5);
  if (run === 0 || seq > Number.MAX_SAFE_INTEGER) return refuse('live-number');
  // Of an unknown reason only one thing is known: the offer is not taken now.
  return accept({ type: 'decline', run, seq, why: declineReasons.get(payload[NUMBERED_BYTES] as number) ?? 'busy' });
}

/** Writes a message, type byte first, and returns where it ends. Throws as `encodeMessage`. */
export function writeLive(bytes: Uint8Array, at: number, message: LiveMessage): number {
  bytes[at] = TYPES[message.type];
  switch (message.type) {
    case 'cert':
      return append(bytes, at + 1, sized('certificate', message.certificate, CERTIFICATE_BYTES, CERTIFICATE_BYTES));
    case 'source':
      writeU32(bytes, at + 1, checkedRun(message.run));
      return append(bytes, at + 5, sized('proof', message.proof, PROOF_BYTES, PROOF_BYTES));
    case 'edge':
    case 'offer':
      return append(bytes, at + 1, sized('header', message.header, 1, DEFAULT_LIMITS.headerBytesMax));
    case 'live-have': {
      const bitmap = sized('bitmap', message.bitmap, 1, DEFAULT_LIMITS.bitmapBytesMax);
      writeNumbers(bytes, at + 1, message.run, message.base, lastBase(bitmap.length));
      return append(bytes, at + NUMBERED_BYTES, bitmap);
    }
    case 'close':
      bytes[at + 1] = checkedCode('reason', CLOSE_REASONS, message.reason);
      return at + 2;
    case 'decline':
      writeNumbers(bytes, at + 1, message.run, message.seq, Number.MAX_SAFE_INTEGER);
      bytes[at + NUMBERED_BYTES] = checkedCode('why', DECLINE_REASONS, message.why);
      return at + NUMBERED_BYTES + 1;
    case 'witness':
      return writeWitness(bytes, at + 1, message);
    default:
      writeNumbers(bytes, at + 1, message.run, message.seq, Number.MAX_SAFE_INTEGER);
      return at + NUMBERED_BYTES;
  }
}

/** Size of a message, type byte included. */
export function liveBytes(message: LiveMessage): number {
  switch (message.type) {
    case 'cert':
      return 1 + CERTIFICATE_BYTES;
    case 'source':
      return 5 + PROOF_BYTES;
    case 'edge':
    case 'offer':
      return 1 + message.header.length;
    case 'live-have':
      return NUMBERED_BYTES + message.bitmap.length;
    case 'decline':
      return NUMBERED_BYTES + 1;
    case 'close':
      return 2;
    case 'witness':
      return witnessBytes(message);
    default:
      return NUMBERED_BYTES;
  }
}

function checkedCode<K extends string>(name: string, codes: Readonly<Record<K, number>>, key: K): number {
  if (Object.hasOwn(codes, key)) return codes[key];
  throw new RangeError(`expected ${name} as one of ${Object.keys(codes).join(', ')}, got ${key}`);
}

function sized(name: string, bytes: Uint8Array, bytesMin: number, bytesMax: number): Uint8Array {
  if (bytes.length >= bytesMin && bytes.length <= bytesMax) return bytes;
  throw new RangeError(`expected ${name} of ${bytesMin}..${bytesMax} bytes, got ${bytes.length}`);
}

function append(bytes: Uint8Array, at: number, field: Uint8Array): number {
  bytes.set(field, at);
  return at + field.length;
}

/** A copy: `slice` of a Node Buffer would be a view. */
function rest(payload: Uint8Array, from: number): Uint8Array {
  return new Uint8Array(payload.subarray(from));
}

/** spec/0003 §4. */
const TYPES: Readonly<Record<LiveMessage['type'], number>> = {
  cert: 1,
  source: 2,
  edge: 3,
  offer: 4,
  coming: 5,
  'live-have': 6,
  decline: 7,
  withdraw: 8,
  want: 9,
  start: 10,
  close: 11,
  witness: 12,
};

const declineReasons = namesByCode<DeclineReason>(DECLINE_REASONS);
const closeReasons = namesByCode<CloseReason>(CLOSE_REASONS);

function namesByCode<K extends string>(codes: Readonly<Record<K, number>>): ReadonlyMap<number, K> {
  return new Map((Object.keys(codes) as K[]).map((name) => [codes[name], name]));
}

const CERTIFICATE_BYTES = 116;
const PROOF_BYTES = 64;
/** Type, run and sequence number. */
const NUMBERED_BYTES = 13;
