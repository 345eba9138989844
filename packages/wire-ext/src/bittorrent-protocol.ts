/**
 * The live extension as a plug-in of the library `bittorrent-protocol`, as ut_pex and ut_metadata are. It carries the
 * live messages; handshake, requests and blocks remain the library's.
 *
 * @see spec/0003-wire-ext.md
 */
import { DEFAULT_LIMITS } from './limits.js';
import { decodeLive, liveBytes, writeLive } from './live.js';
import type { LiveMessage } from './message.js';
import type { WireReason } from './result.js';

/** What a wire's live messages go to. */
export interface LiveListener {
  /** The neighbour's extended handshake names `ts_live`: messages can be sent from now on. Once a wire. */
  onReady(): void;
  /** Bytes in the message are the listener's own. */
  onMessage(message: LiveMessage): void;
  /** The neighbour sent what is no live message; its wire is destroyed after this call. */
  onRefused(reason: WireReason): void;
}

/** What is used of the library's `Wire`. */
export interface LiveWire {
  amChoking: boolean;
  peerChoking: boolean;
  extended(name: string, payload: Uint8Array): void;
  on(event: 'choke', listener: () => void): unknown;
  destroy(): void;
}

/** The plug-in of one wire, `wire.ts_live`. */
export interface LiveExtension {
  /** @throws {TypeError} Before {@link LiveListener.onReady}, and after {@link LiveListener.onRefused}. @throws {RangeError} If a field is out of its range. */
  send(message: LiveMessage): void;
}

/**
 * Makes the plug-in for one wire:
 *
 *     wire.use(tsLive({ onReady() {…}, onMessage(message) {…}, onRefused(reason) {…} }));
 *
 * Choking does not exist in a live swarm (spec/0003 §5), so once the neighbour is known to speak `ts_live` the library
 * is told that neither side chokes: `wire.request()` works, requests are passed on. A CHOKE that comes all the same changes nothing, except
 * that the library calls requests that are out unanswered.
 */
export function tsLive(listener: LiveListener): new (wire: LiveWire) => LiveExtension {
  return class TsLive implements LiveExtension {
    readonly #wire: LiveWire;
    #state: 'greeting' | 'ready' | 'refused' = 'greeting';

    constructor(wire: LiveWire) {
      this.#wire = wire;
    }

    /** The library reads it from the prototype. */
    get name(): string {
      return 'ts_live';
    }

    onExtendedHandshake(): void {
      if (this.#state !== 'greeting') return;
      this.#state = 'ready';
      this.#wire.amChoking = false;
      this.#wire.peerChoking = false;
      this.#wire.on('choke', () => {
        this.#wire.peerChoking = false;
      });
      listener.onReady();
    }

    onMessage(payload: Uint8Array): void {
      if (this.#state === 'refused') return;
      const message = decodeLive(payload, DEFAULT_LIMITS);
      if (!message.ok) {
        this.#state = 'refused';
        listener.onRefused(message.reason);
        this.#wire.destroy();
      } else if (message.value.type !== 'unknown') listener.onMessage(message.value);
    }

    send(message: LiveMessage): void {
      if (this.#state !== 'ready') throw new TypeError(`expected a neighbour that speaks ts_live, got ${this.#state}`);
      const payload = new Uint8Array(liveBytes(message));
      writeLive(payload, 0, message);
      this.#wire.extended('ts_live', payload);
    }
  };
}
