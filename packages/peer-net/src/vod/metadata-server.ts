/** Gives the `info` dictionary to whoever has only a magnet link (BEP 9). */

import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import type { MetadataMessage } from '@tstream/wire-ext';
import type { Connection } from '../connection.js';

export class MetadataServer {
  readonly #info: Uint8Array;
  /** How many blocks each neighbour got. */
  readonly #given = new Map<number, number>();

  /** @param info - As it stands in the metainfo. */
  constructor(info: Uint8Array) {
    this.#info = info;
  }

  /** @param message - A request; anything else is nothing that was asked for. */
  answer(connection: Connection, { kind, piece }: MetadataMessage, nowMs: number): void {
    if (kind !== 'request' || !connection.extended?.ids.ut_metadata) return;
    const blocks = Math.ceil(this.#info.length / BLOCK_BYTES);
    const given = this.#given.get(connection.id) ?? 0;
    // No neighbour needs it more than twice, and none that doesn't read gets more to queue.
    if (piece >= blocks || given >= 2 * blocks || connection.queuedBytes > QUEUED_BYTES_MAX) {
      connection.send({ type: 'metadata', kind: 'reject', piece }, nowMs);
      return;
    }
    this.#given.set(connection.id, given + 1);
    const bytes = this.#info.subarray(piece * BLOCK_BYTES, (piece + 1) * BLOCK_BYTES);
    connection.send({ type: 'metadata', kind: 'piece', piece, totalBytes: this.#info.length, bytes }, nowMs);
  }

  closed({ id }: Connection): void {
    this.#given.delete(id);
  }
}

/** A guess: what a slow line carries in a few seconds. */
const QUEUED_BYTES_MAX = 256 * 1024;
