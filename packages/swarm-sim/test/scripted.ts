import type { Input, Output } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import type { Actor } from '../src/index.js';

/** An actor that does what a test tells it, and remembers what it was told and when. */
export class Scripted implements Actor {
  readonly told: { readonly nowMs: number; readonly input: Input }[] = [];
  nextDeadlineMs = Infinity;
  /** What to do next time it is called. */
  outputs: Output[] = [];
  onInput: (input: Input, nowMs: number) => void = () => {};

  handle(input: Input, nowMs: number): void {
    this.told.push({ nowMs, input });
    this.onInput(input, nowMs);
  }

  poll(): readonly Output[] {
    return this.outputs.splice(0);
  }

  /** Sends as soon as it is called, as it is when it joined. */
  onJoined(...messages: Message<Block>[]): void {
    this.onInput = (input) => {
      if (input.type !== 'joined') return;
      for (const message of messages) this.outputs.push({ type: 'send', connection: input.connection, message });
    };
  }

  /** What it was told, in short, with the time: `120 message piece 3+16384`. */
  get log(): string[] {
    return this.told.map(({ nowMs, input }) => `${nowMs} ${input.type}${detail(input)}`);
  }
}

function detail(input: Input): string {
  if (input.type === 'pieceStarted') return ` ${input.index}+${input.begin}`;
  if (input.type === 'sent') return ` ${input.blockBytes}`;
  if (input.type !== 'message') return '';
  const { message } = input;
  if (message.type === 'piece') return ` piece ${message.index}+${message.begin}`;
  return ` ${message.type}${'seq' in message ? ` ${message.seq}` : ''}`;
}

/** A block of stand-in video. */
export function blockOf(byteLength: number): Block {
  return { byteLength };
}
