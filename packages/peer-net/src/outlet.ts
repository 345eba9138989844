/** Carries out what a peer asks for: sends, checks, stores, delivers, closes. */
import { signSourceProof } from '@tstream/live-piece-auth';
import type { Input, Output, PeerEvent } from '@tstream/peer-core';
import { blockBytes, wireMessage } from './block-bytes.js';
import { monotonicMs } from './clock.js';
import type { Connection } from './connection.js';
import type { Neighbours } from './neighbours.js';
import type { PayloadStore } from './payload-store.js';
import type { Readers } from './readers.js';
import { type CheckContext, verify } from './verify.js';

export interface OutletParts {
  readonly store: PayloadStore;
  readonly neighbours: Neighbours;
  readonly readers: Readers;
  readonly context: CheckContext;
  /** Secret key of a run of our own. */
  readonly runKeyOf: (run: number) => Uint8Array | undefined;
  readonly handle: (input: Input) => void;
  readonly onEvent: (event: PeerEvent) => void;
}

export class Outlet {
  readonly #parts: OutletParts;
  /** Deliveries that wait for the disk, in order. */
  #delivering: Promise<void> | undefined;
  /** A piece that was due could not be read: what comes next does not continue. */
  #gap = false;

  constructor(parts: OutletParts) {
    this.#parts = parts;
  }

  carryOut(output: Output): void {
    const { store, neighbours, context, handle } = this.#parts;
    switch (output.type) {
      case 'send':
        neighbours.get(output.connection)?.send(wireMessage(output.message), monotonicMs());
        return;
      case 'sendBlock':
        return this.#sendBlock(output);
      case 'verify':
        return handle({ type: 'verified', job: output.job, ok: verify(output.check, context) });
      case 'store':
        return store.addBlock(output.header, output.begin, blockBytes(output.block), output.whole);
      case 'discard':
        return store.discard(output.run, output.belowSeq);
      case 'abandon':
        return store.abandon(output.run, output.seq);
      case 'deliver':
        return this.#deliver(output);
      case 'prove':
        return this.#prove(output.connection, output.run);
      case 'close':
        return this.#close(output);
      case 'event':
        return this.#report(output.event);
    }
  }

  /** Resolves when all that is to be played is with the readers. */
  async delivered(): Promise<void> {
    while (this.#delivering) await this.#delivering;
  }

  #sendBlock(output: Extract<Output, { type: 'sendBlock' }>): void {
    const connection = this.#parts.neighbours.get(output.connection);
    if (!connection) return;
    const block = this.#parts.store.read(output.run, output.seq, output.begin, output.blockBytes);
    if (block instanceof Promise) void block.then((late) => this.#sendRead(connection, output, late));
    else this.#sendRead(connection, output, block);
  }

  #sendRead(
    connection: Connection,
    output: Extract<Output, { type: 'sendBlock' }>,
    block: Uint8Array | undefined,
  ): void {
    if (block) connection.sendBlock(output.index, output.begin, block, monotonicMs());
    else this.#parts.handle({ type: 'sent', connection: connection.id, blockBytes: output.blockBytes });
  }

  #deliver(output: Extract<Output, { type: 'deliver' }>): void {
    const { run, seq, payloadBytes } = output.header;
    const bytes = this.#parts.store.read(run, seq, output.fromByte, payloadBytes - output.fromByte);
    if (!(bytes instanceof Promise) && !this.#delivering) return this.#hand(output, bytes);
    const turn: Promise<void> = Promise.all([bytes, this.#delivering]).then(([late]) => {
      this.#hand(output, late);
      if (this.#delivering === turn) this.#delivering = undefined;
    });
    this.#delivering = turn;
  }

  #hand(
    { header, fromByte, discontinuity }: Extract<Output, { type: 'deliver' }>,
    bytes: Uint8Array | undefined,
  ): void {
    if (!bytes) {
      this.#gap = true;
      return;
    }
    const entryAt = header.entryOffset === undefined ? -1 : header.entryOffset - fromByte;
    this.#parts.readers.deliver({
      bytes,
      entryAt: entryAt < 0 ? undefined : entryAt,
      discontinuity: discontinuity || this.#gap,
    });
    this.#gap = false;
  }

  #prove(id: number, run: number): void {
    const { neighbours, context, runKeyOf } = this.#parts;
    const connection = neighbours.get(id);
    const secretKey = runKeyOf(run);
    if (!connection?.peerId || !secretKey) return;
    const { infoDigest, peerId, suite } = context;
    const proof = signSourceProof(infoDigest, peerId, connection.peerId, secretKey, suite);
    connection.send({ type: 'source', run, proof }, monotonicMs());
  }

  #close({ connection: id, reason, ban }: Extract<Output, { type: 'close' }>): void {
    const { neighbours } = this.#parts;
    const connection = neighbours.get(id);
    if (!connection) return;
    if (ban) neighbours.ban(connection, reason);
    connection.close(reason);
  }

  /** Who hears that the broadcast has ended finds every reader's bytes written. */
  #report(event: PeerEvent): void {
    const { readers, onEvent } = this.#parts;
    if (event.type !== 'ended') return onEvent(event);
    void this.delivered()
      .then(() => readers.end())
      .then(() => onEvent(event));
  }
}
