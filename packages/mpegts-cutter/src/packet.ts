/** Fields of one transport packet (ISO/IEC 13818-1 §2.4.3). `at` is the offset of its sync byte; nothing outside of it is read. */

/** Bytes of a transport packet. */
export const PACKET_BYTES = 188;
export const SYNC_BYTE = 0x47;
export const PAT_PID = 0;
/** Stuffing; its continuity counter means nothing. */
export const NULL_PID = 0x1fff;

export function pidOf(bytes: Uint8Array, at: number): number {
  return ((byte(bytes, at + 1) & 0x1f) << 8) | byte(bytes, at + 2);
}

/** Whether a PES packet or a section begins in this packet (payload_unit_start_indicator). */
export function startsUnit(bytes: Uint8Array, at: number): boolean {
  return (byte(bytes, at + 1) & 0x40) !== 0;
}

export function hasPayload(bytes: Uint8Array, at: number): boolean {
  return (byte(bytes, at + 3) & 0x10) !== 0;
}

/** Offset of the first payload byte; the packet's end if it has none. */
export function payloadAt(bytes: Uint8Array, at: number): number {
  if (!hasPayload(bytes, at)) return at + PACKET_BYTES;
  if (!hasAdaptation(bytes, at)) return at + HEADER_BYTES;
  return Math.min(at + HEADER_BYTES + 1 + byte(bytes, at + 4), at + PACKET_BYTES);
}

/** Whether decoding can begin with this packet (random_access_indicator). */
export function isRandomAccess(bytes: Uint8Array, at: number): boolean {
  return (adaptationFlags(bytes, at) & 0x40) !== 0;
}

/** Whether the clock begins anew with this packet (discontinuity_indicator). */
export function isTimeBreak(bytes: Uint8Array, at: number): boolean {
  return (adaptationFlags(bytes, at) & 0x80) !== 0;
}

/** Offset of the program clock reference, −1 if the packet has none. */
export function pcrAt(bytes: Uint8Array, at: number): number {
  return (adaptationFlags(bytes, at) & 0x10) !== 0 && byte(bytes, at + 4) >= 1 + CLOCK_BYTES ? at + 6 : -1;
}

/** Offset of the original program clock reference, −1 if the packet has none. */
export function opcrAt(bytes: Uint8Array, at: number): number {
  const flags = adaptationFlags(bytes, at);
  const before = (flags & 0x10) === 0 ? 0 : CLOCK_BYTES;
  return (flags & 0x08) !== 0 && byte(bytes, at + 4) >= 1 + before + CLOCK_BYTES ? at + 6 + before : -1;
}

function adaptationFlags(bytes: Uint8Array, at: number): number {
  const adaptationBytes = byte(bytes, at + 4);
  if (!hasAdaptation(bytes, at) || adaptationBytes < 1 || adaptationBytes > ADAPTATION_BYTES_MAX) return 0;
  return byte(bytes, at + 5);
}

function hasAdaptation(bytes: Uint8Array, at: number): boolean {
  return (byte(bytes, at + 3) & 0x20) !== 0;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

const HEADER_BYTES = 4;
const CLOCK_BYTES = 6;
const ADAPTATION_BYTES_MAX = PACKET_BYTES - HEADER_BYTES - 1;
