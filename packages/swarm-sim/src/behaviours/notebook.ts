import { decodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import type { ConnectionId, Input, Output } from '@tstream/peer-core';
import type { Tricks } from './disguise.js';

/** A header of the source's, as it came and as read. */
export interface Noted {
  readonly bytes: Uint8Array;
  readonly header: PieceHeader;
}

/** What an attacker writes down while its peer works: who is connected, and the headers whose signatures hold. */
export class Notebook {
  /** Neighbours, by connection, with their peer ids. */
  readonly neighbours = new Map<ConnectionId, Uint8Array>();
  /** The first headers of pieces that it came by, in the order in which they were checked; bounded. */
  readonly pieces: Noted[] = [];
  /** The header with the highest number, of a piece or not. */
  newest: Noted | undefined;
  readonly #checking = new Map<number, Uint8Array>();

  /** Reads what the peer asks for: headers that it has checked. */
  readOutput(output: Output): void {
    if (output.type === 'verify' && output.check.kind === 'header') this.#checking.set(output.job, output.check.header);
  }

  readInput(input: Input): void {
    if (input.type === 'joined') this.neighbours.set(input.connection, input.peerId);
    if (input.type === 'left') this.neighbours.delete(input.connection);
    if (input.type === 'verified') this.#checked(input.job, input.ok);
  }

  #checked(job: number, ok: boolean): void {
    const bytes = this.#checking.get(job);
    this.#checking.delete(job);
    const decoded = bytes && ok ? decodeHeader(bytes) : undefined;
    if (!bytes || !decoded?.ok) return;
    const header = decoded.value;
    const noted = { bytes, header };
    if (!header.heartbeat && !header.end && this.pieces.length < PIECES_MAX) this.pieces.push(noted);
    const newest = this.newest?.header;
    if (!newest || header.run > newest.run || (header.run === newest.run && header.seq >= newest.seq))
      this.newest = noted;
  }
}

/** Has a notebook read along, and changes nothing of what its peer hears and does. */
export function listening(notebook: Notebook): Pick<Tricks, 'hears' | 'does'> {
  return {
    hears(input) {
      notebook.readInput(input);
      return true;
    },
    does(output) {
      notebook.readOutput(output);
      return [output];
    },
  };
}

/** Ten minutes of pieces of 150 ms. */
const PIECES_MAX = 4096;
