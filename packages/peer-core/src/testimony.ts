/** How witnesses speak, whatever kind of piece they speak of: names, reports, and whom a name stands for. */
import type { PeerName, WitnessReport } from '@tstream/wire-ext';
import type { Standing } from './standing.js';

/** Somebody that witnesses may speak of. */
interface Known {
  readonly standing: Standing;
}

/** Those of `others` that this one hasn't been told of. */
export function namesFor<N extends Known>(all: Iterable<N>, to: N, isNamed: (other: N) => boolean): PeerName[] {
  const names: PeerName[] = [];
  const { standing } = to;
  for (const other of all) {
    const { name, order } = other.standing;
    if (order < standing.namedBelow) continue;
    if (names.length === NAMES_MAX) break;
    standing.namedBelow = order + 1;
    if (other !== to && isNamed(other)) names.push(name);
  }
  return names;
}

/** @param receipts - Pieces from `base` on, fewer than {@link BITMAP_PIECES_MAX} of it away. */
export function reportsOf(
  receipts: readonly { readonly seq: number; readonly from: Known }[],
  base: number,
): WitnessReport[] {
  const byName = new Map<PeerName, number[]>();
  for (const { seq, from } of receipts) {
    const bits = byName.get(from.standing.name);
    if (bits) bits.push(seq - base);
    else if (byName.size < REPORTS_MAX) byName.set(from.standing.name, [seq - base]);
  }
  return [...byName].map(([name, bits]) => ({ name, bitmap: bitmapOf(bits) }));
}

function bitmapOf(bits: readonly number[]): Uint8Array {
  const bitmap = new Uint8Array(Math.floor(Math.max(...bits) / 8) + 1);
  for (const bit of bits) bitmap[bit >> 3] = (bitmap[bit >> 3] as number) | (0x80 >> (bit & 7));
  return bitmap;
}

/** It says whom it is connected to. */
export function acquaint({ acquainted }: Standing, names: readonly PeerName[]): void {
  for (const name of names) {
    acquainted.add(name);
    if (acquainted.size > NAMES_MAX) acquainted.delete(acquainted.values().next().value as PeerName);
  }
}

/** Of two of one name the one that was here first: a name is easily copied. */
export function neighbourNamed<N extends Known>(all: Iterable<N>, name: PeerName): N | undefined {
  for (const neighbour of all) if (neighbour.standing.name === name) return neighbour;
  return undefined;
}

/** spec/0003 §4.12. */
const NAMES_MAX = 64;
const REPORTS_MAX = 64;
export const BITMAP_PIECES_MAX = 256;
