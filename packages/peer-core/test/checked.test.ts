/** Which headers are worth the price of a signature check. */
import { encodeCertificate, encodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import type { Message } from '@tstream/wire-ext';
import { expect, test } from 'vitest';
import { createPeer, type Output } from '../src/index.js';
import { config, EPOCH_MS, INFO_DIGEST, STREAM_SECRET } from './loop.js';

const RUN_SECRET = new Uint8Array(32).fill(2);
const CERTIFICATE = encodeCertificate(
  { run: 5, lowestValidRun: 1, expiryMs: EPOCH_MS * 2, runPublicKey: nodeSuite.publicKey(RUN_SECRET) },
  INFO_DIGEST,
  STREAM_SECRET,
  nodeSuite,
);
const none = { entry: false, discontinuity: false, heartbeat: false, end: false, run: 5, payloadBytes: 0, digests: [] };

function header(fields: Partial<PieceHeader> & { seq: number; sourceTimeMs: number }): Uint8Array {
  return encodeHeader({ ...none, ...fields }, INFO_DIGEST, RUN_SECRET, nodeSuite);
}

const beat = (seq: number, sourceTimeMs: number) => header({ heartbeat: true, seq, sourceTimeMs });
const piece = (seq: number, sourceTimeMs: number) =>
  header({ seq, sourceTimeMs, payloadBytes: 100, digests: [new Uint8Array(32)] });

/** A viewer that keeps 50 of 100 pieces, and what it has checked of what its one neighbour says. */
function viewer() {
  const peer = createPeer(config('viewer', { keepPieces: 50 }), 0);
  peer.handle({ type: 'joined', connection: 1, peerId: new Uint8Array(20) }, 0);
  const hear = (message: Message): { checks: number; outputs: Output[] } => {
    peer.handle({ type: 'message', connection: 1, message }, 10);
    const outputs = peer.poll();
    const checks = outputs.filter((output) => output.type === 'verify');
    for (const { job } of checks) peer.handle({ type: 'verified', job, ok: true }, 10);
    return { checks: checks.length, outputs: [...outputs, ...peer.poll()] };
  };
  expect(hear({ type: 'cert', certificate: CERTIFICATE }).checks).toBe(1);
  return hear;
}

test('an edge is checked if it would move the edge, and only then', () => {
  const hear = viewer();
  const edge = (bytes: Uint8Array) => hear({ type: 'edge', header: bytes }).checks;
  expect(edge(beat(10, EPOCH_MS + 1000))).toBe(1);
  expect(edge(beat(10, EPOCH_MS + 1000))).toBe(0);
  expect(edge(beat(10, EPOCH_MS))).toBe(0);
  expect(edge(piece(8, EPOCH_MS))).toBe(0);
  expect(edge(beat(10, EPOCH_MS + 2000))).toBe(1);
  expect(edge(piece(10, EPOCH_MS + 2100))).toBe(1);
  expect(edge(header({ end: true, seq: 11, sourceTimeMs: EPOCH_MS + 2100 }))).toBe(1);
});

test('an offer of what cannot be kept any more is declined unchecked', () => {
  const hear = viewer();
  hear({ type: 'edge', header: beat(101, EPOCH_MS + 1000) });
  const late = hear({ type: 'offer', header: piece(50, EPOCH_MS) });
  expect(late.checks).toBe(0);
  expect(late.outputs).toEqual([
    { type: 'send', connection: 1, message: { type: 'decline', run: 5, seq: 50, why: 'busy' } },
  ]);
  expect(hear({ type: 'offer', header: piece(51, EPOCH_MS) }).checks).toBe(1);
});
