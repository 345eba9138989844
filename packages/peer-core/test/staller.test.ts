/** A neighbour that promises pieces and doesn't send them. */
import { encodeCertificate, encodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import type { Message } from '@tstream/wire-ext';
import { expect, test } from 'vitest';
import { createPeer, type Output } from '../src/index.js';
import { config, EPOCH_MS, INFO_DIGEST, STREAM_SECRET } from './loop.js';

const RUN_SECRET = new Uint8Array(32).fill(2);
const PIECE_MS = 150;
const BLOCK = new Uint8Array(100);

function header(seq: number): Uint8Array {
  const fields: PieceHeader = {
    entry: true,
    discontinuity: false,
    heartbeat: false,
    end: false,
    run: 5,
    seq,
    sourceTimeMs: EPOCH_MS + seq * PIECE_MS,
    payloadBytes: BLOCK.length,
    entryOffset: 0,
    entryDistance: 0,
    digests: [nodeSuite.sha256(BLOCK)],
  };
  return encodeHeader(fields, INFO_DIGEST, RUN_SECRET, nodeSuite);
}

/** A viewer that wants pieces, and the answers to what its one neighbour says. */
function viewer() {
  const peer = createPeer(config('viewer', { lagMs: 60_000 }), 1);
  let nowMs = 1;
  const handle = (input: Parameters<typeof peer.handle>[0]): Output[] => {
    peer.handle(input, nowMs);
    const outputs = [...peer.poll()];
    for (const output of outputs) {
      if (output.type === 'verify') outputs.push(...handle({ type: 'verified', job: output.job, ok: true }));
    }
    return outputs;
  };
  const hear = (message: Message) => handle({ type: 'message', connection: 1, message });
  const wait = (ms: number): Output[] => {
    const outputs: Output[] = [];
    const endMs = nowMs + ms;
    for (; nowMs < endMs; nowMs = Math.min(endMs, Math.max(nowMs + 1, peer.nextDeadlineMs))) {
      outputs.push(...handle({ type: 'time' }));
    }
    return outputs;
  };
  const runPublicKey = nodeSuite.publicKey(RUN_SECRET);
  const certified = { run: 5, lowestValidRun: 1, expiryMs: EPOCH_MS * 2, runPublicKey };
  handle({ type: 'wallClock', offsetMs: EPOCH_MS });
  handle({ type: 'joined', connection: 1, peerId: new Uint8Array(20) });
  hear({ type: 'cert', certificate: encodeCertificate(certified, INFO_DIGEST, STREAM_SECRET, nodeSuite) });
  hear({ type: 'edge', header: header(0) });
  expect(wait(200)).toContainEqual(expect.objectContaining({ message: { type: 'start', run: 5, seq: 0 } }));
  return { hear, wait };
}

const isRequest = (output: Output) => output.type === 'send' && output.message.type === 'request';
const isClose = (output: Output) => output.type === 'close';

test('is tried less and less, and sent away for good after eight pieces that did not come', () => {
  const { hear, wait } = viewer();
  const accepted: number[] = [];
  let closed: Output | undefined;
  let seq = 1;
  for (; seq < 400 && !closed; seq++) {
    if (hear({ type: 'offer', header: header(seq) }).some(isRequest)) accepted.push(seq);
    // One offer after the other, so that no more than one piece is ever late.
    closed = wait(PIECE_MS).find(isClose);
    if (accepted.at(-1) === seq) closed ??= wait(3000).find(isClose);
  }
  expect(accepted).toHaveLength(8);
  expect(accepted.slice(0, 3)).toEqual([1, 2, 3]);
  // Then one in two seconds.
  expect(accepted.slice(3).every((one, i) => one - (accepted[i + 2] as number) > 5)).toBe(true);
  expect(closed).toEqual({ type: 'close', connection: 1, reason: 'no-delivery', ban: true });
});

test('is trusted again once it delivers', () => {
  const { hear, wait } = viewer();
  for (const seq of [1, 2, 3]) {
    expect(hear({ type: 'offer', header: header(seq) }).some(isRequest)).toBe(true);
    wait(3000);
  }
  expect(hear({ type: 'offer', header: header(4) }).some(isRequest)).toBe(false);
  wait(2000);
  for (let seq = 5; seq < 30; seq++) {
    expect(hear({ type: 'offer', header: header(seq) }).some(isRequest)).toBe(true);
    hear({ type: 'piece', index: seq, begin: 0, block: BLOCK });
    wait(PIECE_MS);
  }
});

test('is sent away when it takes back, in time, each of 65 offers in a row', () => {
  const { hear } = viewer();
  const takeBack = (seq: number) => [
    ...hear({ type: 'offer', header: header(seq) }),
    ...hear({ type: 'withdraw', run: 5, seq }),
  ];
  for (let i = 0; i < 64; i++) expect(takeBack(1).some(isRequest)).toBe(true);
  hear({ type: 'offer', header: header(2) });
  hear({ type: 'piece', index: 2, begin: 0, block: BLOCK });
  for (let i = 0; i < 64; i++) expect(takeBack(1).some(isClose)).toBe(false);
  expect(takeBack(1)).toContainEqual({ type: 'close', connection: 1, reason: 'no-delivery', ban: true });
});
