/** Runs a live peer: the loop of all peers, and the wall clock, which only live peers look at. */
import type { Input, Output, Peer } from '@tstream/peer-core';
import { addressBlock } from './address.js';
import { wallOffsetMs } from './clock.js';
import type { Connection } from './connection.js';
import { DriverLoop } from './driver-loop.js';

export class Driver {
  readonly #loop: DriverLoop<Input, Output>;
  readonly #wallTimer: NodeJS.Timeout;

  constructor(peer: Peer, carryOut: (output: Output) => void) {
    this.#loop = new DriverLoop(peer, carryOut);
    this.#wallTimer = setInterval(() => this.#tellWallClock(), WALL_CLOCK_MS);
    this.#tellWallClock();
  }

  handle(input: Input): void {
    this.#loop.handle(input);
  }

  /** The other end's address block tells the choker which newcomers may be one and the same. */
  joined({ id, peerId, remote, incoming }: Connection): void {
    const group = addressBlock(remote.address);
    this.handle({ type: 'joined', connection: id, peerId: peerId as Uint8Array, group, incoming });
  }

  close(): void {
    clearInterval(this.#wallTimer);
    this.#loop.close();
  }

  #tellWallClock(): void {
    this.handle({ type: 'wallClock', offsetMs: wallOffsetMs() });
  }
}

/** A clock that is set while we run is noticed after at most this. */
const WALL_CLOCK_MS = 60_000;
