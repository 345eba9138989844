// What a 16 KiB block costs either side of a TCP connection: with this project's codec, with bittorrent-protocol, and
// with nothing on the socket at all. Each side is a process of its own, so that its CPU time is its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from '../common/statistics.mjs';

const AIM = 1.5;
/** All take turns, so that a busy moment of the machine hits each. */
const ROUNDS = 15;
const PIECES_PER_ROUND = 1500;
const WARM_UP_PIECES = 3000;
const BLOCKS_PER_PIECE = 8;
const SIDE = fileURLToPath(new URL('side.mjs', import.meta.url));
const RATIOS = [
  ['ours', 'bare'],
  ['ours', 'kept'],
  ['library', 'bare'],
];

console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}, ${process.arch}`);
console.log('CPU time of one side, user and system, µs a block: median of');
console.log(
  `${ROUNDS} rounds of ${PIECES_PER_ROUND * BLOCKS_PER_PIECE} blocks. Ratios: median of the rounds' ratios.\n`,
);
console.log('side                                bare    kept    ours library  ours/bare  ours/kept  library/bare');

const ratios = [];
for (const side of ['receiver', 'sender']) {
  for (const dials of [true, false]) {
    // Who accepts gets every chunk in memory of its own, and keeps it as it is. Who sends keeps nothing.
    const codecs = side === 'receiver' && dials ? ['bare', 'kept', 'ours', 'library'] : ['bare', 'ours', 'library'];
    report(`${side}, ${dials ? 'outgoing' : 'accepted'} connection`, await compare(codecs, side, dials));
  }
}
const missed = ratios.filter((ratio) => ratio > AIM).length;
console.log(`\nours ≤ ${AIM} × bare: ${missed === 0 ? 'met' : `missed by ${missed} of ${ratios.length}`}`);

/** CPU time of one side for each codec, µs a block, one number a round. The other side is always the bare one. */
async function compare(codecs, side, dials) {
  const pairs = new Map();
  for (const codec of codecs) pairs.set(codec, await connectedPair(codec, side, dials));
  const costs = Object.fromEntries(codecs.map((codec) => [codec, []]));
  for (const pair of pairs.values()) await transfer(pair, WARM_UP_PIECES);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [codec, pair] of pairs) costs[codec].push((await transfer(pair, PIECES_PER_ROUND))[side]);
  }
  for (const pair of pairs.values()) for (const process of Object.values(pair)) process.disconnect();
  return costs;
}

async function connectedPair(codec, side, dials) {
  const other = side === 'receiver' ? 'sender' : 'receiver';
  const [dialler, listener] = dials ? [side, other] : [other, side];
  const codecOf = { [side]: codec, [other]: 'bare' };
  const listening = fork(SIDE, [codecOf[listener], listener]);
  const [{ port }] = await once(listening, 'message');
  const dialling = fork(SIDE, [codecOf[dialler], dialler, `${port}`]);
  const pair = { [listener]: listening, [dialler]: dialling };
  await once(pair.receiver, 'message'); // ready
  return pair;
}

async function transfer({ sender, receiver }, pieces) {
  sender.send('begin');
  await once(sender, 'message');
  receiver.send({ pieces });
  const [received] = await once(receiver, 'message');
  sender.send('end');
  const [sent] = await once(sender, 'message');
  const blocks = pieces * BLOCKS_PER_PIECE;
  return { receiver: received.cpuMicroseconds / blocks, sender: sent.cpuMicroseconds / blocks };
}

function report(side, costs) {
  const columns = ['bare', 'kept', 'ours', 'library'].map((codec) => shown(costs[codec] && median(costs[codec]), 8));
  for (const [of, to] of RATIOS) {
    const ratio = costs[to] && median(costs[of].map((cost, round) => cost / costs[to][round]));
    columns.push(shown(ratio, of === 'library' ? 14 : 11));
    if (of === 'ours' && to === 'bare') ratios.push(ratio);
  }
  console.log(`${side.padEnd(32)}${columns.join('')}`);
}

function shown(number, width) {
  return (number?.toFixed(2) ?? '–').padStart(width);
}
