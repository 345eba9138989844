// A neighbour of the source that looks honest, and is where a hostile peer has true headers and pieces from.
import { auth } from './built.mjs';
import { Stranger } from './stranger.mjs';

/** @typedef {import('../../../packages/live-piece-auth/src/index.js').PieceHeader} PieceHeader */
/**
 * @typedef {object} Offered
 * @property {Uint8Array} bytes
 * @property {PieceHeader} header
 * @property {number} index
 */

export class Feed {
  /** @type {Uint8Array | undefined} */
  certificate;
  /** Number of the run that is on. */
  run = 0;
  edgeSeq = -1;
  /** @type {Offered[]} */
  offers = [];
  /** Called with each offer; says whether to decline it, or to leave it open. @type {(offered: Offered) => 'no' | 'wait'} */
  onOffer = () => 'no';
  /** Called with each block that was requested. @type {(index: number, begin: number, block: Uint8Array) => void} */
  onBlock = () => {};

  /** Offers that wait for a request, by index. @type {Map<number, NodeJS.Timeout>} */
  #waiting = new Map();

  /**
   * @param {import('./stranger.mjs').Where} where - Of the source.
   * @param {import('./stranger.mjs').LiveMetainfo} metainfo
   */
  constructor(where, metainfo) {
    this.metainfo = metainfo;
    this.peer = new Stranger(where, metainfo);
    this.peer.on('cert', ({ certificate }) => {
      const decoded = auth.decodeCertificate(certificate);
      if (!decoded.ok || decoded.value.run < this.run) return;
      this.certificate = certificate;
      this.run = decoded.value.run;
    });
    this.peer.on('edge', ({ header }) => this.#onEdge(header));
    this.peer.on('offer', ({ header }) => this.#onOffer(header));
    this.peer.on('piece', ({ index, begin, block }) => this.onBlock(index, begin, block));
  }

  /** @param {Uint8Array} bytes */
  #onEdge(bytes) {
    const decoded = auth.decodeHeader(bytes);
    if (!decoded.ok || decoded.value.run !== this.run) return;
    const isFirst = this.edgeSeq < 0;
    this.edgeSeq = Math.max(this.edgeSeq, decoded.value.seq);
    if (isFirst) this.peer.send({ type: 'start', run: this.run, seq: decoded.value.seq });
  }

  /** @param {Uint8Array} bytes */
  #onOffer(bytes) {
    const decoded = auth.decodeHeader(bytes);
    if (!decoded.ok) return;
    const header = decoded.value;
    const { run, seq } = header;
    this.edgeSeq = Math.max(this.edgeSeq, seq);
    const offered = { bytes, header, index: seq % this.metainfo.ringPieces };
    this.offers.push(offered);
    const decline = () => this.peer.send({ type: 'decline', run, seq, why: 'busy' });
    if (this.onOffer(offered) === 'no') return decline();
    const timer = setTimeout(() => this.#waiting.delete(offered.index) && decline(), WAIT_MS);
    this.#waiting.set(offered.index, timer);
  }

  /** Asks for a block of an offer that waits. @param {number} index @param {number} begin @param {number} length */
  request(index, begin, length) {
    clearTimeout(this.#waiting.get(index));
    this.#waiting.delete(index);
    this.peer.send({ type: 'request', index, begin, length });
  }
}

/** Honest peers answer sooner. */
const WAIT_MS = 200;

/**
 * Accepts an offer.
 * @param {Stranger} peer
 * @param {Offered} offered
 */
export function request(peer, { header, index }) {
  for (let begin = 0; begin < header.payloadBytes; begin += auth.BLOCK_BYTES) {
    peer.send({ type: 'request', index, begin, length: Math.min(auth.BLOCK_BYTES, header.payloadBytes - begin) });
  }
}
