/** Between one byte a piece, as peers keep it, and BEP 3's bitfield: the high bit of the first byte is piece 0. */

export function packBits(held: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(held.length / 8));
  for (let index = 0; index < held.length; index += 1) {
    if (held[index]) bits[index >> 3] = (bits[index >> 3] as number) | (0x80 >> (index & 7));
  }
  return bits;
}

/** @returns undefined if it is not the length of a bitfield for so many pieces. */
export function unpackBits(bits: Uint8Array, pieces: number): Uint8Array | undefined {
  if (bits.length !== Math.ceil(pieces / 8)) return undefined;
  const held = new Uint8Array(pieces);
  for (let index = 0; index < pieces; index += 1) {
    held[index] = ((bits[index >> 3] as number) >> (7 - (index & 7))) & 1;
  }
  return held;
}
