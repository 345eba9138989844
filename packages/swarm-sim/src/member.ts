import type { ConnectionId, Input, Output, PeerEvent } from '@tstream/peer-core';
import type { CloseReason } from '@tstream/wire-ext';
import { ByteQueue, type LineConfig } from './access-line.js';
import { BlockStore } from './block-store.js';
import type { Departure, Pipe } from './pipe.js';
import { Flow, SharedUplink } from './shared-uplink.js';

/** Whatever can sit at a simulated line: a peer of peer-core, or an attacker that speaks in its place. */
export interface Actor {
  handle(input: Input, nowMs: number): void;
  poll(): readonly Output[];
  readonly nextDeadlineMs: number;
}

/** What a virtual reader got. */
export interface Read {
  readonly atMs: number;
  readonly run: number;
  readonly seq: number;
  /** The first byte of the payload that it got. */
  readonly fromByte: number;
  readonly payloadBytes: number;
  readonly discontinuity: boolean;
  /** From the piece's first byte at the source to this read, by true time. */
  readonly latencyMs: number;
}

/** A connection that this peer closed. */
export interface Closing {
  readonly atMs: number;
  /** Number of the peer at the other end. */
  readonly remote: number;
  readonly reason: CloseReason;
  readonly ban: boolean;
}

/** The sending direction of a line, whoever sits at it. */
export class Uplink extends SharedUplink<Departure> {
  readonly kind = 'line';
  /** When the network looks at it next, microseconds. */
  wakeUs = Infinity;
  readonly #only: Flow<Departure> | undefined;

  constructor({ uploadBytesPerSecond, queue }: LineConfig) {
    super(uploadBytesPerSecond);
    if (queue === 'fifo') this.#only = new Flow();
  }

  /** What a new connection's messages wait in. */
  flow(): Flow<Departure> {
    return this.#only ?? new Flow();
  }
}

/** A peer of the simulated swarm: its core, its line, what it keeps, and all that it did. */
export class Member {
  readonly kind = 'peer';
  /** Its connections, by number; each as the direction that leads away from it. */
  readonly pipes = new Map<ConnectionId, Pipe>();
  readonly store = new BlockStore();
  readonly uplink: Uplink;
  readonly downlink: ByteQueue;
  /** Its line, which stands for its address block. */
  readonly group: string;
  /** Numbers of peers that it keeps out. */
  readonly banned = new Set<number>();
  /** What happened while it slept. */
  readonly inbox: Input[] = [];
  /** What it got, in order. */
  readonly reads: Read[] = [];
  readonly events: { readonly atMs: number; readonly event: PeerEvent }[] = [];
  readonly closings: Closing[] = [];
  /** Bytes on its line, packet heads included. */
  sentBytes = 0;
  receivedBytes = 0;
  /** Bytes of video, without messages' and packets' heads. */
  sentVideoBytes = 0;
  receivedVideoBytes = 0;
  /** Signatures and digests that it had checked. */
  checks = 0;
  alive = true;
  asleep = false;
  /** Which part of a split network it is in. */
  island = 0;
  /** When it is to be called next, and how often it was called at this very millisecond. */
  wakeUs = Infinity;
  calledUs = -1;
  calls = 0;

  /**
   * @param number - Its place in the swarm, from 0 on.
   * @param id - Peer id, 20 bytes.
   * @param clockOriginMs - What its monotonic clock showed when the simulation began.
   * @param sharing - Whose queues it sends and takes in by: several ids at one line.
   */
  constructor(
    readonly number: number,
    readonly id: Uint8Array,
    readonly core: Actor,
    readonly line: LineConfig,
    readonly clockOriginMs: number,
    sharing?: Member,
  ) {
    this.uplink = sharing?.uplink ?? new Uplink(line);
    this.downlink = sharing?.downlink ?? new ByteQueue(line.downloadBytesPerSecond);
    this.group = sharing?.group ?? `line of ${number}`;
  }
}
