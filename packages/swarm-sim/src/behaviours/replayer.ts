import type { Output, Peer, PeerConfig } from '@tstream/peer-core';
import { disguise } from './disguise.js';
import { createFreeRider } from './free-rider.js';
import { Notebook, type Noted } from './notebook.js';

/**
 * Offers, over and over, old headers whose signatures hold, and delivers none of the pieces. Who lacks one waits for it; to all others it
 * is a message to answer. Beside that it is a free-rider.
 */
export function createReplayer(config: PeerConfig, nowMs: number): Peer {
  const notebook = new Notebook();
  const peer = createFreeRider(config, nowMs);
  return disguise(peer, nowMs, {
    hears(input) {
      notebook.readInput(input);
      // All that is answered to the replayer's offers: its peer made none.
      return input.type !== 'message' || !ANSWERS.has(input.message.type);
    },
    does(output) {
      notebook.readOutput(output);
      return [output];
    },
    everyMs: REPLAY_EVERY_MS,
    adds() {
      const { pieces, neighbours } = notebook;
      if (pieces.length === 0) return [];
      return [...neighbours.keys()].map((connection) => {
        return replayed(connection, pieces[config.random(pieces.length)] as Noted);
      });
    },
  });
}

function replayed(connection: number, { bytes }: Noted): Output {
  return { type: 'send', connection, message: { type: 'offer', header: bytes } };
}

const ANSWERS: ReadonlySet<string> = new Set(['request', 'cancel', 'decline']);
/** More often than honest peers have something new to offer. */
const REPLAY_EVERY_MS = 100;
