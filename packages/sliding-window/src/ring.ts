/**
 * Ring arithmetic: a live stream counts its pieces without end, BitTorrent counts a fixed number of them. On the wire a piece is
 * named by its place on a ring, index = seq mod ringPieces (spec/0003-wire-ext.md).
 */

/**
 * Place of a piece on the ring.
 * @param seq - Sequence number, 0…2^53−1.
 * @param ringPieces - Pieces on the ring, 1…2^53−1.
 * @returns Index, 0…ringPieces−1.
 * @throws {RangeError} If an argument is out of range.
 */
export function ringIndex(seq: number, ringPieces: number): number {
  checkSeq('seq', seq);
  checkRing(ringPieces);
  return seq % ringPieces;
}

/**
 * The sequence number that an index means: of all that stand at this index, the one nearest to `nearSeq`; of two equally near ones
 * the lower. The answer is a sequence number always, so at the two ends of the numbers it is the nearest that exists.
 * @param index - Index as it came from the wire.
 * @param ringPieces - Pieces on the ring, 1…2^53−1.
 * @param nearSeq - Sequence number that is known to be near, 0…2^53−1: the live edge, say.
 * @returns The sequence number; −1 if `index` does not stand on the ring, or only numbers above 2^53−1 would stand there.
 * @throws {RangeError} If `ringPieces` or `nearSeq` is out of range: the caller's mistake.
 */
export function seqAtIndex(index: number, ringPieces: number, nearSeq: number): number {
  checkRing(ringPieces);
  checkSeq('nearSeq', nearSeq);
  if (!Number.isInteger(index) || index < 0 || index >= ringPieces) return -1;
  const nearIndex = nearSeq % ringPieces;
  const up = index >= nearIndex ? index - nearIndex : ringPieces - nearIndex + index;
  if (up === 0) return nearSeq;
  const down = ringPieces - up;
  const upExists = up <= Number.MAX_SAFE_INTEGER - nearSeq;
  const downExists = down <= nearSeq;
  if (downExists && (down <= up || !upExists)) return nearSeq - down;
  return upExists ? nearSeq + up : -1;
}

function checkSeq(name: string, seq: number): void {
  if (!Number.isSafeInteger(seq) || seq < 0) throw new RangeError(`${name}: expected 0..2^53-1, got ${seq}`);
}

function checkRing(ringPieces: number): void {
  if (!Number.isSafeInteger(ringPieces) || ringPieces < 1) {
    throw new RangeError(`ringPieces: expected 1..2^53-1, got ${ringPieces}`);
  }
}
