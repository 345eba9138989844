// What checking a live piece costs, against the bare calls of the library beneath: node:crypto, and noble for browsers.
import { createPublicKey, hash, verify } from 'node:crypto';
import { cpus } from 'node:os';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  BLOCK_BYTES,
  blockDigests,
  decodeHeader,
  encodeHeader,
  nobleSuite,
  PIECE_BYTES_MAX,
  verifyBlock,
  verifyHeader,
} from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import { do_not_optimize, measure } from 'mitata';

const AIM = 1.2;
/** Both sides take turns in short rounds, so that a busy moment of the machine hits both. */
const ROUNDS = 25;
const ROUND_NS = 30e6;
/** More than one header, so that no cache of a single result could look fast. */
const PIECES = 16;
const TAG = Buffer.from('tstream live piece v1\0');
const SIGNATURE_BYTES = 64;

const secretKey = new Uint8Array(32).fill(7);
const publicKey = nodeSuite.publicKey(secretKey);
const infoDigest = nodeSuite.sha256(new Uint8Array(100));
const pieces = Array.from({ length: PIECES }, (_, seq) => piece(seq));
const keyObject = createPublicKey({
  key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
  format: 'jwk',
});

const bareNode = {
  verify: ({ message, signature }) => verify(null, message, keyObject, signature),
  sha256: (block) => hash('sha256', block, 'buffer'),
};
const bareNoble = {
  verify: ({ message, signature }) => ed25519.verify(signature, message, publicKey, { zip215: false }),
  sha256,
};

console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}, ${process.arch}`);
console.log(`fastest call of ${ROUNDS} rounds, µs; aim ≤ ${AIM} × the bare call\n`);
console.log('suite  checked                                   bare       ours     ratio');
const ratios = [];
for (const [name, suite, bare] of [
  ['node', nodeSuite, bareNode],
  ['noble', nobleSuite, bareNoble],
]) {
  await compare(name, 'header of 128 KiB, read and verified', bareHeader(bare), ourHeader(suite));
  await compare(name, 'block of 16 KiB', bareBlock(bare), ourBlock(suite));
  await compare(name, 'piece of 128 KiB, header and 8 blocks', barePiece(bare), ourPiece(suite));
}
const missed = ratios.filter((ratio) => ratio > AIM);
console.log(`\n${missed.length === 0 ? 'aim met' : `aim missed by ${missed.length} of ${ratios.length}`}`);

/** A piece as it comes over the wire, and what a bare library call needs of it, laid out beforehand. */
function piece(seq) {
  const payload = new Uint8Array(PIECE_BYTES_MAX).fill(seq);
  const fields = {
    entry: seq === 0,
    discontinuity: false,
    heartbeat: false,
    end: false,
    run: 1,
    seq,
    sourceTimeMs: 150 * seq,
    payloadBytes: payload.length,
    entryOffset: seq === 0 ? 0 : undefined,
    entryDistance: seq,
    digests: blockDigests(payload, nodeSuite),
  };
  const header = encodeHeader(fields, infoDigest, secretKey, nodeSuite);
  const signature = header.subarray(-SIGNATURE_BYTES);
  const message = Buffer.concat([TAG, infoDigest, header.subarray(0, -SIGNATURE_BYTES)]);
  const blocks = fields.digests.map((_, i) => payload.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES));
  return { header, decoded: decodeHeader(header).value, message, signature, blocks };
}

function bareHeader(bare) {
  return eachPiece((piece) => bare.verify(piece));
}

function ourHeader(suite) {
  return eachPiece(({ header }) => decodeHeader(header).ok && verifyHeader(header, infoDigest, publicKey, suite));
}

function bareBlock(bare) {
  return eachPiece(({ blocks }) => bare.sha256(blocks[0]).length === 32);
}

function ourBlock(suite) {
  return eachPiece(({ blocks, decoded }) => verifyBlock(blocks[0], 0, decoded, suite));
}

function barePiece(bare) {
  return eachPiece((piece) => bare.verify(piece) && piece.blocks.every((block) => bare.sha256(block).length === 32));
}

function ourPiece(suite) {
  return eachPiece(({ header, blocks }) => {
    const { ok, value } = decodeHeader(header);
    if (!ok || !verifyHeader(header, infoDigest, publicKey, suite)) return false;
    return blocks.every((block, i) => verifyBlock(block, i, value, suite));
  });
}

function eachPiece(check) {
  let next = 0;
  return () => {
    const ok = check(pieces[next]);
    next = (next + 1) % PIECES;
    if (!ok) throw new Error('refused what is sound: the figures would mean nothing');
    return do_not_optimize(ok);
  };
}

async function compare(suite, what, bare, ours) {
  let bareNs = Infinity;
  let oursNs = Infinity;
  for (let i = 0; i < ROUNDS; i++) {
    bareNs = Math.min(bareNs, await fastestNs(bare));
    oursNs = Math.min(oursNs, await fastestNs(ours));
  }
  const ratio = oursNs / bareNs;
  ratios.push(ratio);
  const us = (ns) => (ns / 1000).toFixed(1).padStart(9);
  console.log(`${suite.padEnd(6)} ${what.padEnd(38)}${us(bareNs)}  ${us(oursNs)}  ${ratio.toFixed(2).padStart(6)} ×`);
}

/** The fastest call, and not the median: whatever else the machine does can only add. */
async function fastestNs(call) {
  return (await measure(call, { min_cpu_time: ROUND_NS, batch_threshold: 0, gc: false })).min;
}
