import { randomBytes } from 'node:crypto';
import { Decoder, encodeHandshake, type PeerAddress } from '@tstream/wire-ext';
import { dial } from './dial.js';
import { newPeerId } from './peer-id.js';

/** Whether a peer of this swarm answers there: what a tracker wants to know before it sends others. */
export function probe(endpoint: PeerAddress, infohash: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const decoder = new Decoder();
    const finish = (isPeer: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(isPeer);
    };
    const timer = setTimeout(() => finish(false), ANSWER_MS_MAX);
    const stop = dial(endpoint, {
      onConnected: (socket) => {
        socket.on('close', () => finish(false));
        socket.write(
          encodeHandshake({ infohash, peerId: newPeerId(randomBytes(12)), extended: true, dht: false, fast: false }),
        );
      },
      onBytes: (chunk) => {
        decoder.push(chunk);
        const event = decoder.next();
        if (event === undefined) return;
        finish(event.ok && event.value.type === 'handshake' && Buffer.compare(event.value.infohash, infohash) === 0);
      },
      onFailed: () => finish(false),
    });
  });
}

const ANSWER_MS_MAX = 5000;
