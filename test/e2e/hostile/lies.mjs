// What a peer can say that isn't true, each told to one victim until it closes.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { auth, format, nodeSuite } from './built.mjs';
import { Stranger } from './stranger.mjs';

/** @typedef {import('./stranger.mjs').Where} Where */
/** @typedef {import('./stranger.mjs').Ending} Ending */
/** @typedef {import('./feed.mjs').Feed} Feed */
/**
 * @typedef {object} Surroundings
 * @property {Feed} feed
 * @property {import('./stranger.mjs').LiveMetainfo} metainfo
 * @property {string} keyPath
 */

/**
 * Offers true pieces and delivers other bytes: MARKER, or the true ones with one bit flipped.
 * @param {Surroundings} surroundings
 * @param {Where & { marker?: string }} where
 */
export async function alteredBlock({ feed, metainfo }, where) {
  const liar = new Stranger(where, metainfo);
  await liar.greeting;
  const { marker } = where;
  let lies = 0;
  /** @param {number} index @param {number} begin @param {Uint8Array} block */
  const lie = (index, begin, block) => {
    lies += 1;
    liar.send({ type: 'piece', index, begin, block });
  };
  liar.on('request', ({ index, begin, length }) => {
    if (marker !== undefined) lie(index, begin, Buffer.alloc(length, marker));
    else feed.request(index, begin, length);
  });
  feed.onBlock = (index, begin, block) => {
    const altered = Buffer.from(block);
    altered.writeUInt8(altered.readUInt8(altered.length - 1) ^ 1, altered.length - 1);
    lie(index, begin, altered);
  };
  feed.onOffer = ({ bytes }) => {
    liar.send({ type: 'offer', header: bytes });
    return marker === undefined ? 'wait' : 'no';
  };
  const ending = await liar.endWithin(WAIT_MS);
  feed.onOffer = () => 'no';
  feed.onBlock = () => {};
  return { ...ending, lies };
}

/**
 * Tells a true header in which one bit of a digest is flipped, or the sequence number is a later one.
 * @param {Surroundings} surroundings @param {Where & { as?: 'offer' | 'edge' }} where
 */
export async function alteredHeader({ feed, metainfo }, { as = 'offer', ...where }) {
  const liar = new Stranger(where, metainfo);
  await liar.greeting;
  feed.onOffer = ({ bytes }) => {
    const altered = Buffer.from(bytes);
    // An edge that would move none is not even looked at.
    if (as === 'edge') altered.writeBigUInt64BE(altered.readBigUInt64BE(8) + 100n, 8);
    else altered.writeUInt8(altered.readUInt8(40) ^ 1, 40);
    liar.send({ type: as, header: altered });
    return 'no';
  };
  const ending = await liar.endWithin(WAIT_MS);
  feed.onOffer = () => 'no';
  return ending;
}

/**
 * Offers the oldest header that the feed has: true, and long over.
 * @param {Surroundings} surroundings @param {Where} where
 */
export async function replay({ feed, metainfo }, where) {
  const [oldest] = feed.offers;
  if (!oldest) throw new Error('expected to have joined the swarm before');
  const tooOld = metainfo.windowPieces + Math.max(64, Math.floor(metainfo.windowPieces / 8)) + 8;
  while (feed.edgeSeq < oldest.header.seq + tooOld) await pause(50);
  const liar = new Stranger(where, metainfo);
  await liar.greeting;
  liar.send({ type: 'offer', header: oldest.bytes });
  return await liar.endWithin(WAIT_MS);
}

/**
 * Says what would be true in another swarm of the same broadcaster: its certificate, or a header by a run key that is
 * good here.
 * @param {Surroundings} surroundings @param {Where & { otherPath: string, what: 'certificate' | 'header' }} where
 */
export async function otherStream({ feed, metainfo, keyPath }, { otherPath, what, ...where }) {
  const other = readMetainfo(otherPath);
  const liar = new Stranger(where, metainfo);
  await liar.greeting;
  const forged = forgedRun(feed.run - 1, keyPath, what === 'certificate' ? other : metainfo);
  liar.send({ type: 'cert', certificate: forged.certificate });
  if (what === 'header') {
    const payload = randomBytes(1000);
    const fields = { payloadBytes: payload.length, digests: auth.blockDigests(payload, nodeSuite) };
    liar.send({ type: 'offer', header: forged.header({ ...fields, seq: 0, infoDigest: other.infoDigest }) });
  }
  return await liar.endWithin(WAIT_MS);
}

/**
 * With the broadcaster's own key: proofs from an hour ahead, or of more pieces than any source makes.
 * @param {Surroundings} surroundings @param {Where & { ahead: 'time' | 'pieces' }} where
 */
export async function future({ feed, metainfo, keyPath }, { ahead, ...where }) {
  const liar = new Stranger(where, metainfo);
  await liar.greeting;
  const { infoDigest } = metainfo;
  // An older run than the one that is on: a later one would be a broadcast of its own.
  const forged = forgedRun(feed.run - 1, keyPath, metainfo);
  liar.send({ type: 'cert', certificate: forged.certificate });
  const beat = { heartbeat: true, payloadBytes: 0, digests: [], infoDigest };
  liar.send({ type: 'edge', header: forged.header({ ...beat, seq: 10 }) });
  const sourceTimeMs = Date.now() + (ahead === 'time' ? 3_600_000 : 1);
  const seq = ahead === 'pieces' ? 1_000_000 : 11;
  liar.send({ type: 'edge', header: forged.header({ ...beat, seq, sourceTimeMs }) });
  return await liar.endWithin(WAIT_MS);
}

/**
 * Claims to be the source.
 * @param {Surroundings} surroundings @param {Where} where
 */
export async function falseSource({ feed, metainfo }, where) {
  const liar = new Stranger(where, metainfo);
  await liar.greeting;
  liar.send({ type: 'source', run: feed.run, proof: randomBytes(64) });
  return await liar.endWithin(WAIT_MS);
}

/** @param {string} path */
export function readMetainfo(path) {
  const decoded = format.decodeMetainfo(readFileSync(path));
  if (!decoded.ok || decoded.value.kind !== 'live') throw new Error(`expected a live stream in ${path}`);
  return decoded.value;
}

/** @type {Map<string, ReturnType<typeof forgeRun>>} */
const forgedRuns = new Map();

/**
 * A run of the stolen key's, the same one each time: who knows one with this number takes no other.
 * @param {number} run @param {string} keyPath @param {import('./stranger.mjs').LiveMetainfo} metainfo
 */
function forgedRun(run, keyPath, { infoDigest }) {
  const key = `${run} ${Buffer.from(infoDigest).toString('hex')}`;
  const forged = forgedRuns.get(key) ?? forgeRun(run, keyPath, infoDigest);
  forgedRuns.set(key, forged);
  return forged;
}

/** @param {number} run @param {string} keyPath @param {Uint8Array} infoDigest */
function forgeRun(run, keyPath, infoDigest) {
  const key = auth.decodeKeyFile(readFileSync(keyPath, 'utf8'));
  if (!key.ok) throw new Error(`expected a key in ${keyPath}, got ${key.reason}`);
  const runSecretKey = randomBytes(32);
  const certified = { run, lowestValidRun: 1, expiryMs: Date.now() + 86_400_000 };
  const certificate = auth.encodeCertificate(
    { ...certified, runPublicKey: nodeSuite.publicKey(runSecretKey) },
    infoDigest,
    key.value.streamSecretKey,
    nodeSuite,
  );
  const none = { entry: false, discontinuity: false, heartbeat: false, end: false };
  return {
    certificate,
    /**
     * @param {Pick<import('./feed.mjs').PieceHeader, 'seq' | 'payloadBytes' | 'digests'>
     *   & Partial<import('./feed.mjs').PieceHeader> & { infoDigest: Uint8Array }} fields
     */
    header: ({ infoDigest, ...fields }) =>
      auth.encodeHeader({ ...none, run, sourceTimeMs: Date.now(), ...fields }, infoDigest, runSecretKey, nodeSuite),
  };
}

const WAIT_MS = 20_000;
