/** The cores only count blocks; here they are bytes, as they came from a decoder. */
import type { Block, Message } from '@tstream/wire-ext';

export function blockBytes(block: Block): Uint8Array {
  if (!(block instanceof Uint8Array)) throw new TypeError(`expected a block as a Uint8Array, got ${typeof block}`);
  return block;
}

export function wireMessage(message: Message<Block>): Message {
  return message.type === 'piece' ? { ...message, block: blockBytes(message.block) } : message;
}
