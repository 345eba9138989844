import { BLOCK_BYTES, type PieceHeader } from '@tstream/live-piece-auth';
import type { Block } from '@tstream/wire-ext';

/** What one peer keeps: handles of blocks, which all peers share. */
export class BlockStore {
  readonly #runs = new Map<number, KeptRun>();

  /** How many pieces it keeps, whole or not. */
  get pieces(): number {
    let pieces = 0;
    for (const run of this.#runs.values()) pieces += run.pieces.size;
    return pieces;
  }

  put(header: PieceHeader, begin: number, block: Block): void {
    const { run, seq } = header;
    let kept = this.#runs.get(run);
    if (!kept) this.#runs.set(run, (kept = { fromSeq: seq, pieces: new Map() }));
    if (seq < kept.fromSeq) kept.fromSeq = seq;
    let blocks = kept.pieces.get(seq);
    if (!blocks) kept.pieces.set(seq, (blocks = header.digests.map(() => undefined)));
    blocks[begin / BLOCK_BYTES] = block;
  }

  block(run: number, seq: number, begin: number): Block | undefined {
    return this.#runs.get(run)?.pieces.get(seq)?.[begin / BLOCK_BYTES];
  }

  isWhole(run: number, seq: number): boolean {
    const blocks = this.#runs.get(run)?.pieces.get(seq);
    return blocks !== undefined && !blocks.includes(undefined);
  }

  abandon(run: number, seq: number): void {
    this.#runs.get(run)?.pieces.delete(seq);
  }

  /** Forgets what is below `seq`; Infinity: the whole run. */
  discard(run: number, belowSeq: number): void {
    const kept = this.#runs.get(run);
    if (!kept) return;
    for (; kept.fromSeq < belowSeq && kept.pieces.size > 0; kept.fromSeq += 1) kept.pieces.delete(kept.fromSeq);
    if (kept.pieces.size === 0) this.#runs.delete(run);
  }
}

interface KeptRun {
  fromSeq: number;
  readonly pieces: Map<number, (Block | undefined)[]>;
}
