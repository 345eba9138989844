/** One on-demand peer on a stage: what it is told, and in words what it then asks for. */
import type { Block, Message } from '@tstream/wire-ext';
import { createVodPeer, type VodConfig, type VodInput, type VodOutput, type VodPeer } from '../../src/index.js';
import { peerId } from '../loop.js';
import { BLOCK, vodConfig } from './swarm.js';

export class VodStage {
  readonly peer: VodPeer;
  nowMs = 0;

  constructor(pieces: number, over: Partial<VodConfig> = {}) {
    this.peer = createVodPeer(vodConfig(pieces, over), 0);
  }

  /** @returns All that follows. */
  tell(input: VodInput): string[] {
    this.peer.handle(input, this.nowMs);
    return this.peer.poll().map(inWords);
  }

  join(connection: number, fast = true): string[] {
    return this.tell({ type: 'joined', connection, peerId: peerId(`neighbour ${connection}`), fast });
  }

  hear(connection: number, message: Message<Block>): string[] {
    return this.tell({ type: 'message', connection, message });
  }

  /** A block of 16 KiB. */
  block(connection: number, index: number, block: number): string[] {
    const message = { type: 'piece', index, begin: block * BLOCK, block: { byteLength: BLOCK } } as const;
    return this.hear(connection, message);
  }

  /** Time goes by. */
  pass(ms: number): string[] {
    const endMs = this.nowMs + ms;
    const words: string[] = [];
    while (this.peer.nextDeadlineMs <= endMs) {
      this.nowMs = Math.max(this.nowMs, this.peer.nextDeadlineMs);
      words.push(...this.tell({ type: 'time' }));
    }
    this.nowMs = endMs;
    return words;
  }
}

function inWords(output: VodOutput): string {
  switch (output.type) {
    case 'send':
      return `to ${output.connection}: ${messageInWords(output.message)}`;
    case 'sendBlock':
      return `to ${output.connection}: block ${output.index}+${output.begin}, ${output.blockBytes} bytes`;
    case 'fetch':
      return `fetch ${output.index}, ${output.pieces} pieces, from ${output.connection}`;
    case 'cancelFetch':
      return `cancel what is fetched from ${output.connection}`;
    case 'store':
      return `store ${output.index}+${output.begin}`;
    case 'verify':
    case 'abandon':
      return `${output.type} ${output.index}`;
    case 'close':
      return `close ${output.connection}: ${output.reason}${output.ban ? ', banned' : ''}`;
    case 'event':
      return output.event.type === 'held' ? `held ${output.event.index}` : output.event.type;
  }
}

function messageInWords(message: Message<Block>): string {
  switch (message.type) {
    case 'bitfield':
      return `bitfield ${[...message.bits].map((byte) => byte.toString(2).padStart(8, '0')).join(' ')}`;
    case 'have':
      return `have ${message.index}`;
    case 'request':
    case 'cancel':
    case 'reject':
      return `${message.type} ${message.index}+${message.begin}, ${message.length} bytes`;
    case 'witness': {
      const reports = message.reports.map(
        ({ name, bitmap }) => `${message.base}/${[...bitmap].join(' ')} from ${name}`,
      );
      return ['witness', ...message.names, ...reports].join(', ');
    }
    default:
      return message.type;
  }
}
