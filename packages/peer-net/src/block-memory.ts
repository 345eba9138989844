/** Memory for blocks as they come in, used again as soon as they are put away. */
import { BLOCK_BYTES } from '@tstream/live-piece-auth';

export class BlockMemory {
  readonly #free: Uint8Array[] = [];
  /** What was given out and may come back. */
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** Whatever is in it. Who keeps it needn't give it back. */
  take(bytes: number): Uint8Array {
    if (bytes !== BLOCK_BYTES) return new Uint8Array(bytes);
    const block = this.#free.pop() ?? new Uint8Array(BLOCK_BYTES);
    this.#lent.add(block.buffer);
    return block;
  }

  /** Nobody reads the block any more. Of those that aren't from here nothing is taken. */
  giveBack(block: Uint8Array): void {
    if (this.#lent.delete(block.buffer) && this.#free.length < FREE_MAX) this.#free.push(block);
  }
}

/** 2 MiB: what one socket gives in a turn of the event loop. */
const FREE_MAX = 128;
