/**
 * Bytes of one neighbour to events. The decoder keeps nothing of a chunk that it was given, reserves no more than it has
 * received plus one block, and never throws on what a neighbour sent.
 *
 * @see spec/0003-wire-ext.md §2, §6
 */
import { readU32 } from './big-endian.js';
import { decodeExtendedHandshake } from './extended-handshake.js';
import { readFrame } from './frame.js';
import { decodeHandshake, HANDSHAKE_BYTES, type Handshake, isHandshakeByte } from './handshake.js';
import { checkLimits, DEFAULT_LIMITS, type DecoderLimits } from './limits.js';
import { decodeLive } from './live.js';
import { LOCAL_EXTENSION_IDS, type Message } from './message.js';
import { decodeMetadata } from './metadata.js';
import { decodePeer, EXTENDED_ID } from './peer.js';
import { decodePex } from './pex.js';
import { accept, type Result, refuse } from './result.js';

export type WireEvent =
  | ({ readonly type: 'handshake' } & Handshake)
  /** The head of a `piece` is in, its block is not: prepare to forward it. The message follows, or the connection ends. */
  | { readonly type: 'piece-started'; readonly index: number; readonly begin: number }
  | { readonly type: 'message'; readonly message: Message };

/**
 * Feed a chunk, take events until there is none, feed the next:
 *
 *     decoder.push(chunk);
 *     for (let event = decoder.next(); event !== undefined; event = decoder.next()) …
 *
 * When `next()` has returned undefined the chunk is free to be overwritten. Bytes in messages are the receiver's own:
 * each block is copied once, into memory that holds nothing else; except a block that lies whole in a chunk that lasts.
 *
 * A refusal is returned once. After it the decoder is dead: it takes chunks, drops them and returns undefined.
 */
export class Decoder {
  readonly #limits: DecoderLimits;
  readonly #blockMemory: (bytes: number) => Uint8Array;
  #chunk: Uint8Array = NOTHING;
  #chunkLasts = false;
  /** How much of the chunk is read. */
  #at = 0;
  #reading: 'handshake' | 'head' | 'body' | 'block' | 'skipped' | 'dead' = 'handshake';
  /** The handshake, or the head of a message: its length and, as far as they tell how to go on, its first bytes. */
  readonly #head = new Uint8Array(HANDSHAKE_BYTES);
  #headBytes = 0;
  #headWanted = HANDSHAKE_BYTES;
  /** What is read of the body or block, if it is not in one chunk. */
  #body: Uint8Array = NOTHING;
  #bodyBytes = 0;
  /** What is still to come of the body, block or skipped message. */
  #bytesLeft = 0;
  #unknownBytes = 0;

  /**
   * @param blockMemory - Gives an array of so many bytes to copy a block into, whatever is in it; for who uses it again.
   * @throws {RangeError} If a limit is not a whole number above 0.
   */
  constructor(limits: DecoderLimits = DEFAULT_LIMITS, blockMemory = freshMemory) {
    checkLimits(limits);
    this.#blockMemory = blockMemory;
    this.#limits = limits;
  }

  /**
   * Gives the bytes that came next. They are read in `next()`, not here.
   * @param lasts - Nobody ever overwrites the chunk, as with those of a socket's `data` event: blocks may be views of
   * it, which saves the copy, and hold all of it for as long as they are kept.
   * @throws {TypeError} If `chunk` is not a Uint8Array.
   * @throws {RangeError} If events of an earlier chunk are left.
   */
  push(chunk: Uint8Array, lasts = false): void {
    if (!(chunk instanceof Uint8Array)) throw new TypeError(`expected a chunk as a Uint8Array, got ${typeof chunk}`);
    if (this.#at < this.#chunk.length) {
      throw new RangeError(
        `expected next() to have returned undefined, got ${this.#chunk.length - this.#at} bytes left`,
      );
    }
    if (this.#reading === 'dead') return;
    // A view without Buffer's own ways: its `slice` would share memory.
    this.#chunk = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#chunkLasts = lasts;
    this.#at = 0;
  }

  /** The next event, a refusal, or undefined if there is none before the next chunk. */
  next(): Result<WireEvent> | undefined {
    for (;;) {
      const event = this.#step();
      if (event === AGAIN) continue;
      if (event === undefined || !event.ok) this.#forgetChunk(event !== undefined);
      return event;
    }
  }

  #step(): Step {
    switch (this.#reading) {
      case 'handshake':
        return this.#readHandshake();
      case 'head':
        return this.#readHead();
      case 'body':
        return this.#readBody();
      case 'block':
        return this.#readBlock();
      case 'skipped':
        return this.#readSkipped();
      case 'dead':
        return undefined;
    }
  }

  #readHandshake(): Step {
    for (; this.#headBytes < HANDSHAKE_BYTES; this.#headBytes++) {
      if (this.#at === this.#chunk.length) return undefined;
      const byte = this.#chunk[this.#at++] as number;
      if (!isHandshakeByte(byte, this.#headBytes)) return refuse('not-bittorrent');
      this.#head[this.#headBytes] = byte;
    }
    this.#expectMessage();
    return accept({ type: 'handshake', ...decodeHandshake(this.#head) });
  }

  /** The length first, then the id, then as much as tells where the rest belongs. */
  #readHead(): Step {
    while (this.#headBytes < this.#headWanted) {
      if (this.#at === this.#chunk.length) return undefined;
      this.#head[this.#headBytes++] = this.#chunk[this.#at++] as number;
    }
    const frame = readFrame(this.#head, this.#headBytes, this.#limits);
    switch (frame.rest) {
      case 'head':
        this.#headWanted = frame.bytes;
        return AGAIN;
      case 'nothing':
        this.#expectMessage();
        return accept({ type: 'message', message: { type: 'keep-alive' } });
      case 'refused':
        return refuse(frame.reason);
      case 'skipped':
        if (!this.#admitUnknown(frame.bytes)) return refuse('unknown-flood');
        break;
      default:
    }
    this.#reading = frame.rest;
    this.#bytesLeft = frame.bytes;
    if (frame.rest !== 'block') return AGAIN;
    return accept({ type: 'piece-started', index: readU32(this.#head, 5), begin: readU32(this.#head, 9) });
  }

  #readBlock(): Step {
    const available = this.#chunk.length - this.#at;
    if (available === 0) return undefined;
    let block: Uint8Array;
    if (this.#bodyBytes === 0 && available >= this.#bytesLeft && this.#chunkLasts) {
      block = this.#chunk.subarray(this.#at, this.#at + this.#bytesLeft);
      this.#at += block.length;
    } else {
      if (this.#bodyBytes === 0) this.#body = this.#blockMemory(this.#bytesLeft);
      this.#collect();
      if (this.#bytesLeft > 0) return undefined;
      block = this.#body;
    }
    this.#unknownBytes = 0;
    this.#expectMessage();
    const [index, begin] = [readU32(this.#head, 5), readU32(this.#head, 9)];
    return accept({ type: 'message', message: { type: 'piece', index, begin, block } });
  }

  #readBody(): Step {
    const available = this.#chunk.length - this.#at;
    if (this.#bodyBytes === 0 && available >= this.#bytesLeft) {
      const body = this.#chunk.subarray(this.#at, this.#at + this.#bytesLeft);
      this.#at += this.#bytesLeft;
      return this.#onBody(body);
    }
    if (available === 0) return undefined;
    this.#reserve(available);
    this.#collect();
    return this.#bytesLeft > 0 ? undefined : this.#onBody(this.#body.subarray(0, this.#bodyBytes));
  }

  #onBody(body: Uint8Array): Step {
    const message = decodeBody(this.#head, body, this.#limits);
    if (!message.ok) return message;
    if (message.value.type !== 'unknown') this.#unknownBytes = 0;
    else if (!this.#admitUnknown(body.length)) return refuse('unknown-flood');
    this.#expectMessage();
    return accept({ type: 'message', message: message.value });
  }

  #admitUnknown(bytesAfterHead: number): boolean {
    this.#unknownBytes += this.#headBytes + bytesAfterHead;
    return this.#unknownBytes <= this.#limits.unknownBytesMax;
  }

  #readSkipped(): Step {
    const bytes = Math.min(this.#bytesLeft, this.#chunk.length - this.#at);
    this.#at += bytes;
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft > 0) return undefined;
    this.#expectMessage();
    return accept({ type: 'message', message: { type: 'unknown', id: this.#head[4] as number } });
  }

  /** Room for what is here now, and for at most one block that only was announced. */
  #reserve(available: number): void {
    if (this.#bodyBytes + Math.min(available, this.#bytesLeft) <= this.#body.length) return;
    const bytes = Math.min(this.#bodyBytes + this.#bytesLeft, this.#bodyBytes + available + this.#limits.blockBytesMax);
    const body = new Uint8Array(bytes);
    body.set(this.#body.subarray(0, this.#bodyBytes));
    this.#body = body;
  }

  #collect(): void {
    const bytes = Math.min(this.#bytesLeft, this.#chunk.length - this.#at);
    this.#body.set(this.#chunk.subarray(this.#at, this.#at + bytes), this.#bodyBytes);
    this.#at += bytes;
    this.#bodyBytes += bytes;
    this.#bytesLeft -= bytes;
  }

  #expectMessage(): void {
    this.#reading = 'head';
    this.#headBytes = 0;
    this.#headWanted = 4;
    this.#body = NOTHING;
    this.#bodyBytes = 0;
  }

  #forgetChunk(forEver: boolean): void {
    this.#chunk = NOTHING;
    this.#at = 0;
    if (!forEver) return;
    this.#body = NOTHING;
    this.#reading = 'dead';
  }
}

/** @param head - Length, id and, for an extended message, the extension's id, which is one of ours. */
function decodeBody(head: Uint8Array, body: Uint8Array, limits: DecoderLimits): Result<Message> {
  const id = head[4] as number;
  if (id !== EXTENDED_ID) return decodePeer(id, body, limits);
  switch (head[5]) {
    case 0:
      return decodeExtendedHandshake(body, limits);
    case LOCAL_EXTENSION_IDS.ut_pex:
      return decodePex(body, limits);
    case LOCAL_EXTENSION_IDS.ut_metadata:
      return decodeMetadata(body, limits);
    default:
      return decodeLive(body, limits);
  }
}

/** Nothing to tell yet, but the chunk may hold more. */
const AGAIN = Symbol('again');

/** An event, a refusal, AGAIN, or undefined when the chunk is used up. */
type Step = Result<WireEvent> | typeof AGAIN | undefined;

function freshMemory(bytes: number): Uint8Array {
  return new Uint8Array(bytes);
}

const NOTHING = new Uint8Array(0);
