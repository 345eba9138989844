// A bare socket whose bytes outlive the next read: the least that a receiver of blocks does. Each chunk is copied as it is.
import { receive as receiveBare } from './bare.mjs';

export { send } from './bare.mjs';

const CHUNKS_KEPT = 64;

export function receive(open, onBlock) {
  const chunks = [];
  let count = 0;
  const openKeeping = (onChunk) =>
    open((chunk) => {
      chunks[count++ % CHUNKS_KEPT] = new Uint8Array(chunk);
      onChunk(chunk);
    });
  return receiveBare(openKeeping, onBlock);
}
