import { encodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { createPeer, type Output, type Peer, type PeerConfig } from '@tstream/peer-core';
import { NO_PIECE } from '../broadcast.js';
import { standInSuite } from '../stand-in-suite.js';
import { disguise } from './disguise.js';
import { listening, Notebook } from './notebook.js';

/**
 * Tells of an edge that no source made: pieces to come, a time to come, a heartbeat or the end of the broadcast. It has no key, so what
 * stands in place of the signature holds for nothing.
 */
export function createEdgeLiar(config: PeerConfig, nowMs: number): Peer {
  const notebook = new Notebook();
  return disguise(createPeer(config, nowMs), nowMs, {
    ...listening(notebook),
    everyMs: LIE_EVERY_MS,
    adds() {
      const { newest, neighbours } = notebook;
      if (!newest) return [];
      return [...neighbours.keys()].map((connection) => lie(connection, newest.header, config.random(LIES)));
    },
  });
}

/** One of {@link LIES} lies. */
function lie(connection: number, { run, seq, sourceTimeMs }: PieceHeader, which: number): Output {
  const beat: PieceHeader = { ...NO_PIECE, run, seq: seq + AHEAD_PIECES, sourceTimeMs: sourceTimeMs + AHEAD_MS };
  const piece: PieceHeader = { ...beat, payloadBytes: 1, digests: [new Uint8Array(32)] };
  switch (which) {
    case 0:
      return say(connection, 'edge', { ...beat, heartbeat: true });
    case 1:
      return say(connection, 'edge', { ...beat, end: true });
    case 2:
      return say(connection, 'edge', piece);
    default:
      return say(connection, 'offer', piece);
  }
}

function say(connection: number, type: 'edge' | 'offer', forged: PieceHeader): Output {
  return { type: 'send', connection, message: { type, header: encodeHeader(forged, NO_KEY, NO_KEY, FORGER) } };
}

const LIES = 4;
/** Within what honest clocks are allowed to be off: by the numbers alone, the header could be true. */
const AHEAD_MS = 20_000;
const AHEAD_PIECES = 100;
const LIE_EVERY_MS = 1000;
const NO_KEY = new Uint8Array(32);
const FORGER = { ...standInSuite, sign: () => new Uint8Array(64).fill(0xfe) };
