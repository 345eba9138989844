/**
 * One TCP connection with a neighbour, from the first byte to the last: handshakes, framing, time-outs, and a bounded
 * queue in each direction. What messages mean is the owner's business.
 */
import { isIP, type Socket } from 'node:net';
import {
  type CloseReason,
  DEFAULT_LIMITS,
  Decoder,
  type ExtendedHandshake,
  type ExtensionIds,
  encodeHandshake,
  encodeMessage,
  encodePieceHead,
  type Handshake,
  type Message,
  type PeerAddress,
  type WireEvent,
} from '@tstream/wire-ext';
import { plainAddress } from './address.js';
import { Allowance } from './allowance.js';
import type { Closing, ConnectionOptions, ConnectionOwner, Greeting } from './connection-owner.js';
import { Outbox } from './outbox.js';
import { RateMeter } from './rates.js';

export class Connection {
  readonly id: number;
  readonly incoming: boolean;
  readonly remote: PeerAddress;
  readonly down = new RateMeter();
  readonly up = new RateMeter();
  readonly openedAtMs: number;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #options: ConnectionOptions;
  readonly #decoder: Decoder;
  readonly #allowance: Allowance;
  #owner: ConnectionOwner | undefined;
  #state: 'handshaking' | 'greeting' | 'open' | 'closed' = 'handshaking';
  #handshake: Handshake | undefined;
  #extended: ExtendedHandshake | undefined;
  #closing: Closing | undefined;
  /** Blocks among what the socket has queued; their number is the owner's to bound. */
  #blockBytesQueued = 0;
  #nowMs: number;
  #heardAtMs: number;
  #spokeAtMs: number;
  #movedAtMs: number;
  #movedBytes = 0;

  constructor(options: ConnectionOptions) {
    const { id, socket, dialledBy, nowMs } = options;
    this.#options = options;
    this.id = id;
    this.incoming = dialledBy === undefined;
    this.remote = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
    this.#socket = socket;
    this.#decoder = new Decoder(DEFAULT_LIMITS, options.blockMemory);
    this.#outbox = new Outbox(socket);
    this.#owner = dialledBy;
    this.#allowance = new Allowance(nowMs);
    this.openedAtMs = this.#nowMs = this.#heardAtMs = this.#spokeAtMs = this.#movedAtMs = nowMs;
    socket.setNoDelay(true);
    socket.on('error', () => this.#ended({ by: 'network', reason: 'other' }));
    socket.on('end', () => this.#ended({ by: 'network', reason: 'other' }));
    socket.on('close', () => this.#ended({ by: 'network', reason: 'other' }));
    if (dialledBy) this.#greet(dialledBy.greeting);
  }

  get owner(): ConnectionOwner | undefined {
    return this.#owner;
  }

  get state(): 'handshaking' | 'greeting' | 'open' | 'closed' {
    return this.#state;
  }

  /** When bytes last came in. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Neighbour's peer id, 20 bytes; only after its handshake. */
  get peerId(): Uint8Array | undefined {
    return this.#handshake?.peerId;
  }

  /** Both ends speak BEP 6: never in a live swarm. */
  get fast(): boolean {
    return this.#owner?.greeting.kind === 'vod' && this.#handshake?.fast === true;
  }

  /** Neighbour's extended handshake; only once it came. */
  get extended(): ExtendedHandshake | undefined {
    return this.#extended;
  }

  /** Only once it is closed. */
  get closing(): Closing | undefined {
    return this.#closing;
  }

  /** Where others reach the neighbour: what we dialled, or the port that it says it listens on. */
  get listens(): PeerAddress | undefined {
    if (!this.incoming) return this.remote;
    const port = this.#extended?.port;
    return port === undefined ? undefined : { address: this.remote.address, port };
  }

  /**
   * Bytes from the network.
   * @param lasts - Nobody overwrites them afterwards.
   */
  receive(chunk: Uint8Array, nowMs: number, lasts = false): void {
    if (this.#state === 'closed') return;
    this.#nowMs = this.#heardAtMs = nowMs;
    this.down.add(chunk.length, nowMs);
    this.#allowance.spendBytes(chunk.length, nowMs);
    this.#decoder.push(chunk, lasts);
    for (let event = this.#decoder.next(); event !== undefined; event = this.#decoder.next()) {
      if (event.ok) this.#onEvent(event.value);
      else this.#break('malformed');
      // Also what an owner does in answer to an event closes the connection.
      if (this.closing) return;
    }
  }

  send(message: Message, nowMs: number): void {
    if (this.#state === 'closed') return;
    this.#nowMs = nowMs;
    this.#write(encodeMessage(message, this.#remoteIds()));
    if (this.queuedBytes - this.#blockBytesQueued > QUEUED_BYTES_MAX) this.close('timeout');
  }

  /**
   * Sends a block without copying it. The owner hears `onBlockSent` unless the connection ends first.
   * @param giveBack - Called when the block is read no more, whether it was sent or not.
   */
  sendBlock(index: number, begin: number, block: Uint8Array, nowMs: number, giveBack = NOTHING_TO_DO): void {
    if (this.#state === 'closed') return giveBack();
    this.#nowMs = nowMs;
    this.#allowance.earnMessage();
    this.#blockBytesQueued += block.length;
    this.#write(encodePieceHead(index, begin, block.length));
    this.#write(block, (error) => {
      this.#blockBytesQueued -= block.length;
      giveBack();
      if (!error && this.#state !== 'closed') this.#owner?.onBlockSent(this, block.length);
    });
  }

  /** Bytes that wait to be sent, blocks included. */
  get queuedBytes(): number {
    return this.#outbox.queuedBytes;
  }

  /** Outside live swarms: says our extended handshake, to be called when the owner has said what has to come first (BEP 6). */
  introduce(nowMs: number): void {
    const { extended } = this.#owner?.greeting ?? {};
    if (extended && this.#handshake?.extended) this.send(this.#addressed(extended), nowMs);
  }

  /** Stops reading, for a while: what comes in can't be put away fast enough. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says why, if the neighbour understands it, and closes. */
  close(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    if (this.#remoteIds().ts_live) this.#write(encodeMessage({ type: 'close', reason }, this.#remoteIds()));
    this.#ended({ by: 'us', reason });
  }

  /** To be called now and then: keeps the line alive, and ends it when it is dead. */
  tick(nowMs: number): void {
    if (this.#state === 'closed') return;
    this.#nowMs = nowMs;
    const moved = this.up.totalBytes - this.queuedBytes;
    if (moved !== this.#movedBytes || this.queuedBytes === 0) this.#movedAtMs = nowMs;
    this.#movedBytes = moved;
    const silentMs = nowMs - this.#heardAtMs;
    if (this.#state !== 'open' && nowMs - this.openedAtMs > HANDSHAKE_MS_MAX) this.close('timeout');
    else if (silentMs > SILENCE_MS_MAX || nowMs - this.#movedAtMs > STUCK_MS_MAX) this.close('timeout');
    else if (this.#state === 'open' && nowMs - this.#spokeAtMs > KEEP_ALIVE_MS)
      this.send({ type: 'keep-alive' }, nowMs);
  }

  #onEvent(event: WireEvent): void {
    if (event.type === 'handshake') this.#onHandshake(event);
    else if (event.type === 'message') this.#onMessage(event.message);
    else if (this.#state !== 'open') this.#break('unexpected');
    else this.#owner?.onPieceStarted(this, event.index, event.begin);
  }

  #onHandshake(handshake: Handshake): void {
    const owner = this.#owner ?? this.#options.ownerOf(handshake.infohash);
    this.#handshake = handshake;
    if (!owner || !equal(handshake.infohash, owner.greeting.infohash)) return this.close('not-live');
    const isLive = owner.greeting.kind === 'live';
    if (isLive && !handshake.extended) return this.close('not-live');
    const refusal = owner.onHandshake(this, handshake);
    // A swarm that never heard of the connection must not hear of its end.
    if (refusal !== undefined) return this.close(refusal);
    this.#state = 'greeting';
    if (!this.#owner) {
      this.#owner = owner;
      this.#greet(owner.greeting);
    }
    if (!isLive) this.#open();
  }

  #onMessage(message: Message): void {
    if (message.type === 'piece') this.#allowance.spendBytes(-message.block.length, this.#nowMs);
    else if (!this.#allowance.spendMessage(this.#nowMs)) return this.#break('flood');
    if (message.type === 'keep-alive') return;
    if (message.type === 'extended-handshake') this.#onExtended(message);
    else if (message.type === 'close') this.#ended({ by: 'them', reason: message.reason });
    // Before a live extended handshake nothing counts: BEP 3 clients may begin with a bitfield.
    else if (this.#state === 'open') this.#owner?.onMessage(this, message);
  }

  #onExtended(extended: ExtendedHandshake): void {
    const isLive = this.#owner?.greeting.kind === 'live';
    if (isLive && this.#state !== 'greeting') return;
    this.#extended = extended;
    if (isLive && !extended.ids.ts_live) return this.close('not-live');
    this.#owner?.onExtended(this);
    if (isLive) this.#open();
  }

  #open(): void {
    this.#state = 'open';
    this.#options.onOpen();
    const refusal = this.#owner?.onOpen(this);
    if (refusal !== undefined) this.close(refusal);
  }

  #greet({ kind, infohash, peerId, extended }: Greeting): void {
    this.#write(encodeHandshake({ infohash, peerId, extended: true, dht: false, fast: kind === 'vod' }));
    // Both in one packet: nobody without BEP 10 is in a live swarm. Elsewhere BEP 10 waits for the neighbour's handshake.
    if (kind === 'live') this.#write(encodeMessage(this.#addressed(extended), {}));
  }

  #addressed(extended: ExtendedHandshake): ExtendedHandshake {
    const { address } = this.remote;
    return isIP(address) ? { ...extended, yourAddress: address } : extended;
  }

  #remoteIds(): ExtensionIds {
    return this.#extended?.ids ?? {};
  }

  #write(bytes: Uint8Array, onTaken?: (error?: Error | null) => void): void {
    this.#spokeAtMs = this.#nowMs;
    this.up.add(bytes.length, this.#nowMs);
    this.#outbox.write(bytes, onTaken);
  }

  #break(reason: CloseReason): void {
    if (this.#state !== 'closed') this.#owner?.onBroken(this, reason);
    this.close(reason);
  }

  #ended(closing: Closing): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#closing = closing;
    if (closing.by === 'us') {
      this.#outbox.flush();
      this.#socket.end();
      setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
    } else this.#socket.destroy();
    this.#options.onGone();
    this.#owner?.onClosed(this);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const NOTHING_TO_DO = (): void => undefined;
/** Both handshakes. An honest peer needs one round trip. */
const HANDSHAKE_MS_MAX = 10_000;
/** BEP 3: "generally sent once every two minutes"; more often, as NATs forget sooner. */
const KEEP_ALIVE_MS = 60_000;
const SILENCE_MS_MAX = 150_000;
/** Nothing of what is queued has left: the neighbour does not read. */
const STUCK_MS_MAX = 30_000;
/** A second of 8 Mbit/s: far more than control messages ever need. */
const QUEUED_BYTES_MAX = 1024 * 1024;
/** So that the last words arrive, and a neighbour that does not read is not waited for. */
const LINGER_MS = 1000;
