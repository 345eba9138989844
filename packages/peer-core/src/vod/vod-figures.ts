/** A snapshot of an on-demand peer, for people and scripts. */
import type { ConnectionId } from '../inputs.js';
import { recentBytes } from '../rate.js';
import type { VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

export interface VodFigures {
  readonly pieces: number;
  readonly heldPieces: number;
  readonly wantedPieces: number;
  /** Wanted and not held. */
  readonly missingPieces: number;
  /** Under way: some of their blocks were asked for, or came. */
  readonly startedPieces: number;
  /** Their indices. */
  readonly started: readonly number[];
  /** Over the last seconds. */
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  /** Blocks that came, all of them. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Blocks that came for nothing: twice, unasked, or in bad pieces. */
  readonly wastedBytes: number;
  /** Whole copies among the neighbours, and the part of the pieces that one more has: 2.5 is two and a half. */
  readonly availableCopies: number;
  readonly neighbours: readonly VodNeighbourFigures[];
}

export interface VodNeighbourFigures {
  readonly connection: ConnectionId;
  readonly kind: 'peer' | 'webSeed';
  readonly heldPieces: number;
  /** It chokes us. */
  readonly choking: boolean;
  /** We choke it. */
  readonly choked: boolean;
  /** We are interested in it. */
  readonly interested: boolean;
  readonly interestedInUs: boolean;
  /** It was asked for, and hasn't answered. */
  readonly requestsOut: number;
  /** It asked for, and we haven't answered. */
  readonly requestsIn: number;
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export function vodFigures(state: VodState, nowMs: number): VodFigures {
  const { layout } = state;
  return {
    pieces: layout.pieces,
    heldPieces: state.heldPieces,
    wantedPieces: state.wanted.reduce((sum, one) => sum + one, 0),
    missingPieces: state.missingPieces,
    startedPieces: state.started.size,
    started: [...state.started.keys()],
    downBytesPerSecond: Math.round(state.view.bytesPerSecond),
    upBytesPerSecond: Math.round(recentBytes(state.sent, nowMs) / RATE_S),
    receivedBytes: state.received.totalBytes,
    sentBytes: state.sent.totalBytes,
    wastedBytes: state.wastedBytes,
    availableCopies: availableCopies(state.availability),
    neighbours: [...state.neighbours.values()].map((neighbour) => neighbourFigures(neighbour, nowMs)),
  };
}

function neighbourFigures(neighbour: VodNeighbour, nowMs: number): VodNeighbourFigures {
  return {
    connection: neighbour.id,
    kind: neighbour.kind,
    heldPieces: neighbour.heldPieces,
    choking: neighbour.choking,
    choked: neighbour.choked,
    interested: neighbour.interested,
    interestedInUs: neighbour.interestedInUs,
    requestsOut: neighbour.asking.out.length + neighbour.asking.web.blocksLeft,
    requestsIn: neighbour.serving.queue.length,
    downBytesPerSecond: Math.round(recentBytes(neighbour.received, nowMs) / RATE_S),
    upBytesPerSecond: Math.round(recentBytes(neighbour.sent, nowMs) / RATE_S),
    receivedBytes: neighbour.received.totalBytes,
    sentBytes: neighbour.sent.totalBytes,
  };
}

function availableCopies(availability: Uint16Array): number {
  const least = availability.reduce((fewest, copies) => Math.min(fewest, copies), 0xffff);
  let above = 0;
  for (const copies of availability) if (copies > least) above++;
  return least + above / availability.length;
}

/** Rates are counted over ten seconds. */
const RATE_S = 10;
