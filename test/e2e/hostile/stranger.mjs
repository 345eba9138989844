// A peer of the swarm that does what it is told: greets as peers do, then says anything.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { wire } from './built.mjs';

/** @typedef {import('../../../packages/wire-ext/src/index.js').Message} Message */
/** @typedef {import('../../../packages/wire-ext/src/index.js').CloseReason} CloseReason */
/** @typedef {import('../../../packages/tstream-format/src/index.js').LiveMetainfo} LiveMetainfo */
/**
 * @typedef {object} Where
 * @property {number} port
 * @property {string} from - Local address.
 * @property {string} [peerId] - 40 hex digits; any, if it is left out.
 */
/**
 * @typedef {object} Ending
 * @property {boolean} greeted - The other side let it in.
 * @property {CloseReason | null} reason - As the other side said it.
 * @property {string} peerId
 */

export class Stranger {
  /** @type {import('../../../packages/wire-ext/src/index.js').ExtensionIds} */
  #remoteIds = {};
  #decoder = new wire.Decoder();
  /** @type {Map<string, (message: never) => void>} */
  #listeners = new Map();
  /** @type {CloseReason | null} */
  #reason = null;
  greeted = false;
  isClosed = false;
  /** @type {(greeted: boolean) => void} */
  #settleGreeting = () => {};
  /** Whether it was let in. */
  greeting = new Promise((/** @type {(greeted: boolean) => void} */ resolve) => (this.#settleGreeting = resolve));

  /**
   * @param {Where} where
   * @param {LiveMetainfo} metainfo
   * @param {{ silent?: boolean }} [options] - silent: it doesn't greet.
   */
  constructor({ port, from, peerId }, metainfo, { silent = false } = {}) {
    this.metainfo = metainfo;
    this.peerId = peerId ? Buffer.from(peerId, 'hex') : Buffer.concat([Buffer.from('-XX0001-'), randomBytes(12)]);
    this.socket = connect({ port, host: '127.0.0.1', localAddress: from });
    this.socket.setNoDelay(true);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => this.#receive(chunk));
    /** @type {Promise<Ending>} */
    this.ending = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.isClosed = true;
        this.#settleGreeting(false);
        resolve({ greeted: this.greeted, reason: this.#reason, peerId: this.peerId.toString('hex') });
      });
    });
    if (!silent) this.greet();
  }

  greet() {
    this.raw(this.handshake());
    this.raw(wire.encodeMessage({ type: 'extended-handshake', ids: { ts_live: 3 }, client: 'stranger' }, {}));
  }

  handshake() {
    const { infohash } = this.metainfo;
    return wire.encodeHandshake({ infohash, peerId: this.peerId, extended: true, dht: false, fast: false });
  }

  /**
   * @template {Message['type']} T
   * @param {T} type
   * @param {(message: Extract<Message, { type: T }>) => void} listener
   */
  on(type, listener) {
    this.#listeners.set(type, listener);
  }

  /** @param {Message} message */
  send(message) {
    this.raw(wire.encodeMessage(message, this.#remoteIds));
  }

  /** @param {Uint8Array} bytes */
  raw(bytes) {
    if (!this.isClosed) this.socket.write(bytes);
  }

  close() {
    this.socket.destroy();
  }

  /**
   * The end of it, or null if the other side keeps it for so long.
   * @param {number} ms
   * @returns {Promise<Ending | null>}
   */
  async endWithin(ms) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    /** @type {Promise<null>} */
    const late = new Promise((resolve) => (timer = setTimeout(() => resolve(null), ms)));
    const ending = await Promise.race([this.ending, late]);
    clearTimeout(timer);
    this.close();
    return ending;
  }

  /** @param {Uint8Array} chunk */
  #receive(chunk) {
    this.#decoder.push(chunk);
    for (let event = this.#decoder.next(); event; event = this.#decoder.next()) {
      if (event.ok && event.value.type === 'message') this.#hear(event.value.message);
    }
  }

  /** @param {Message} message */
  #hear(message) {
    if (message.type === 'extended-handshake') {
      this.#remoteIds = message.ids;
      this.greeted = true;
      this.#settleGreeting(true);
    } else if (message.type === 'close') this.#reason = message.reason;
    this.#listeners.get(message.type)?.(/** @type {never} */ (message));
  }
}
