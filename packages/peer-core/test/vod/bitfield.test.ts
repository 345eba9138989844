/** What a neighbour says that it holds. */
import type { Message } from '@tstream/wire-ext';
import { expect, test } from 'vitest';
import { createVodPeer } from '../../src/index.js';
import { peerId } from '../loop.js';
import { vodConfig } from './swarm.js';

test.each<[Message, number]>([
  [{ type: 'bitfield', bits: Uint8Array.of(0x0f, 0) }, 9],
  [{ type: 'have-all' }, 16],
  [{ type: 'have-none' }, 5],
])('%o may come later in place of many HAVEs, and takes nothing away', (later, heldPieces) => {
  const peer = createVodPeer(vodConfig(16), 0);
  peer.handle({ type: 'joined', connection: 1, peerId: peerId('neighbour'), fast: true }, 0);
  const hear = (message: Message): number | undefined => {
    peer.handle({ type: 'message', connection: 1, message }, 1);
    return peer.figures(1).neighbours[0]?.heldPieces;
  };
  expect(hear({ type: 'bitfield', bits: Uint8Array.of(0xf0, 0) })).toBe(4);
  expect(hear({ type: 'have', index: 15 })).toBe(5);
  expect(hear(later)).toBe(heldPieces);
});
