import type { Output } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import { FAST_LINE, type LineConfig, type Member, type Swarm } from '../src/index.js';
import { blockOf, Scripted } from './scripted.js';

/** 100 kB/s: a block of 15 948 bytes costs, with its 13-byte head and 12 packet heads, 165.85 ms. */
export const SLOW_LINE: LineConfig = { ...FAST_LINE, uploadBytesPerSecond: 100_000 };
const BLOCK = blockOf(15_948);

export function piece(index: number, begin = 0) {
  return { type: 'piece', index, begin, block: BLOCK } as const;
}

export function want(seq: number) {
  return { type: 'want', run: 1, seq } as const;
}

function trio(swarm: Swarm, line: LineConfig): { actors: Scripted[]; members: Member[] } {
  const actors = [new Scripted(), new Scripted(), new Scripted()];
  return { actors, members: actors.map((actor) => swarm.addActor(actor, line)) };
}

export function pick(swarm: Swarm, line = FAST_LINE) {
  const { actors, members } = trio(swarm, line);
  const [a, b, c] = actors as [Scripted, Scripted, Scripted];
  const [one, two, three] = members as [Member, Member, Member];
  return { a, b, c, one, two, three };
}

/** Has an actor ask for this as soon as it has joined so many connections. */
export function whenJoined(actor: Scripted, connections: number, ...outputs: Output[]): void {
  let joined = 0;
  actor.onInput = (input) => {
    if (input.type !== 'joined') return;
    joined += 1;
    if (joined === connections) actor.outputs.push(...outputs);
  };
}

export function sendOn(connection: number, message: Message<Block>): Output {
  return { type: 'send', connection, message };
}
