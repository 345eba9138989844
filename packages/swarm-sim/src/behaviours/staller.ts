import { createPeer, type Input, type Output, type Peer, type PeerConfig } from '@tstream/peer-core';
import { disguise } from './disguise.js';

/**
 * Offers what it has as an honest peer does, and sends nothing to those who accept. They have told everybody that the piece is coming, so
 * they wait alone. Its own peer is told that all was sent and confirmed at once, and so offers as much as it may.
 */
export function createStaller(config: PeerConfig, nowMs: number): Peer {
  return disguise(createPeer(config, nowMs), nowMs, {
    does: (output) => (output.type === 'sendBlock' ? [] : [output]),
    answers: (output) => (output.type === 'sendBlock' ? confirmed(output) : []),
  });
}

function confirmed(output: Extract<Output, { readonly type: 'sendBlock' }>): Input[] {
  const { connection, run, seq, blockBytes } = output;
  const bitmap = Uint8Array.of(0x80);
  return [
    { type: 'sent', connection, blockBytes },
    { type: 'message', connection, message: { type: 'live-have', run, base: seq, bitmap } },
  ];
}
