/** Carries out what an on-demand peer asks for: sends, checks, stores, fetches, closes. */
import type { VodEvent, VodInput, VodOutput } from '@tstream/peer-core';
import { blockBytes, wireMessage } from '../block-bytes.js';
import type { BlockMemory } from '../block-memory.js';
import { monotonicMs } from '../clock.js';
import type { Neighbours } from '../neighbours.js';
import type { Lent } from './memory-pool.js';
import type { PieceStore } from './piece-store.js';
import type { WebSeeds } from './web-seeds.js';

export interface TorrentOutletParts {
  readonly store: PieceStore;
  readonly neighbours: Neighbours;
  readonly webSeeds: WebSeeds;
  readonly blockMemory: BlockMemory;
  readonly handle: (input: VodInput) => void;
  /** A piece holds: before anybody is told. */
  readonly onVerified: (index: number) => void;
  readonly onEvent: (event: VodEvent) => void;
}

type SendBlock = Extract<VodOutput, { type: 'sendBlock' }>;

export class TorrentOutlet {
  readonly #parts: TorrentOutletParts;

  constructor(parts: TorrentOutletParts) {
    this.#parts = parts;
  }

  carryOut(output: VodOutput): void {
    const { store, neighbours, webSeeds, onEvent } = this.#parts;
    switch (output.type) {
      case 'send':
        neighbours.get(output.connection)?.send(wireMessage(output.message), monotonicMs());
        return;
      case 'sendBlock':
        return this.#sendBlock(output);
      case 'store':
        return this.#store(output);
      case 'verify':
        return this.#verify(output.index);
      case 'abandon':
        return store.abandon(output.index);
      case 'fetch':
        return webSeeds.fetch(output.connection, output.index, output.pieces);
      case 'cancelFetch':
        return webSeeds.cancel(output.connection);
      case 'close':
        return this.#close(output);
      case 'event':
        return onEvent(output.event);
    }
  }

  /** The store copies it: its memory is free for the next one. */
  #store({ index, begin, block }: Extract<VodOutput, { type: 'store' }>): void {
    const bytes = blockBytes(block);
    this.#parts.store.addBlock(index, begin, bytes);
    this.#parts.blockMemory.giveBack(bytes);
  }

  #verify(index: number): void {
    void this.#parts.store.verify(index).then((ok) => {
      if (ok) this.#parts.onVerified(index);
      this.#parts.handle({ type: 'verified', index, ok });
    });
  }

  #sendBlock(output: SendBlock): void {
    const { neighbours, store } = this.#parts;
    if (!neighbours.get(output.connection)) return;
    const lent = store.lend(output.index, output.begin, output.blockBytes);
    if (lent instanceof Promise) void lent.then((late) => this.#sendLent(output, late));
    else this.#sendLent(output, lent);
  }

  /** What can't be read is told as `lost` by whoever found that out. */
  #sendLent({ connection: id, index, begin }: SendBlock, lent: Lent | undefined): void {
    if (!lent) return;
    const connection = this.#parts.neighbours.get(id);
    if (connection) connection.sendBlock(index, begin, lent.bytes, monotonicMs(), lent.giveBack);
    else lent.giveBack();
  }

  #close({ connection: id, reason, ban }: Extract<VodOutput, { type: 'close' }>): void {
    const { neighbours, webSeeds } = this.#parts;
    const connection = neighbours.get(id);
    if (!connection) return webSeeds.dismiss(id, reason, monotonicMs());
    if (ban) neighbours.ban(connection, reason);
    connection.close(reason);
  }
}
