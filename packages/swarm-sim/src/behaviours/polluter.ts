import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import { createPeer, type Output, type Peer, type PeerConfig } from '@tstream/peer-core';
import type { SimBlock } from '../stream.js';
import { disguise } from './disguise.js';

/** Offers pieces under the source's own headers, and sends the last block of each altered: when it is found out, the whole piece is lost. */
export function createPolluter(config: PeerConfig, nowMs: number): Peer {
  const payloads = new Payloads();
  return disguise(createPeer(config, nowMs), nowMs, {
    does(output) {
      if (output.type === 'store') payloads.note(output.header);
      return [output.type === 'sendBlock' && payloads.isLast(output) ? altered(output) : output];
    },
  });
}

function altered({ connection, index, begin, blockBytes }: SendBlock): Output {
  const block: SimBlock = { byteLength: blockBytes, digest: ALTERED_DIGEST };
  return { type: 'send', connection, message: { type: 'piece', index, begin, block } };
}

/** How long the pieces are that it keeps. */
class Payloads {
  readonly #bytes = new Map<string, number>();

  note({
    run,
    seq,
    payloadBytes,
  }: {
    readonly run: number;
    readonly seq: number;
    readonly payloadBytes: number;
  }): void {
    this.#bytes.set(`${run}/${seq}`, payloadBytes);
    const oldest = this.#bytes.keys().next();
    if (this.#bytes.size > PAYLOADS_MAX && !oldest.done) this.#bytes.delete(oldest.value);
  }

  /** Of a piece that was forgotten, every block counts as the last. */
  isLast({ run, seq, begin }: SendBlock): boolean {
    return begin + BLOCK_BYTES >= (this.#bytes.get(`${run}/${seq}`) ?? 0);
  }
}

type SendBlock = Extract<Output, { readonly type: 'sendBlock' }>;

/** The digest of no block that a source made. */
const ALTERED_DIGEST = new Uint8Array(32).fill(0xbd);
/** What a neighbour may still ask for: minutes of pieces. */
const PAYLOADS_MAX = 4096;
