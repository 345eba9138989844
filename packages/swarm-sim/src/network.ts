/**
 * The virtual world: one queue of events, the lines, the pipes between them, and the peers that are called when something happened.
 * Time is integer microseconds here, integer milliseconds in the peers.
 */
import type { Input } from '@tstream/peer-core';
import type { Block, Message } from '@tstream/wire-ext';
import { carryOut, type World } from './carry-out.js';
import { Departures } from './departures.js';
import { EventQueue } from './event-queue.js';
import type { Event, EventOf } from './events.js';
import type { Member } from './member.js';
import type { Observer } from './observer.js';
import type { Departure, Pipe } from './pipe.js';
import type { Random } from './random.js';
import type { Stream } from './stream.js';
import { Trace } from './trace.js';

/** Sees a message as it is delivered. */
export type Tap = (atMs: number, from: Member, to: Member, message: Message<Block>) => void;

export class Network implements World {
  readonly stream: Stream;
  readonly trace = new Trace();
  readonly violations: string[] = [];
  tap: Tap | undefined;
  observer: Observer | undefined;
  readonly #queue = new EventQueue<Event>();
  readonly #departures: Departures;
  /** Pipes that let nothing through, with what is stuck in them. */
  readonly #blocked = new Map<Pipe, Event[]>();
  #nowUs = 0;
  #nowMs = 0;

  constructor(stream: Stream, chance: Random) {
    this.stream = stream;
    this.#departures = new Departures(this.#queue, chance);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Lets everything happen that is due until then, that very moment included. */
  runUntil(untilMs: number): void {
    const untilUs = untilMs * 1000;
    while (this.#queue.nextUs <= untilUs) {
      this.#turnTo(this.#queue.nextUs);
      this.#happen(this.#queue.pop() as Event);
    }
    this.#turnTo(Math.max(this.#nowUs, untilUs));
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
    member.core.handle(input, this.#nowMs + member.clockOriginMs);
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
    else this.#depart(pipe, message);
  }

  /** Closes a connection from the side that this pipe leads away from. The other side learns of it behind all that was sent. */
  close(pipe: Pipe): void {
    const { from, connection } = pipe;
    if (!pipe.open) return;
    pipe.shut();
    from.pipes.delete(connection);
    this.#departures.close(pipe, this.#nowUs);
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
      for (const message of pipe.backlog.splice(0)) this.#depart(pipe, message);
    }
  }

  #depart(pipe: Pipe, message: Message<Block>): void {
    this.#departures.send(pipe, message, this.#nowUs, this.observer);
  }

  #happen(event: Event): void {
    switch (event.kind) {
      case 'arrival':
        return this.#arrive(event);
      case 'started':
        return this.#start(event);
      case 'line':
        return this.#departures.letGo(event, this.#nowUs);
      case 'sent':
        return this.#sent(event);
      case 'peer':
        return this.#wakeUp(event);
      case 'act':
        return event.act();
    }
  }

  #sent({ pipe, blockBytes }: EventOf<'sent'>): void {
    const { from, connection } = pipe;
    if (pipe.open) this.tell(from, { type: 'sent', connection, blockBytes });
  }

  #start(event: EventOf<'started'>): void {
    const { pipe, message } = event;
    if (pipe.blocked) return this.#hold(pipe, event);
    const atUs = pipe.to.downlink.startUs(this.#nowUs);
    if (!event.served && atUs > this.#nowUs) {
      this.#queue.push(atUs, { kind: 'started', pipe, message, served: true });
    } else if (pipe.heard) {
      const { index, begin } = message;
      this.tell(pipe.to, { type: 'pieceStarted', connection: pipe.connection, index, begin });
    }
  }

  #arrive(departure: Departure): void {
    const { pipe, message, piece, messageBytes, lineBytes } = departure;
    if (pipe.blocked) return this.#hold(pipe, departure);
    if (!message) return this.#closed(pipe);
    const { from, to, connection } = pipe;
    if (!departure.served) {
      const endUs = to.downlink.take(departure.startUs + pipe.delayUs, lineBytes);
      departure.served = true;
      if (endUs > this.#nowUs) return this.#queue.push(endUs, departure);
    }
    if (!pipe.heard) return;
    to.receivedBytes += lineBytes;
    if (piece) to.receivedVideoBytes += piece.block.byteLength;
    this.trace.add(this.#nowUs, connection, to.number, messageBytes, message);
    this.tap?.(this.#nowMs, from, to, message);
    this.observer?.arrived(from, to, message, messageBytes, this.#nowUs);
    this.tell(to, { type: 'message', connection, message });
  }

  /** All that the other end has sent is in, and there will be no more. */
  #closed({ back, to, connection }: Pipe): void {
    if (!back.open) return;
    back.shut();
    to.pipes.delete(connection);
    if (back.joined) this.tell(to, { type: 'left', connection });
  }

  #turnTo(atUs: number): void {
    this.#nowUs = atUs;
    this.#nowMs = Math.floor(atUs / 1000);
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
    this.#queue.push(atUs, member);
  }

  #wakeUp(member: Member): void {
    if (member.wakeUs !== this.#nowUs) return;
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

/** A peer that is called that often without time passing will not stop. */
const CALLS_MAX = 1000;
