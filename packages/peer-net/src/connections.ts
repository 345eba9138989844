/** All connections of a process, whichever swarm they belong to or will: numbers, time-outs, the end. */
import type { Socket } from 'node:net';
import type { CloseReason } from '@tstream/wire-ext';
import { monotonicMs } from './clock.js';
import { Connection, type ConnectionOwner } from './connection.js';

export class Connections {
  readonly #ownerOf: (infohash: Uint8Array) => ConnectionOwner | undefined;
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

  tick(nowMs: number): void {
    for (const connection of this.#all) connection.tick(nowMs);
  }

  /** Closes all of a swarm. */
  closeOf(owner: ConnectionOwner, reason: CloseReason): void {
    for (const connection of this.#all) if (connection.owner === owner) connection.close(reason);
  }

  #add(socket: Socket, dialledBy: ConnectionOwner | undefined, onOpen: () => void): Connection {
    const connection: Connection = new Connection({
      id: this.#nextId,
      socket,
      ownerOf: this.#ownerOf,
      dialledBy,
      onOpen,
      onGone: () => this.#all.delete(connection),
      nowMs: monotonicMs(),
    });
    this.#nextId += 1;
    this.#all.add(connection);
    return connection;
  }
}
