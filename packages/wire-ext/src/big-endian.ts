/** Unsigned big-endian integers in byte arrays. Callers have checked that the bytes are there. */

export function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function readU32(bytes: Uint8Array, at: number): number {
  // The first byte is multiplied, not shifted: a shift by 24 makes it negative.
  return (bytes[at] as number) * 0x1000000 + (((bytes[at + 1] as number) << 16) | readU16(bytes, at + 2));
}

/** Above 2^53−1 the result is rounded, so it is no safe integer: callers refuse that. */
export function readU64(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at) * 0x100000000 + readU32(bytes, at + 4);
}

export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  writeU16(bytes, at + 2, value & 0xffff);
}

export function writeU64(bytes: Uint8Array, at: number, value: number): void {
  writeU32(bytes, at, Math.floor(value / 0x100000000));
  writeU32(bytes, at + 4, value % 0x100000000);
}
