/** The sending half of the virtual network: messages wait for their line, leave it, and are on their way. */
import { type Block, encodedBytes, type Message, type PieceMessage } from '@tstream/wire-ext';
import { PACKET_HEAD_BYTES, PACKET_PAYLOAD_BYTES, packetHeadBytes } from './access-line.js';
import type { EventQueue } from './event-queue.js';
import type { Event } from './events.js';
import type { Uplink } from './member.js';
import type { Observer } from './observer.js';
import type { Departure, Pipe } from './pipe.js';
import type { Random } from './random.js';

export class Departures {
  readonly #queue: EventQueue<Event>;
  readonly #chance: Random;

  constructor(queue: EventQueue<Event>, chance: Random) {
    this.#queue = queue;
    this.#chance = chance;
  }

  send(pipe: Pipe, message: Message<Block>, nowUs: number, observer: Observer | undefined): void {
    const { from } = pipe;
    const messageBytes = encodedBytes(message);
    if (pipe.waiting === 0 && pipe.leftUs <= nowUs) pipe.packedBytes = 0;
    const headBytes = packetHeadBytes(messageBytes, pipe.packedBytes);
    pipe.packedBytes += messageBytes;
    from.sentBytes += messageBytes + headBytes;
    if (message.type === 'piece') from.sentVideoBytes += message.block.byteLength;
    observer?.sent(message, messageBytes, headBytes);
    this.#depart(pipe, message, messageBytes, messageBytes + headBytes, nowUs);
  }

  /** Ends what a connection sends, behind all that was sent. */
  close(pipe: Pipe, nowUs: number): void {
    this.#depart(pipe, undefined, 0, PACKET_HEAD_BYTES, nowUs);
  }

  /** Lets go what has left a shared line by now. */
  letGo(line: Uplink, nowUs: number): void {
    if (line.wakeUs !== nowUs) return;
    line.wakeUs = Infinity;
    for (let left = line.leave(nowUs); left; left = line.leave(nowUs)) {
      left.item.pipe.waiting -= 1;
      this.#left(left.item, nowUs);
      if (left.next) this.#begin(left.next, nowUs);
    }
    this.#watch(line);
  }

  #depart(
    pipe: Pipe,
    message: Message<Block> | undefined,
    messageBytes: number,
    lineBytes: number,
    nowUs: number,
  ): void {
    const { uplink } = pipe.from;
    const departure: Departure = {
      kind: 'arrival',
      pipe,
      message,
      piece: message?.type === 'piece' ? message : undefined,
      messageBytes,
      lineBytes,
      startUs: nowUs,
      lost: false,
      served: false,
    };
    const isShort = lineBytes <= PACKET_PAYLOAD_BYTES + PACKET_HEAD_BYTES;
    if (uplink.isUnlimited || (isShort && pipe.flow.waiting.length === 0)) {
      const endUs = uplink.sendFirst(nowUs, lineBytes);
      this.#begin(departure, endUs - Math.ceil(uplink.durationUs(lineBytes)));
      return this.#left(departure, endUs);
    }
    pipe.waiting += 1;
    if (uplink.enqueue(nowUs, pipe.flow, departure, lineBytes)) this.#begin(departure, nowUs);
    this.#watch(uplink);
  }

  #watch(line: Uplink): void {
    const atUs = line.nextUs;
    if (atUs >= line.wakeUs) return;
    line.wakeUs = atUs;
    this.#queue.push(atUs, line);
  }

  /** The first byte leaves. */
  #begin(departure: Departure, atUs: number): void {
    const { pipe, piece } = departure;
    departure.startUs = atUs;
    if (!piece) return;
    departure.lost = this.#isLost(pipe, piece);
    if (departure.lost) return;
    this.#queue.push(atUs + pipe.delayUs, { kind: 'started', pipe, message: piece, served: false });
  }

  /** The last byte leaves. */
  #left(departure: Departure, atUs: number): void {
    const { pipe, piece, lost } = departure;
    pipe.leftUs = atUs;
    if (piece) this.#queue.push(atUs, { kind: 'sent', pipe, blockBytes: piece.block.byteLength });
    if (!lost) this.#queue.push(atUs + pipe.delayUs, departure);
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
}
