/** What a connection needs of the swarm that it belongs to, live or on demand. */
import type { Socket } from 'node:net';
import type { CloseReason, ExtendedHandshake, Handshake, Message } from '@tstream/wire-ext';
import type { Connection } from './connection.js';

/** What a swarm says first to everybody. */
export interface Greeting {
  /**
   * What makes a neighbour. `live`: both handshakes, and that it speaks `ts_live`. `vod`: BEP 3's handshake; the one of
   * BEP 10 may come at any time after it, again, or never.
   */
  readonly kind: 'live' | 'vod';
  readonly infohash: Uint8Array;
  readonly peerId: Uint8Array;
  readonly extended: ExtendedHandshake;
}

/** A swarm, as its connections see it. */
export interface ConnectionOwner {
  readonly greeting: Greeting;
  /** @returns Why the neighbour is refused, if it is. */
  onHandshake(connection: Connection, handshake: Handshake): CloseReason | undefined;
  /** The connection is open. @returns Why it is refused, if it is. */
  onOpen(connection: Connection): CloseReason | undefined;
  /** The neighbour's extended handshake is there: before `onOpen` in a live swarm, after it in others. */
  onExtended(connection: Connection): void;
  onMessage(connection: Connection, message: Message): void;
  onPieceStarted(connection: Connection, index: number, begin: number): void;
  /** The system took a block off our hands. */
  onBlockSent(connection: Connection, blockBytes: number): void;
  /** The neighbour did what none may do; it is closed next. */
  onBroken(connection: Connection, reason: CloseReason): void;
  onClosed(connection: Connection): void;
}

export interface ConnectionOptions {
  readonly id: number;
  readonly socket: Socket;
  /** Finds the swarm that an accepted connection asks for. */
  readonly ownerOf: (infohash: Uint8Array) => ConnectionOwner | undefined;
  /** The swarm that dialled; undefined if the connection was accepted. */
  readonly dialledBy?: ConnectionOwner | undefined;
  /** It is open. */
  readonly onOpen: () => void;
  /** It is closed; before its owner hears of it. */
  readonly onGone: () => void;
  /** For blocks; default: fresh one. */
  readonly blockMemory?: ((bytes: number) => Uint8Array) | undefined;
  readonly nowMs: number;
}

/** How a connection ended: our reason, theirs as they said it, or just a broken line. */
export interface Closing {
  readonly by: 'us' | 'them' | 'network';
  readonly reason: CloseReason;
}
