/** What is on its way into a socket: everything of one turn of the event loop leaves in one call, small messages side by side as one. */
import type { Socket } from 'node:net';
import { atEndOfTurn } from './turn.js';

export class Outbox {
  readonly #socket: Socket;
  #parts: Part[] = [];
  #waitingBytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Bytes that the system hasn't taken. */
  get queuedBytes(): number {
    return this.#waitingBytes + this.#socket.writableLength;
  }

  /** @param onTaken - Called when the bytes are read no more; with an error if they weren't sent. */
  write(bytes: Uint8Array, onTaken?: (error?: Error | null) => void): void {
    if (this.#parts.length === 0) atEndOfTurn(() => this.flush());
    this.#waitingBytes += bytes.length;
    const last = this.#parts.at(-1);
    if (last && !last.onTaken && !onTaken && follows(last.bytes, bytes)) {
      last.bytes = new Uint8Array(last.bytes.buffer, last.bytes.byteOffset, last.bytes.length + bytes.length);
    } else this.#parts.push({ bytes, onTaken });
  }

  /** Gives the socket at once what waits for the end of the turn. */
  flush(): void {
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    this.#waitingBytes = 0;
    this.#socket.cork();
    for (const { bytes, onTaken } of parts) this.#socket.write(bytes, onTaken);
    this.#socket.uncork();
  }
}

interface Part {
  bytes: Uint8Array;
  readonly onTaken: ((error?: Error | null) => void) | undefined;
}

/** Messages are cut from one larger array, one after another: two of them may be one part of it. */
function follows(first: Uint8Array, second: Uint8Array): boolean {
  return first.buffer === second.buffer && first.byteOffset + first.length === second.byteOffset;
}
