/**
 * The loop that runs a peer: inputs in, outputs carried out in order, one timer for its next deadline.
 *
 * All inputs of one turn of the event loop are handled before the peer is polled: the busier the process, the more of
 * them share one round of consequences and one write to each socket.
 */
import type { ConnectionId, Input, Output, Peer } from '@tstream/peer-core';
import { addressBlock } from './address.js';
import { monotonicMs, wallOffsetMs } from './clock.js';

export class Driver {
  readonly #peer: Peer;
  readonly #carryOut: (output: Output) => void;
  readonly #wallTimer: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is set for; Infinity without one. */
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #draining: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(peer: Peer, carryOut: (output: Output) => void) {
    this.#peer = peer;
    this.#carryOut = carryOut;
    this.#wallTimer = setInterval(() => this.#tellWallClock(), WALL_CLOCK_MS);
    this.#tellWallClock();
  }

  handle(input: Input): void {
    if (this.#closed) return;
    this.#peer.handle(input, monotonicMs());
    this.#draining ??= setImmediate(() => this.#drain());
  }

  /** @param address - Of the other end: its block tells the choker which newcomers may be one and the same. */
  joined(connection: ConnectionId, peerId: Uint8Array, address: string): void {
    this.handle({ type: 'joined', connection, peerId, group: addressBlock(address) });
  }

  close(): void {
    this.#closed = true;
    clearImmediate(this.#draining);
    clearInterval(this.#wallTimer);
    clearTimeout(this.#timer);
  }

  /** Inputs that arise meanwhile (a check that is answered at once) are handled in the same round. */
  #drain(): void {
    for (let outputs = this.#peer.poll(); outputs.length > 0 && !this.#closed; outputs = this.#peer.poll()) {
      for (const output of outputs) this.#carryOut(output);
    }
    this.#draining = undefined;
    this.#arm();
  }

  /** A timer that is set too early is left alone: waking for nothing is cheaper than setting it anew for each input. */
  #arm(): void {
    const deadlineMs = this.#peer.nextDeadlineMs;
    if (this.#closed || deadlineMs >= this.#wakeAtMs) return;
    clearTimeout(this.#timer);
    this.#wakeAtMs = deadlineMs;
    const delayMs = deadlineMs - monotonicMs();
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(1, delayMs), TIMEOUT_MS_MAX));
  }

  #wake(): void {
    const lateMs = monotonicMs() - this.#wakeAtMs;
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
    // After a sleep the sockets are full of what neighbours sent in time: read that before anyone is judged.
    if (lateMs > LATE_MS) setImmediate(() => setImmediate(() => this.#tellTime()));
    else this.#tellTime();
  }

  #tellTime(): void {
    if (this.#peer.nextDeadlineMs <= monotonicMs()) this.handle({ type: 'time' });
    else this.#arm();
  }

  #tellWallClock(): void {
    this.handle({ type: 'wallClock', offsetMs: wallOffsetMs() });
  }
}

/** A clock that is set while we run is noticed after at most this. */
const WALL_CLOCK_MS = 60_000;
/** A wake-up that is later than this is a machine that slept. */
const LATE_MS = 500;
/** setTimeout takes 31 bits. */
const TIMEOUT_MS_MAX = 0x7fffffff;
