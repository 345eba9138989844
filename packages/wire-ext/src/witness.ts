/**
 * WITNESS: whom the sender is connected to, and who delivered which piece to it.
 *
 * @see spec/0003-wire-ext.md §4.12
 */
import { readU32, readU64, writeU32 } from './big-endian.js';
import { checkedRun, lastBase, writeSeq } from './live-numbers.js';
import type { PeerName, WitnessMessage, WitnessReport } from './message.js';
import { accept, type Result, refuse } from './result.js';

/**
 * How WITNESS names a peer.
 * @param peerId - 20 bytes; the first 8 tell clients apart, not peers (BEP 20).
 * @throws {RangeError} If it has another length.
 */
export function peerName(peerId: Uint8Array): PeerName {
  if (peerId.length !== PEER_ID_BYTES) throw new RangeError(`expected a peer id of 20 bytes, got ${peerId.length}`);
  return readName(peerId, PEER_ID_BYTES - NAME_BYTES);
}

/** @param payload - What follows the extension's id, type byte first. */
export function decodeWitness(payload: Uint8Array): Result<WitnessMessage> {
  const count = payload[NAMES_AT - 1];
  if (count === undefined || count > NAMES_MAX) return refuse('live-length');
  const reportsAt = NAMES_AT + count * NAME_BYTES;
  if (payload.length < reportsAt) return refuse('live-length');
  const names: PeerName[] = [];
  for (let at = NAMES_AT; at < reportsAt; at += NAME_BYTES) names.push(readName(payload, at));
  const reports = readReports(payload, reportsAt);
  if (!reports) return refuse('live-length');
  const run = readU32(payload, 1);
  const base = readU64(payload, 5);
  // A run of 0 is that of an on-demand swarm.
  if (base > BASE_MAX) return refuse('live-number');
  return accept({ type: 'witness', run, base, names, reports });
}

function readReports(payload: Uint8Array, from: number): WitnessReport[] | undefined {
  const reports: WitnessReport[] = [];
  for (let at = from; at < payload.length; ) {
    const bitmapBytes = payload[at + NAME_BYTES] ?? 0;
    const endAt = at + REPORT_HEAD_BYTES + bitmapBytes;
    if (bitmapBytes === 0 || bitmapBytes > BITMAP_BYTES_MAX || endAt > payload.length) return undefined;
    if (reports.length === REPORTS_MAX) return undefined;
    const bitmap = new Uint8Array(payload.subarray(at + REPORT_HEAD_BYTES, endAt));
    reports.push({ name: readName(payload, at), bitmap });
    at = endAt;
  }
  return reports;
}

/** Writes what follows the type byte, and returns where it ends. @throws {RangeError} If a field is out of its range. */
export function writeWitness(bytes: Uint8Array, at: number, message: WitnessMessage): number {
  const { names, reports } = message;
  writeU32(bytes, at, checkedRun(message.run, 0));
  writeSeq(bytes, at + 4, message.base, BASE_MAX);
  bytes[at + 12] = atMost('names', names.length, NAMES_MAX);
  let end = at + 13;
  for (const name of names) end = writeName(bytes, end, name);
  atMost('reports', reports.length, REPORTS_MAX);
  for (const { name, bitmap } of reports) {
    end = writeName(bytes, end, name);
    if (bitmap.length === 0) throw new RangeError('expected a bitmap of 1..32 bytes, got 0');
    bytes[end] = atMost('bitmap bytes', bitmap.length, BITMAP_BYTES_MAX);
    bytes.set(bitmap, end + 1);
    end += 1 + bitmap.length;
  }
  return end;
}

/** Size of the message, type byte included. */
export function witnessBytes({ names, reports }: WitnessMessage): number {
  let bytes = NAMES_AT + names.length * NAME_BYTES;
  for (const { bitmap } of reports) bytes += REPORT_HEAD_BYTES + bitmap.length;
  return bytes;
}

function readName(bytes: Uint8Array, at: number): PeerName {
  return hex(readU32(bytes, at)) + hex(readU32(bytes, at + 4));
}

function writeName(bytes: Uint8Array, at: number, name: PeerName): number {
  if (!/^[0-9a-f]{16}$/.test(name)) throw new RangeError(`expected a name of 16 hexadecimal digits, got ${name}`);
  for (let i = 0; i < NAME_BYTES; i++) bytes[at + i] = Number.parseInt(name.slice(2 * i, 2 * i + 2), 16);
  return at + NAME_BYTES;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}

function atMost(what: string, count: number, max: number): number {
  if (count <= max) return count;
  throw new RangeError(`expected at most ${max} ${what}, got ${count}`);
}

const PEER_ID_BYTES = 20;
const NAME_BYTES = 8;
/** Type, run, base and the number of names. */
const NAMES_AT = 14;
/** Name, and the length of the bitmap. */
const REPORT_HEAD_BYTES = NAME_BYTES + 1;
/** spec/0003 §6. More neighbours than any peer looks for. */
const NAMES_MAX = 64;
const REPORTS_MAX = 64;
/** 256 pieces: a quarter of a minute of pieces of 60 ms. */
const BITMAP_BYTES_MAX = 32;
const BASE_MAX = lastBase(BITMAP_BYTES_MAX);
