/**
 * The virtual world: one queue of events, the lines, the pipes between them, and the peers that are called when something happened.
 * Time is integer microseconds here, integer milliseconds in the peers.
 */
import type { ConnectionId, Input } from '@tstream/peer-core';
import { type Block, encodedBytes, type Message, type PieceMessage } from '@tstream/wire-ext';
import { lineBytes, PACKET_HEAD_BYTES } from './access-line.js';
import { carryOut, type World } from './carry-out.js';
import { EventQueue } from './event-queue.js';
import type { Member, Pipe } from './member.js';
import type { Observer } from './observer.js';
import type { Random } from './random.js';
import type { Stream } from './stream.js';
import { Trace } from './trace.js';

type Event =
  /** The last byte of a message came to the receiver's line; `served`: and through it. */
  | {
      readonly kind: 'arrival';
      readonly pipe: Pipe;
      readonly message: Message<Block>;
      readonly messageBytes: number;
      readonly firstUs: number;
      readonly served: boolean;
    }
  | { readonly kind: 'started'; readonly pipe: Pipe; readonly message: PieceMessage<Block>; readonly served: boolean }
  | { readonly kind: 'sent'; readonly pipe: Pipe; readonly blockBytes: number }
  | { readonly kind: 'closed'; readonly pipe: Pipe }
  | { readonly kind: 'wake'; readonly member: Member; readonly atUs: number }
  | { readonly kind: 'act'; readonly act: () => void };

/** Sees a message as it is delivered. */
export type Tap = (atMs: number, from: Member, to: Member, message: Message<Block>) => void;

export class Network implements World {
  readonly stream: Stream;
  readonly trace = new Trace();
  readonly violations: string[] = [];
  tap: Tap | undefined;
  observer: Observer | undefined;
  readonly #queue = new EventQueue<Event>();
  readonly #chance: Random;
  /** Pipes that let nothing through, with what is stuck in them. */
  readonly #blocked = new Map<Pipe, Event[]>();
  #nowUs = 0;

  constructor(stream: Stream, chance: Random) {
    this.stream = stream;
    this.#chance = chance;
  }

  get nowMs(): number {
    return Math.floor(this.#nowUs / 1000);
  }

  /** Lets everything happen that is due until then, that very moment included. */
  runUntil(untilMs: number): void {
    const untilUs = untilMs * 1000;
    while (this.#queue.nextUs <= untilUs) {
      this.#nowUs = this.#queue.nextUs;
      this.#happen(this.#queue.pop() as Event);
    }
    this.#nowUs = Math.max(this.#nowUs, untilUs);
  }

  /** Has something done at a time that is not over; what is due at the same time is done in the order of these calls. */
  at(atMs: number, act: () => void): void {
    this.#queue.push(Math.max(atMs * 1000, this.#nowUs), { kind: 'act', act });
  }

  /** Tells a peer what happened, and does what it asks for. */
  tell(member: Member, input: Input): void {
    if (!member.alive) return;
    if (member.asleep) {
      member.inbox.push(input);
      return;
    }
    member.core.handle(input, this.nowMs + member.clockOriginMs);
    carryOut(this, member);
    this.#schedule(member);
  }

  /** Wakes a sleeping peer: first all that the network brought meanwhile, then its overdue timers. */
  wake(member: Member): void {
    member.asleep = false;
    for (const input of member.inbox.splice(0)) this.tell(member, input);
    this.tell(member, { type: 'time' });
  }

  send(pipe: Pipe, message: Message<Block>): void {
    if (pipe.blocked) pipe.backlog.push(message);
    else this.#transmit(pipe, message);
  }

  /** Closes a connection from the side that this pipe leads away from. The other side learns of it behind all that was sent. */
  close(pipe: Pipe): void {
    const { from, connection } = pipe;
    if (!from.pipes.delete(connection)) return;
    const endUs = from.uplink.take(this.#nowUs, PACKET_HEAD_BYTES);
    this.#queue.push(endUs + pipe.delayUs, { kind: 'closed', pipe });
    if (pipe.joined) this.tell(from, { type: 'left', connection });
  }

  block(pipe: Pipe): void {
    pipe.blocked = true;
    if (!this.#blocked.has(pipe)) this.#blocked.set(pipe, []);
  }

  /** Opens the pipes whose ends can reach each other again; what was on its way goes first, as TCP would have it. */
  unblock(): void {
    for (const [pipe, stuck] of this.#blocked) {
      if (pipe.cut || pipe.from.island !== pipe.to.island) continue;
      pipe.blocked = false;
      this.#blocked.delete(pipe);
      for (const event of stuck) this.#queue.push(this.#nowUs + pipe.delayUs, event);
      for (const message of pipe.backlog.splice(0)) this.#transmit(pipe, message);
    }
  }

  #happen(event: Event): void {
    switch (event.kind) {
      case 'arrival':
        return this.#arrive(event);
      case 'started':
        return this.#start(event);
      case 'sent':
        return this.#sent(event);
      case 'closed':
        return this.#closed(event);
      case 'wake':
        return this.#wakeUp(event.member, event.atUs);
      case 'act':
        return event.act();
    }
  }

  #transmit(pipe: Pipe, message: Message<Block>): void {
    const { from } = pipe;
    const messageBytes = encodedBytes(message);
    const bytes = lineBytes(messageBytes);
    const startUs = from.uplink.startUs(this.#nowUs);
    const endUs = from.uplink.take(this.#nowUs, bytes);
    const firstUs = startUs + pipe.delayUs;
    from.sentBytes += bytes;
    this.observer?.sent(from, pipe.to, message, messageBytes);
    if (message.type === 'piece') {
      const blockBytes = message.block.byteLength;
      from.sentVideoBytes += blockBytes;
      this.#queue.push(endUs, { kind: 'sent', pipe, blockBytes });
      if (this.#isLost(pipe, message)) return;
      this.#queue.push(firstUs, { kind: 'started', pipe, message, served: false });
    }
    this.#queue.push(endUs + pipe.delayUs, { kind: 'arrival', pipe, message, messageBytes, firstUs, served: false });
  }

  /** A piece is lost as a whole: its first block decides. */
  #isLost(pipe: Pipe, message: PieceMessage<Block>): boolean {
    const { lostPerMillion } = pipe.from.line;
    if (lostPerMillion === 0) return false;
    if (message.begin === 0 || message.index !== pipe.lossIndex) {
      pipe.lossIndex = message.index;
      pipe.losing = this.#chance.below(1_000_000) < lostPerMillion;
    }
    return pipe.losing;
  }

  #sent(event: Extract<Event, { kind: 'sent' }>): void {
    const { pipe, blockBytes } = event;
    const { from, connection } = pipe;
    if (from.pipes.has(connection)) this.tell(from, { type: 'sent', connection, blockBytes });
  }

  #start(event: Extract<Event, { kind: 'started' }>): void {
    const { pipe, message } = event;
    if (pipe.blocked) return this.#hold(pipe, event);
    const atUs = pipe.to.downlink.startUs(this.#nowUs);
    if (!event.served && atUs > this.#nowUs) {
      this.#queue.push(atUs, { kind: 'started', pipe, message, served: true });
    } else if (pipe.to.pipes.has(pipe.connection)) {
      const { index, begin } = message;
      this.tell(pipe.to, { type: 'pieceStarted', connection: pipe.connection, index, begin });
    }
  }

  #arrive(event: Extract<Event, { kind: 'arrival' }>): void {
    const { pipe, message, messageBytes, firstUs } = event;
    const { from, to, connection } = pipe;
    if (pipe.blocked) return this.#hold(pipe, event);
    if (!event.served) {
      const endUs = to.downlink.take(firstUs, lineBytes(messageBytes));
      if (endUs > this.#nowUs) {
        this.#queue.push(endUs, { kind: 'arrival', pipe, message, messageBytes, firstUs, served: true });
        return;
      }
    }
    if (!to.pipes.has(connection)) return;
    to.receivedBytes += lineBytes(messageBytes);
    if (message.type === 'piece') to.receivedVideoBytes += message.block.byteLength;
    this.trace.add(this.#nowUs, connection, to.number, messageBytes, message);
    this.tap?.(this.nowMs, from, to, message);
    this.observer?.arrived(from, to, message, messageBytes, this.#nowUs);
    this.tell(to, { type: 'message', connection, message });
  }

  #closed(event: Extract<Event, { kind: 'closed' }>): void {
    const { pipe } = event;
    const { to, connection } = pipe;
    if (pipe.blocked) return this.#hold(pipe, event);
    const back = to.pipes.get(connection);
    to.pipes.delete(connection);
    if (back?.joined) this.tell(to, { type: 'left', connection });
  }

  #hold(pipe: Pipe, event: Event): void {
    this.#blocked.get(pipe)?.push(event);
  }

  #schedule(member: Member): void {
    const dueMs = member.core.nextDeadlineMs - member.clockOriginMs;
    if (dueMs === Infinity || !member.alive) return;
    const atUs = Math.max(dueMs * 1000, this.#nowUs);
    if (member.wakeUs <= atUs) return;
    member.wakeUs = atUs;
    this.#queue.push(atUs, { kind: 'wake', member, atUs });
  }

  #wakeUp(member: Member, atUs: number): void {
    if (member.wakeUs !== atUs) return;
    member.wakeUs = Infinity;
    if (member.asleep) return;
    if (member.core.nextDeadlineMs - member.clockOriginMs > this.nowMs) return this.#schedule(member);
    this.#guardAgainstSpinning(member);
    this.tell(member, { type: 'time' });
  }

  #guardAgainstSpinning(member: Member): void {
    member.calls = member.calledUs === this.#nowUs ? member.calls + 1 : 1;
    member.calledUs = this.#nowUs;
    if (member.calls > CALLS_MAX) {
      throw new Error(
        `peer ${member.number} asks at ${this.nowMs} ms to be called at once, for the ${CALLS_MAX}th time`,
      );
    }
  }
}

/** The direction of a connection that leads away from a peer. */
export function createPipe(connection: ConnectionId, from: Member, to: Member, delayUs: number): Pipe {
  return {
    connection,
    from,
    to,
    delayUs,
    joined: false,
    blocked: false,
    cut: false,
    backlog: [],
    lossIndex: -1,
    losing: false,
  };
}

/** A peer that is called that often without time passing will not stop. */
const CALLS_MAX = 1000;
