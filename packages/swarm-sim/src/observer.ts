import type { Output } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import type { Member } from './member.js';

/** Sees all that happens in a swarm while it happens, for figures over more than can be kept. It changes nothing. */
export interface Observer {
  /** A message begins its way. @param messageBytes - As encoded. @param headBytes - Heads of packets that it costs beside. */
  sent(message: Message<Block>, messageBytes: number, headBytes: number): void;
  /** A message is delivered, before the receiver is told. @param atUs - Virtual time, microseconds. */
  arrived(from: Member, to: Member, message: Message<Block>, messageBytes: number, atUs: number): void;
  /** A peer asks for something, before it is done. @param atMs - Virtual time, milliseconds. */
  asked(member: Member, output: Output, atMs: number): void;
}
