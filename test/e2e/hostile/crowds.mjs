// Connections by the hundred that come to nothing, or slowly.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Stranger } from './stranger.mjs';

/** @typedef {import('./stranger.mjs').Where} Where */
/** @typedef {import('./lies.mjs').Surroundings} Surroundings */
/** @typedef {{ readonly isClosed: () => boolean, readonly drip: () => void, readonly close: () => void }} Member */

/** @type {Member[]} */
let crowd = [];
/** @type {NodeJS.Timeout | undefined} */
let dripping;

/** @type {Record<string, (surroundings: Surroundings, where: Where) => Member>} */
const KINDS = {
  'no byte': (_surroundings, where) => half(where, new Uint8Array(0)),
  'half a handshake': ({ metainfo }, where) => {
    const stranger = new Stranger(where, metainfo, { silent: true });
    stranger.raw(stranger.handshake().subarray(0, 40));
    return member(stranger);
  },
  'a handshake and no more': ({ metainfo }, where) => {
    const stranger = new Stranger(where, metainfo, { silent: true });
    stranger.raw(stranger.handshake());
    return member(stranger);
  },
  'a handshake byte by byte': ({ metainfo }, where) => {
    const stranger = new Stranger(where, metainfo, { silent: true });
    const bytes = stranger.handshake();
    let at = 0;
    return member(stranger, () => stranger.raw(bytes.subarray(at, ++at)));
  },
  'a web request byte by byte': (_surroundings, where) =>
    half(where, Buffer.from(`GET / HTTP/1.1\r\nX: ${'x'.repeat(99)}`)),
  'a neighbour that says nothing': ({ metainfo }, where) => member(new Stranger(where, metainfo)),
  'a neighbour that speaks byte by byte': ({ metainfo }, where) => {
    const stranger = new Stranger(where, metainfo);
    const bytes = Buffer.concat([Buffer.of(0, 0, 1, 0, 20, 3), Buffer.alloc(254)]);
    let at = 0;
    return member(stranger, () => stranger.greeted && stranger.raw(bytes.subarray(at, ++at)));
  },
};

/** @param {Stranger} stranger @param {() => unknown} [drip] @returns {Member} */
function member(stranger, drip = () => undefined) {
  return { isClosed: () => stranger.isClosed, drip: () => void drip(), close: () => stranger.close() };
}

/** @param {Where} where @param {Uint8Array} bytes @returns {Member} */
function half({ port, from }, bytes) {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  let [at, closed] = [0, false];
  // Who doesn't read sees no end, if all was written before it came.
  socket
    .on('error', () => undefined)
    .on('close', () => (closed = true))
    .resume();
  return {
    isClosed: () => closed,
    drip: () => void (at < bytes.length && !closed && socket.write(bytes.subarray(at, ++at))),
    close: () => void socket.destroy(),
  };
}

/**
 * Opens so many connections of a kind, to stay.
 * @param {Surroundings} surroundings @param {Where & { kind: string, count: number }} where
 */
export async function gather(surroundings, { kind, count, ...where }) {
  const open = KINDS[kind];
  if (!open) throw new Error(`expected one of ${Object.keys(KINDS).join(', ')}, got ${kind}`);
  for (let i = 0; i < count; i++) {
    crowd.push(open(surroundings, where));
    if (i % 20 === 19) await pause(20);
  }
  dripping ??= setInterval(() => crowd.forEach(({ drip }) => drip()), 100);
  return count;
}

/** How many of the crowd are still connected. */
export async function crowdSize() {
  return crowd.filter(({ isClosed }) => !isClosed()).length;
}

export async function disperse() {
  clearInterval(dripping);
  dripping = undefined;
  for (const { close } of crowd) close();
  crowd = [];
}
