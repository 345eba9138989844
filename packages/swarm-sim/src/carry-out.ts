import type { Input, Output } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import type { Member } from './member.js';
import type { Observer } from './observer.js';
import type { Pipe } from './pipe.js';
import type { Stream } from './stream.js';

/** What the driver of a simulated peer needs of the world around it. */
export interface World {
  readonly nowMs: number;
  readonly stream: Stream;
  /** What a peer asked for and can't be: every entry is a bug of the peer's. */
  readonly violations: string[];
  readonly observer: Observer | undefined;
  send(pipe: Pipe, message: Message<Block>): void;
  close(pipe: Pipe): void;
}

type OutputOf<Type extends Output['type']> = Extract<Output, { readonly type: Type }>;

/** Does what a peer asks for until it asks for nothing more. */
export function carryOut(world: World, member: Member): void {
  for (let outputs = member.core.poll(); outputs.length > 0; outputs = member.core.poll()) {
    for (const output of outputs) {
      world.observer?.asked(member, output, world.nowMs);
      carryOutOne(world, member, output);
    }
  }
}

function carryOutOne(world: World, member: Member, output: Output): void {
  switch (output.type) {
    case 'send':
      return send(world, member, output);
    case 'sendBlock':
      return sendBlock(world, member, output);
    case 'verify': {
      member.checks += 1;
      const ok = world.stream.holds(output.check, member.id);
      return answer(world, member, { type: 'verified', job: output.job, ok });
    }
    case 'store':
      return member.store.put(output.header, output.begin, output.block);
    case 'discard':
      return member.store.discard(output.run, output.belowSeq);
    case 'abandon':
      return member.store.abandon(output.run, output.seq);
    case 'deliver':
      return deliver(world, member, output);
    case 'prove':
      return prove(world, member, output);
    case 'close':
      return close(world, member, output);
    case 'event':
      member.events.push({ atMs: world.nowMs, event: output.event });
  }
}

function send(world: World, member: Member, output: OutputOf<'send'>): void {
  const pipe = member.pipes.get(output.connection);
  if (pipe) world.send(pipe, output.message);
}

function sendBlock(world: World, member: Member, output: OutputOf<'sendBlock'>): void {
  const { connection, run, seq, index, begin, blockBytes } = output;
  const pipe = member.pipes.get(connection);
  if (!pipe) return;
  const block = member.store.block(run, seq, begin);
  if (block?.byteLength === blockBytes) return world.send(pipe, { type: 'piece', index, begin, block });
  accuse(world, member, `sends block ${run}/${seq}+${begin} of ${blockBytes} bytes, which it does not keep`);
  answer(world, member, { type: 'sent', connection, blockBytes });
}

function deliver(world: World, member: Member, output: OutputOf<'deliver'>): void {
  const { fromByte, discontinuity } = output;
  const { run, seq, payloadBytes } = output.header;
  if (!member.store.isWhole(run, seq)) accuse(world, member, `reads piece ${run}/${seq}, which it does not keep whole`);
  const latencyMs = world.nowMs - world.stream.madeMs(run, seq);
  member.reads.push({ atMs: world.nowMs, run, seq, fromByte, payloadBytes, discontinuity, latencyMs });
}

function prove(world: World, member: Member, output: OutputOf<'prove'>): void {
  const pipe = member.pipes.get(output.connection);
  if (!pipe) return;
  const proof = world.stream.sourceProof(output.run, member.id, pipe.to.id);
  world.send(pipe, { type: 'source', run: output.run, proof });
}

function close(world: World, member: Member, output: OutputOf<'close'>): void {
  const pipe = member.pipes.get(output.connection);
  if (!pipe) return;
  const { reason, ban } = output;
  if (ban) member.banned.add(pipe.to.number);
  member.closings.push({ atMs: world.nowMs, remote: pipe.to.number, reason, ban });
  world.close(pipe);
}

function answer(world: World, member: Member, input: Input): void {
  member.core.handle(input, world.nowMs + member.clockOriginMs);
}

function accuse(world: World, member: Member, what: string): void {
  world.violations.push(`peer ${member.number} at ${world.nowMs} ms: ${what}`);
}
