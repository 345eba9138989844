/** Neighbours: who is connected, what each of them knows and owes, and how one is sent away. */
import type { NeighbourView } from '@tstream/piece-picker';
import { SeqSet } from '@tstream/sliding-window';
import { type Block, type CloseReason, encodedBytes, type Message } from '@tstream/wire-ext';
import type { ConnectionId, Input } from './inputs.js';
import { type SendMark, takeLine } from './line-rate.js';
import type { OpenOffer } from './offers.js';
import { createRate, type Rate } from './rate.js';
import type { Incoming } from './receive.js';
import type { Run } from './runs.js';
import { createExchange, createStanding, type Exchange, type Standing } from './standing.js';
import type { State } from './state.js';

export interface Neighbour {
  readonly id: ConnectionId;
  /** 20 bytes. */
  readonly peerId: Uint8Array;
  /** Its address block; undefined: nobody said. */
  readonly group: string | undefined;
  /** It called us: who can't be called does. */
  readonly incoming: boolean;
  readonly standing: Standing;
  readonly joinedMs: number;
  readonly runs: Map<number, NeighbourRun>;
  /** What is looked for in `runs` nearly always: see {@link viewIn}. */
  latest: NeighbourRun | undefined;
  /** Our offers to it, by ring index: one index stands for one piece at a time. */
  readonly offers: Map<number, OpenOffer>;
  /** What we accepted from it, by ring index. */
  readonly receiving: Map<number, Incoming>;
  /** Transfers that we gave up, by ring index, and until when a late block of them is forgiven. */
  readonly cancelled: Map<number, { readonly untilMs: number; readonly incoming: Incoming }>;
  /** Sent pieces that it hasn't confirmed by a HAVE yet. */
  readonly unconfirmed: Unconfirmed[];
  unconfirmedBytes: number;
  /** Confirmed since the last time that it didn't; bounded. */
  confirmedBytes: number;
  /** Pieces that it sent and that we haven't confirmed yet. */
  readonly toConfirm: { readonly run: number; readonly seq: number }[];
  /** Messages that wait for a check to end. */
  readonly heldBack: Message<Block>[];
  certificatePending: boolean;
  isSource: boolean;
  /** Transfers that it promised and that didn't come. */
  strikes: number;
  /** When the last of them was given up. */
  struckMs: number;
  /** Whole pieces that came from it. */
  delivered: number;
  /** Accepted offers that it took back since the last piece that came whole. */
  withdrawn: number;
  /** How long whole pieces took from their first byte to their last, smoothed, milliseconds. */
  transferMs: number;
  /** Requests that no offer of ours allowed, since the last one that was. */
  unasked: number;
  /** From our offer to its answer, smoothed, milliseconds. */
  rttMs: number | undefined;
  /** The shortest round trip seen. */
  rttMsMin: number;
  /** Shortest time from a piece's last block to its HAVE, milliseconds. */
  confirmMsMin: number;
  /** Bytes of blocks handed to the driver that the system hasn't taken yet. */
  unsentBytes: number;
  /** Offers of ours that it hasn't answered yet. */
  unanswered: number;
  /** Offers of ours that were taken back without an answer, since the last one that got one. */
  ignored: number;
  readonly received: Rate;
  readonly sent: Rate;
  /** At a source: how long the pieces that it got first take to half of the others, smoothed, milliseconds. */
  spreadMs: number | undefined;
  rank: number;
}

export interface Unconfirmed {
  readonly run: number;
  readonly seq: number;
  readonly bytes: number;
  sentMs: number;
  readonly mark: SendMark;
  /** It counts in the uplink's budget; what stays unconfirmed for too long doesn't, or who never confirms would fill it. */
  counted: boolean;
}

/** A neighbour in one run; it is also what the picker sees of it. */
export class NeighbourRun implements NeighbourView {
  readonly neighbour: Neighbour;
  readonly run: Run;
  /** The run's. */
  readonly number: number;
  readonly id: ConnectionId;
  readonly known: SeqSet;
  readonly held: SeqSet;
  /** What was sent to it and not confirmed in time, whatever became of it. */
  readonly doubted: SeqSet;
  startSeq = Infinity;
  wantedSeq = -1;
  /** When a WANT was last honoured, by piece. */
  readonly honouredMs = new Map<number, number>();
  /** The newest proof of the edge that it got from us, or we from it. */
  edgeKnown: Uint8Array | undefined = undefined;
  readonly exchange: Exchange = createExchange();

  /** @param capacity - Pieces that are told apart at a time. */
  constructor(neighbour: Neighbour, run: Run, capacity: number) {
    this.neighbour = neighbour;
    this.run = run;
    this.number = run.run;
    this.id = neighbour.id;
    this.known = new SeqSet(capacity);
    this.held = new SeqSet(capacity);
    this.doubted = new SeqSet(capacity);
  }

  get rank(): number {
    return this.neighbour.rank;
  }

  /** It has the piece, or somebody brings it. @returns False if that was known. */
  learn(seq: number): boolean {
    if (seq === this.wantedSeq) this.wantedSeq = -1;
    return this.known.add(seq);
  }

  get unanswered(): number {
    return this.neighbour.unanswered;
  }
}

export function createNeighbour(
  state: State,
  { connection, peerId, group, incoming }: Extract<Input, { type: 'joined' }>,
): Neighbour {
  return {
    id: connection,
    peerId,
    group,
    incoming: incoming ?? false,
    standing: createStanding(state.witnesses, peerId),
    joinedMs: state.nowMs,
    runs: new Map(),
    latest: undefined,
    offers: new Map(),
    receiving: new Map(),
    cancelled: new Map(),
    unconfirmed: [],
    unconfirmedBytes: 0,
    confirmedBytes: 0,
    toConfirm: [],
    heldBack: [],
    certificatePending: false,
    isSource: false,
    strikes: 0,
    struckMs: -Infinity,
    delivered: 0,
    withdrawn: 0,
    transferMs: 0,
    unasked: 0,
    rttMs: undefined,
    rttMsMin: Infinity,
    confirmMsMin: Infinity,
    unsentBytes: 0,
    unanswered: 0,
    ignored: 0,
    received: createRate(),
    sent: createRate(),
    spreadMs: undefined,
    rank: 0,
  };
}

/** A neighbour in a run. Nearly every message is of the run that was introduced last, and in a large swarm a look into a table costs as much as all else. */
export function viewIn({ latest, runs }: Neighbour, run: number): NeighbourRun | undefined {
  return latest?.number === run ? latest : runs.get(run);
}

export function send(state: State, neighbour: Neighbour, message: Message<Block>): void {
  state.outputs.push({ type: 'send', connection: neighbour.id, message });
  takeLine(state.uplink.line, encodedBytes(message) + PACKET_HEAD_BYTES, state.nowMs);
}

/** Tells all that know of a run the same: most of all messages go out here. */
export function sendToAll(state: State, run: Run, message: Message<Block>, except?: Neighbour): void {
  const bytes = encodedBytes(message);
  const { outputs } = state;
  const before = outputs.length;
  for (const { id } of run.views) if (id !== except?.id) outputs.push({ type: 'send', connection: id, message });
  takeLine(state.uplink.line, bytes + PACKET_HEAD_BYTES, state.nowMs, outputs.length - before);
}

/** Closes a connection. What it had under way is given up by `departures.ts` before the input is done. */
export function closeNeighbour(state: State, neighbour: Neighbour, reason: CloseReason, ban: boolean): void {
  if (!removeNeighbour(state, neighbour)) return;
  if (ban) state.counters.peersBanned++;
  state.outputs.push({ type: 'close', connection: neighbour.id, reason, ban });
}

/** Takes a neighbour that is gone off the lists. @returns False if it isn't on them. */
export function removeNeighbour(state: State, neighbour: Neighbour): boolean {
  if (!state.neighbours.delete(neighbour.id)) return false;
  for (const { run, id } of neighbour.runs.values()) {
    const place = run.views.findIndex((view) => view.id === id);
    if (place >= 0) run.views.splice(place, 1);
  }
  state.departed.push(neighbour);
  return true;
}

/** Counts a transfer that was promised and didn't come. Whoever does little else is sent away. */
export function strike(state: State, neighbour: Neighbour): void {
  neighbour.strikes++;
  neighbour.struckMs = state.nowMs;
  if (neighbour.strikes >= STRIKES_MAX && neighbour.strikes > neighbour.delivered) {
    closeNeighbour(state, neighbour, 'no-delivery', true);
  }
}

/**
 * Whether its offers are declined: three strikes, and more than one for five deliveries. One of them is taken now and
 * then: who has recovered can show it, and who never delivers comes to an end. Never the source's: nobody else has what
 * is new.
 */
export function isShunned(state: State, neighbour: Neighbour): boolean {
  if (neighbour.strikes < SHUN_STRIKES || !isUnreliable(neighbour)) return false;
  return neighbour.receiving.size > 0 || state.nowMs - neighbour.struckMs < TRY_AGAIN_MS;
}

/**
 * Two strikes, and more than one for five deliveries. A piece that failed once is not taken from it: who never delivers is always
 * free to offer first. One strike is chance: where it sufficed, what a neighbour that had delivered little offered for a repair was declined.
 */
export function isUnreliable({ isSource, strikes, delivered }: Neighbour): boolean {
  return !isSource && strikes >= UNRELIABLE_STRIKES && strikes * 5 > delivered;
}

/** Blocks of a transfer that we gave up may be on their way. */
export function forgiveLateBlocks({ nowMs }: State, incoming: Incoming): void {
  const { cancelled } = incoming.from;
  if (cancelled.size >= CANCELLED_MAX) cancelled.clear();
  cancelled.set(incoming.index, { untilMs: nowMs + FORGIVEN_MS, incoming });
}

export function isForgiven({ nowMs }: State, { cancelled }: Neighbour, index: number): boolean {
  return (cancelled.get(index)?.untilMs ?? -Infinity) >= nowMs;
}

const UNRELIABLE_STRIKES = 2;
/** Measured in the delivery model: with 10 % stallers, p99 falls from 24 τ to 18 τ. */
const SHUN_STRIKES = 3;
/** A guess: one late piece in so long is no harm. */
const TRY_AGAIN_MS = 2000;
/** A guess: a staller costs each neighbour at most this many late pieces. */
const STRIKES_MAX = 8;
/** A block may be on its way when its cancel is: so long it is forgiven. */
const FORGIVEN_MS = 10_000;
/** Bound on what is remembered of one neighbour. */
const CANCELLED_MAX = 256;

/** Of IPv4 and TCP with time stamps (RFC 9293, RFC 7323): most messages have a packet of their own. */
const PACKET_HEAD_BYTES = 52;
