/** Neighbours of an on-demand peer: what each of them holds and owes, and how one is sent away. */
import type { VodNeighbourView } from '@tstream/piece-picker';
import type { Block, CloseReason, Message } from '@tstream/wire-ext';
import type { ConnectionId } from '../inputs.js';
import { createRate, type Rate } from '../rate.js';
import { createStanding, type Standing } from '../standing.js';
import { Recent } from './recent.js';
import type { Started } from './started.js';
import type { VodState } from './vod-state.js';

export interface VodNeighbour extends VodNeighbourView {
  readonly id: ConnectionId;
  /** A web seed is asked by `fetch`, never chokes, and has no wishes. */
  readonly kind: 'peer' | 'webSeed';
  /** Its address block; undefined: nobody said. */
  readonly group: string | undefined;
  /** It called us. */
  readonly incoming: boolean;
  /** Both sides speak BEP 6. */
  readonly fast: boolean;
  readonly joinedMs: number;
  readonly standing: Standing;
  /** It takes WITNESS. */
  witnesses: boolean;
  /** It has said what it holds, or something else that comes after that. */
  greeted: boolean;
  held: Uint8Array;
  heldPieces: number;
  /** Pieces that it holds, and that we want and lack. */
  interestingPieces: number;
  /** We told it that we are interested. */
  interested: boolean;
  interestedInUs: boolean;
  /** It chokes us. */
  choking: boolean;
  chokingSinceMs: number;
  /** We choke it. */
  choked: boolean;
  /** When we choked or unchoked it last. */
  turnedMs: number;
  /** Pieces that it sends although it chokes. */
  readonly allowedFast: Set<number>;
  readonly asking: Asking;
  readonly serving: Serving;
  readonly received: Rate;
  readonly sent: Rate;
  /** What came from it lately, bytes per second, smoothed over some seconds. */
  bytesPerSecond: number;
  /** It had a part in a bad piece: it gets pieces of its own until one of them is good. */
  onParole: boolean;
  /** Falls with each bad piece that it had a part in, rises with each good one. */
  trust: number;
  /** Blocks that nobody asked it for. */
  unasked: number;
  /** Bytes of pieces that it was sent lately, for those who bear witness. */
  readonly given: Recent;
  /** 1 for pieces that its word is worth nothing for: it has spoken, or got them from us, or gave them to us. */
  readonly settled: Recent;
  /** 1 for pieces that it has said who gave it. */
  readonly told: Recent;
  /** What others say it gave to them, bytes; fades over a minute. */
  toldBytes: number;
  gone: boolean;
}

/** What it is asked for. */
export interface Asking {
  /** In the order of asking. */
  readonly out: Request[];
  /** How many it should have, so that it never waits for the next. */
  target: number;
  /** No more than this: it says so. */
  max: number;
  /** The target grows with each block. */
  isRampingUp: boolean;
  /** From a request to its block, the shortest seen, milliseconds. */
  rttMs: number;
  /** Its newest block came then, or it was asked for the first of those that it owes. */
  signMs: number;
  /** Bytes that came since the last tick. */
  tickBytes: number;
  snubs: boolean;
  /** By block, by its number in all of them: requests that were taken back, whose block or REJECT may come all the same. */
  readonly takenBack: Recent;
  /** When one was, the newest. */
  takenBackMs: number;
  /** When the newest of the requests that it answered by their block was made. */
  answeredMs: number;
  /** Pieces that it rejected though it doesn't choke; forgotten after a while. */
  readonly rejected: Set<number>;
  /** Pieces that it didn't say it holds, but may, and when they were taken to be there. */
  readonly supposed: Map<number, number>;
  /** The piece that it is asked for now. */
  piece: Started | undefined;
  /** It is on the list of those who may be asked for more. */
  hungry: boolean;
  /** There is nothing to ask it for, until something changes. */
  dry: boolean;
  /** It isn't asked before. */
  restsUntilMs: number;
  readonly web: WebSeeding;
}

/** One block that a neighbour was asked for. */
export interface Request {
  readonly piece: Started;
  readonly block: number;
  readonly askedMs: number;
  /** It keeps others from being asked for the same. What a snub was asked for doesn't. */
  readonly counts: boolean;
}

/** For web seeds. */
interface WebSeeding {
  /** First piece that is being fetched, and how many; 0: none. */
  index: number;
  pieces: number;
  /** Blocks of them that haven't come. */
  blocksLeft: number;
  failures: number;
}

/** What it asked us for. */
export interface Serving {
  readonly queue: Wish[];
  /** Blocks that the system hasn't taken yet, in the order of sending. */
  readonly unsent: Wish[];
  unsentBytes: number;
  /** What the system took since the last tick, and how fast that goes, bytes per second. */
  takenBytes: number;
  bytesPerSecond: number;
  /** It is on the list of those that are served in turn. */
  listed: boolean;
  /** Requests that were refused since the last second. */
  refused: number;
}

export interface Wish {
  readonly index: number;
  readonly begin: number;
  readonly length: number;
}

/** @param peerId - 20 bytes; a web seed has zeros. */
export function createVodNeighbour(
  state: VodState,
  id: ConnectionId,
  peerId: Uint8Array,
  facts: Pick<VodNeighbour, 'kind' | 'fast' | 'group' | 'incoming'>,
): VodNeighbour {
  return {
    id,
    ...facts,
    joinedMs: state.nowMs,
    standing: createStanding(state.witnesses, peerId),
    witnesses: false,
    greeted: false,
    held: state.nothing,
    heldPieces: 0,
    interestingPieces: 0,
    interested: false,
    interestedInUs: false,
    choking: true,
    chokingSinceMs: state.nowMs,
    choked: true,
    turnedMs: -Infinity,
    allowedFast: new Set(),
    asking: createAsking(state.nowMs),
    serving: { queue: [], unsent: [], unsentBytes: 0, takenBytes: 0, bytesPerSecond: 0, listed: false, refused: 0 },
    received: createRate(),
    sent: createRate(),
    bytesPerSecond: 0,
    onParole: false,
    trust: 0,
    unasked: 0,
    given: new Recent(EXCHANGED_PIECES),
    settled: new Recent(EXCHANGED_PIECES),
    told: new Recent(EXCHANGED_PIECES),
    toldBytes: 0,
    gone: false,
  };
}

function createAsking(nowMs: number): Asking {
  return {
    out: [],
    target: REQUESTS_FIRST,
    max: REQUESTS_MAX_DEFAULT,
    isRampingUp: true,
    rttMs: Infinity,
    signMs: nowMs,
    tickBytes: 0,
    snubs: false,
    takenBack: new Recent(TAKEN_BACK_MAX),
    takenBackMs: -Infinity,
    answeredMs: -Infinity,
    rejected: new Set(),
    supposed: new Map(),
    piece: undefined,
    hungry: false,
    dry: false,
    restsUntilMs: -Infinity,
    web: { index: 0, pieces: 0, blocksLeft: 0, failures: 0 },
  };
}

export function send(state: VodState, neighbour: VodNeighbour, message: Message<Block>): void {
  state.outputs.push({ type: 'send', connection: neighbour.id, message });
}

/** Closes a connection. What it had under way is given up before the input is done. */
export function closeVodNeighbour(state: VodState, neighbour: VodNeighbour, reason: CloseReason, ban: boolean): void {
  if (!removeVodNeighbour(state, neighbour)) return;
  state.outputs.push({ type: 'close', connection: neighbour.id, reason, ban });
}

/** @returns False if it is gone already. */
export function removeVodNeighbour(state: VodState, neighbour: VodNeighbour): boolean {
  if (neighbour.gone) return false;
  neighbour.gone = true;
  state.neighbours.delete(neighbour.id);
  state.departed.push(neighbour);
  return true;
}

/** It may have room for requests: it is looked at before the input is done. */
export function wake(state: VodState, neighbour: VodNeighbour): void {
  neighbour.asking.dry = false;
  makeHungry(state, neighbour);
}

/** It was asked for less than it should have. */
export function hasRoom({ asking }: VodNeighbour): boolean {
  return asking.out.length < Math.min(asking.target, asking.max);
}

/** As {@link wake}, if nothing changed but that a request was answered. */
export function makeHungry(state: VodState, neighbour: VodNeighbour): void {
  if (neighbour.asking.hungry) return;
  neighbour.asking.hungry = true;
  state.hungry.push(neighbour);
}

/** What most clients queue at least, and what libtorrent takes for granted. */
const REQUESTS_MAX_DEFAULT = 250;
/** What is reported was given a few minutes before; also a bound on what a neighbour makes us keep. */
const EXCHANGED_PIECES = 512;
/** Bound on what is remembered of requests that were taken back. */
const TAKEN_BACK_MAX = 2048;
/** To begin with, and no fewer unless it snubs. A guess. */
const REQUESTS_FIRST = 4;
