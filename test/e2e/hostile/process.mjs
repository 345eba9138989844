// The hostile process: carries out what its parent asks for, one attack at a time, and tells what came of it.
import { setTimeout as pause } from 'node:timers/promises';
import { endless, malformed, strange, truncated } from './bytes.mjs';
import { crowdSize, disperse, gather } from './crowds.mjs';
import { Feed } from './feed.mjs';
import { alteredBlock, alteredHeader, falseSource, future, otherStream, readMetainfo, replay } from './lies.mjs';
import { leech, noAnswer, noDelivery } from './silence.mjs';
import { Stranger } from './stranger.mjs';

/** @typedef {import('./lies.mjs').Surroundings} Surroundings */

/** @type {Surroundings | undefined} */
let surroundings;

/**
 * Joins the swarm as a neighbour of the source that nobody would suspect.
 * @param {{ tstream: string, keyPath: string, port: number, from: string }} where
 */
async function join({ tstream, keyPath, ...where }) {
  const metainfo = readMetainfo(tstream);
  const feed = new Feed(where, metainfo);
  surroundings = { feed, metainfo, keyPath };
  while (feed.offers.length === 0) await pause(50);
  return feed.peer.peerId.toString('hex');
}

/**
 * Greets and stays for a moment.
 * @param {Surroundings} surroundings @param {import('./stranger.mjs').Where} where
 */
async function knock({ metainfo }, where) {
  const stranger = new Stranger(where, metainfo);
  const greeted = await stranger.greeting;
  const ending = await stranger.endWithin(300);
  return greeted && ending === null ? 'let in' : 'kept out';
}

const ATTACKS = {
  alteredBlock,
  alteredHeader,
  crowdSize,
  disperse,
  endless,
  falseSource,
  future,
  gather,
  knock,
  leech,
  malformed,
  noAnswer,
  noDelivery,
  otherStream,
  replay,
  strange,
  truncated,
};

process.on('message', (/** @type {{ id: number, attack: string, options: never }} */ { id, attack, options }) => {
  const done = attack === 'join' ? join(options) : carryOut(attack, options);
  done.then(
    (result) => process.send?.({ id, result }),
    (error) => process.send?.({ id, error: String(error?.stack ?? error) }),
  );
});
process.on('disconnect', () => process.exit());

/** @param {string} attack @param {never} options @returns {Promise<unknown>} */
async function carryOut(attack, options) {
  if (!surroundings) throw new Error('expected to have joined the swarm before');
  return await ATTACKS[/** @type {keyof typeof ATTACKS} */ (attack)](surroundings, options);
}
