// Peers that say the right things and don't do them.
import { request } from './feed.mjs';
import { Stranger } from './stranger.mjs';

/** @typedef {import('./stranger.mjs').Where} Where */
/** @typedef {import('./lies.mjs').Surroundings} Surroundings */

/**
 * Offers true pieces, is asked for them, and sends nothing, until it is sent away.
 * @param {Surroundings} surroundings @param {Where & { ms: number }} where
 */
export async function noDelivery({ feed, metainfo }, { ms, ...where }) {
  const staller = new Stranger(where, metainfo);
  await staller.greeting;
  const accepted = new Set();
  staller.on('request', ({ index }) => accepted.add(index));
  feed.onOffer = ({ bytes }) => {
    staller.send({ type: 'offer', header: bytes });
    return 'no';
  };
  const ending = await staller.endWithin(ms);
  feed.onOffer = () => 'no';
  return { ...ending, accepted: accepted.size };
}

/**
 * Wants everything and answers no offer.
 * @param {Surroundings} surroundings @param {Where} where
 */
export async function noAnswer({ feed, metainfo }, where) {
  const deaf = new Stranger(where, metainfo);
  await deaf.greeting;
  let offers = 0;
  deaf.on('offer', () => (offers += 1));
  deaf.send({ type: 'start', run: feed.run, seq: feed.edgeSeq });
  return { ...(await deaf.endWithin(WAIT_MS)), offers };
}

/**
 * Takes all that is offered for a while: without a HAVE for any of it, or without reading on after the first block.
 * @param {Surroundings} surroundings @param {Where & { ms: number, reads: boolean }} where
 */
export async function leech({ feed, metainfo }, { ms, reads, ...where }) {
  const leech = new Stranger(where, metainfo);
  await leech.greeting;
  let bytes = 0;
  leech.on('offer', ({ header }) => {
    const view = new DataView(header.buffer, header.byteOffset);
    const [seq, payloadBytes] = [Number(view.getBigUint64(8)), view.getUint32(24)];
    const index = seq % metainfo.ringPieces;
    request(leech, { bytes: header, index, header: /** @type {never} */ ({ payloadBytes }) });
  });
  leech.on('piece', ({ block }) => {
    bytes += block.length;
    if (!reads) leech.socket.pause();
  });
  leech.send({ type: 'start', run: feed.run, seq: feed.edgeSeq });
  const ending = await leech.endWithin(ms);
  return { ...ending, bytes };
}

const WAIT_MS = 20_000;
