/** The clocks of a transport stream: PCR, 27 MHz in 42 bits (§2.4.3.5), PTS and DTS, 90 kHz in 33 bits (§2.4.3.7). Both wrap after 26.5 h. */
import { PACKET_BYTES, payloadAt, startsUnit } from './packet.js';

export const PCR_HZ = 27_000_000;
export const STAMP_CYCLE = 2 ** 33;
/** PCR ticks per tick of a PTS or DTS. */
export const PCR_PER_STAMP = 300;
export const PCR_CYCLE = STAMP_CYCLE * PCR_PER_STAMP;

/** How far `to` is ahead of `from` on a clock that wraps, 0…cycle−1. */
export function ahead(from: number, to: number, cycle: number): number {
  const distance = (to - from) % cycle;
  return distance < 0 ? distance + cycle : distance;
}

export function readPcr(bytes: Uint8Array, at: number): number {
  const low = byte(bytes, at + 4);
  const base =
    byte(bytes, at) * 2 ** 25 +
    (byte(bytes, at + 1) << 17) +
    (byte(bytes, at + 2) << 9) +
    (byte(bytes, at + 3) << 1) +
    (low >> 7);
  return base * PCR_PER_STAMP + ((low & 1) << 8) + byte(bytes, at + 5);
}

export function writePcr(bytes: Uint8Array, at: number, pcr: number): void {
  const base = Math.floor(pcr / PCR_PER_STAMP);
  const extension = pcr % PCR_PER_STAMP;
  const low = base % 2 ** 25;
  bytes[at] = Math.floor(base / 2 ** 25);
  bytes[at + 1] = low >> 17;
  bytes[at + 2] = low >> 9;
  bytes[at + 3] = low >> 1;
  bytes[at + 4] = ((low & 1) << 7) | (byte(bytes, at + 4) & 0x7e) | (extension >> 8);
  bytes[at + 5] = extension;
}

/** Reads a PTS or DTS field of 5 bytes. */
export function readStamp(bytes: Uint8Array, at: number): number {
  return (
    ((byte(bytes, at) >> 1) & 7) * 2 ** 30 +
    (byte(bytes, at + 1) << 22) +
    ((byte(bytes, at + 2) >> 1) << 15) +
    (byte(bytes, at + 3) << 7) +
    (byte(bytes, at + 4) >> 1)
  );
}

/** Writes a PTS or DTS; prefix and marker bits of the field stay. */
export function writeStamp(bytes: Uint8Array, at: number, stamp: number): void {
  const high = Math.floor(stamp / 2 ** 30);
  const low = stamp % 2 ** 30;
  bytes[at] = (byte(bytes, at) & 0xf1) | (high << 1);
  bytes[at + 1] = low >> 22;
  bytes[at + 2] = (byte(bytes, at + 2) & 1) | ((low >> 15) << 1);
  bytes[at + 3] = low >> 7;
  bytes[at + 4] = (byte(bytes, at + 4) & 1) | (low << 1);
}

/** Where a PES header that begins in a packet keeps its stamps; −1 for one that it hasn't. */
export interface PesStamps {
  readonly streamId: number;
  readonly ptsAt: number;
  readonly dtsAt: number;
  /** Offset of the first byte after the PES header. */
  readonly contentAt: number;
}

/** The stamps of the PES packet that begins in the packet at `at`; undefined if none begins there, or its header doesn't fit into the packet. */
export function pesStamps(bytes: Uint8Array, at: number): PesStamps | undefined {
  if (!startsUnit(bytes, at)) return undefined;
  const end = at + PACKET_BYTES;
  const pes = payloadAt(bytes, at);
  if (pes + 9 > end || !startsWithStartCode(bytes, pes) || (byte(bytes, pes + 6) & 0xc0) !== 0x80) return undefined;
  const streamId = byte(bytes, pes + 3);
  if (PLAIN_STREAM_IDS.has(streamId)) return undefined;
  const headerBytes = byte(bytes, pes + 8);
  const contentAt = pes + 9 + headerBytes;
  const flags = byte(bytes, pes + 7) >> 6;
  const stampBytes = flags === 3 ? 10 : flags === 2 ? 5 : 0;
  if (headerBytes < stampBytes || contentAt > end) return undefined;
  return { streamId, ptsAt: stampBytes >= 5 ? pes + 9 : -1, dtsAt: stampBytes === 10 ? pes + 14 : -1, contentAt };
}

function startsWithStartCode(bytes: Uint8Array, at: number): boolean {
  return byte(bytes, at) === 0 && byte(bytes, at + 1) === 0 && byte(bytes, at + 2) === 1;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

/** Stream ids whose PES packets have no optional header (§2.4.3.7): maps, padding, private 2, ECM, EMM, DSM-CC, H.222.1 E, directory. */
const PLAIN_STREAM_IDS: ReadonlySet<number> = new Set([0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff]);
