/** All connections of a process, whichever swarm they belong to or will: numbers, time-outs, the end. */
import type { Socket } from 'node:net';
import type { CloseReason } from '@tstream/wire-ext';
import { BlockMemory } from './block-memory.js';
import { monotonicMs } from './clock.js';
import { Connection } from './connection.js';
import type { ConnectionOwner } from './connection-owner.js';

export class Connections {
  readonly #ownerOf: (infohash: Uint8Array) => ConnectionOwner | undefined;
  /** For blocks that come in over any of them. */
  readonly blockMemory = new BlockMemory();
  readonly #all = new Set<Connection>();
  #nextId = 1;

  /** @param ownerOf - Finds the swarm that an accepted connection asks for. */
  constructor(ownerOf: (infohash: Uint8Array) => ConnectionOwner | undefined) {
    this.#ownerOf = ownerOf;
  }

  /** A connection that came in, with its first bytes. */
  accept(socket: Socket, first: Uint8Array, onOpen: () => void): void {
    const connection = this.#add(socket, undefined, onOpen);
    connection.receive(first, monotonicMs());
    socket.on('data', (chunk: Buffer) => connection.receive(chunk, monotonicMs(), true));
  }

  /** A connection that was dialled for a swarm; its bytes come to `receive`. */
  dialled(socket: Socket, owner: ConnectionOwner): Connection {
    return this.#add(socket, owner, () => undefined);
  }

  /** A number that no connection has or gets: for a neighbour that has no socket of this kind. */
  takeId(): number {
    this.#nextId += 1;
    return this.#nextId - 1;
  }

  tick(nowMs: number): void {
    for (const connection of this.#all) connection.tick(nowMs);
  }

  /** Closes all of a swarm. */
  closeOf(owner: ConnectionOwner, reason: CloseReason): void {
    for (const connection of this.#all) if (connection.owner === owner) connection.close(reason);
  }

  #add(socket: Socket, dialledBy: ConnectionOwner | undefined, onOpen: () => void): Connection {
    const connection: Connection = new Connection({
      id: this.takeId(),
      socket,
      ownerOf: this.#ownerOf,
      dialledBy,
      onOpen,
      onGone: () => this.#all.delete(connection),
      blockMemory: (bytes) => this.blockMemory.take(bytes),
      nowMs: monotonicMs(),
    });
    this.#all.add(connection);
    return connection;
  }
}
