import type { Cut, Piece } from '../src/index.js';

/** The pieces of a cut that must be one. */
export function piecesOf(cut: Cut): readonly Piece[] {
  if (!cut.ok) throw new Error(cut.reason);
  return cut.value.pieces;
}

export function skippedBytesOf(cut: Cut): number {
  if (!cut.ok) throw new Error(cut.reason);
  return cut.value.skippedBytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Equal bytes, without a comparison of each by the test runner. */
export function isSame(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && Buffer.compare(first, second) === 0;
}

/** Cuts bytes at the given places, in any order. */
export function portions(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((to, index) => bytes.subarray(cuts[index], to));
}
