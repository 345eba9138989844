import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import {
  createVodPeer,
  forecast,
  gapsBetween,
  type Input,
  type Output,
  type VodConfig,
  type VodInput,
  type VodOutput,
  type VodPeer,
} from '@tstream/peer-core';
import type { Actor } from '../member.js';
import type { Film } from './film.js';
import { type Download, type Jump, Viewer, type Watch } from './viewer.js';

/** What a seat is made from. */
export interface SeatConfig {
  readonly film: Film;
  readonly peer: VodConfig;
  /** It unchokes nobody. */
  readonly isFreeRider: boolean;
  /** Told of each piece that it has whole, and checked. */
  readonly onHeld: (piece: number) => void;
}

/**
 * A peer of an ordinary torrent at a simulated line, with its driver and whoever watches: to the network it is an actor that sends messages
 * and closes connections. Blocks are lengths, and whatever comes is what was asked for, so that every piece holds.
 */
export class Seat implements Actor, Download {
  readonly core: VodPeer;
  readonly #film: Film;
  readonly #isFreeRider: boolean;
  readonly #onHeld: (piece: number) => void;
  #viewer: Viewer | undefined;
  readonly #held: Uint8Array;
  /** 1 for each block that came, in pieces held from the beginning, too. */
  readonly #blocks: Uint8Array;
  readonly #outputs: Output[] = [];

  constructor({ film, peer, isFreeRider, onHeld }: SeatConfig, nowMs: number) {
    this.#film = film;
    this.#isFreeRider = isFreeRider;
    this.#onHeld = onHeld;
    this.#held = peer.held.slice();
    const perPiece = blocksPerPiece(film);
    this.#blocks = new Uint8Array(film.pieces * perPiece);
    for (let piece = 0; piece < film.pieces; piece += 1) {
      if (this.#held[piece] === 1) this.#blocks.fill(1, piece * perPiece, (piece + 1) * perPiece);
    }
    this.core = createVodPeer(peer, nowMs);
  }

  /** Somebody begins to watch. */
  watch(watch: Watch, jump: Jump | undefined, nowMs: number): void {
    this.#viewer = new Viewer(this.#film, watch, this, jump, nowMs);
  }

  get nextDeadlineMs(): number {
    return Math.min(this.core.nextDeadlineMs, this.#viewer?.nextMs ?? Infinity);
  }

  handle(input: Input, nowMs: number): void {
    for (const told of inputsOf(input)) this.tell(told, nowMs);
    if (input.type === 'message' && input.message.type === 'piece') {
      const { index, begin } = input.message;
      this.#blocks[this.#blockAt(index, begin)] = 1;
    }
    if (this.#viewer && nowMs >= this.#viewer.nextMs) this.#viewer.advance(nowMs);
  }

  poll(): readonly Output[] {
    return this.#outputs.splice(0);
  }

  holds(piece: number): boolean {
    return this.#held[piece] === 1;
  }

  /** Whether a block came before. */
  hasBlock(index: number, begin: number): boolean {
    return this.#blocks[this.#blockAt(index, begin)] === 1;
  }

  carries(fromByte: number, atMs: number): boolean {
    const { lengthBytes, pieceBytes, bytesPerSecond, prebufferBytes } = this.#film;
    const bytesAhead = lengthBytes - fromByte;
    const gaps = gapsBetween(fromByte, lengthBytes, pieceBytes, (piece) => this.#held[piece] === 1);
    if ((gaps[0]?.fromByte ?? bytesAhead) < Math.min(prebufferBytes, bytesAhead)) return false;
    const told = forecast({
      bytesAhead,
      gaps,
      bytesPerSecondIn: this.core.figures(atMs).downBytesPerSecond,
      bitrateBytesPerSecond: bytesPerSecond,
      restMs: (bytesAhead * 1000) / bytesPerSecond,
    });
    return 'startsInMs' in told && told.startsInMs === 0;
  }

  tell(input: VodInput, nowMs: number): void {
    this.core.handle(input, nowMs);
    for (let outputs = this.core.poll(); outputs.length > 0; outputs = this.core.poll()) {
      for (const output of outputs) this.#carryOut(output, nowMs);
    }
  }

  #carryOut(output: VodOutput, nowMs: number): void {
    switch (output.type) {
      case 'send':
        if (!this.#isFreeRider || output.message.type !== 'unchoke') this.#outputs.push(output);
        return;
      case 'sendBlock': {
        const { connection, index, begin, blockBytes } = output;
        // What a free-rider is asked for without having unchoked, it leaves unanswered.
        if (this.#isFreeRider) return this.core.handle({ type: 'sent', connection, blockBytes }, nowMs);
        const message = { type: 'piece', index, begin, block: { byteLength: blockBytes } } as const;
        this.#outputs.push({ type: 'send', connection, message });
        return;
      }
      case 'verify':
        return this.core.handle({ type: 'verified', index: output.index, ok: true }, nowMs);
      case 'close':
        this.#outputs.push(output);
        return;
      case 'event':
        if (output.event.type !== 'held') return;
        this.#held[output.event.index] = 1;
        this.#onHeld(output.event.index);
        return this.#viewer?.held(nowMs);
      default:
    }
  }

  #blockAt(index: number, begin: number): number {
    return index * blocksPerPiece(this.#film) + Math.floor(begin / BLOCK_BYTES);
  }
}

/** What the network tells, in an on-demand peer's words. Both ends speak BEP 6 and take witnesses. */
function inputsOf(input: Input): readonly VodInput[] {
  switch (input.type) {
    case 'joined': {
      const { connection, peerId, group, incoming } = input;
      return [
        { type: 'joined', connection, peerId, group, incoming, fast: true },
        { type: 'extended', connection, witnesses: true },
      ];
    }
    case 'message':
    case 'left':
    case 'sent':
    case 'time':
      return [input];
    default:
      return [];
  }
}

function blocksPerPiece({ pieceBytes }: Film): number {
  return Math.ceil(pieceBytes / BLOCK_BYTES);
}
