import { createPeer, type Output, type Peer, type PeerConfig } from '@tstream/peer-core';
import { disguise } from './disguise.js';
import { listening, Notebook } from './notebook.js';

/**
 * Says that it holds the newest pieces, and those that are about to be made. So a source may take a piece for seen before anybody has it,
 * and who misses one asks a holder that holds nothing.
 */
export function createHaveLiar(config: PeerConfig, nowMs: number): Peer {
  const notebook = new Notebook();
  return disguise(createPeer(config, nowMs), nowMs, {
    ...listening(notebook),
    everyMs: LIE_EVERY_MS,
    adds: () => [...notebook.neighbours.keys()].flatMap((connection) => claim(notebook, connection)),
  });
}

function claim({ newest }: Notebook, connection: number): Output[] {
  if (!newest) return [];
  const { run, seq } = newest.header;
  const base = Math.max(0, seq - BEHIND_PIECES);
  const bitmap = new Uint8Array(CLAIMED_PIECES / 8).fill(0xff);
  return [{ type: 'send', connection, message: { type: 'live-have', run, base, bitmap } }];
}

/** As often as an honest peer tells its HAVEs. */
const LIE_EVERY_MS = 400;
/** Some behind the edge, which count when those ahead of it are not believed; the others ahead, so that no piece is made unclaimed. */
const BEHIND_PIECES = 16;
const CLAIMED_PIECES = 80;
