/** After every input: the consequences. Handlers change facts; here is what follows from them, always in this order. */

import { settleDepartures } from './departures.js';
import { flushConfirms, flushHaves } from './haves.js';
import { expireOffers, makeOffers, withdrawLost } from './offers.js';
import { expireIncoming } from './overdue.js';
import { play } from './play.js';
import { onEdgeTimer } from './proofs.js';
import { recentBytes } from './rate.js';
import { repair } from './repair.js';
import { fadedCredit } from './standing.js';
import type { State } from './state.js';
import { expireUnconfirmed, transmit } from './transmit.js';
import { bearWitness } from './witnesses.js';

export function settle(state: State): void {
  const { timers } = state;
  settleDepartures(state);
  if (timers.transfers <= state.nowMs) expireTransfers(state);
  settleDepartures(state);
  if (state.lost.length > 0) withdrawLost(state);
  if (timers.edge <= state.nowMs) onEdgeTimer(state);
  if (state.mayPlay || timers.playout <= state.nowMs) play(state);
  if (timers.repair <= state.nowMs || timers.repair === Infinity) repair(state);
  if (state.confirmTo.length > 0) flushConfirms(state);
  if (timers.haves <= state.nowMs) {
    flushHaves(state);
    bearWitness(state);
  }
  if (timers.ranks <= state.nowMs) rank(state);
  if (timers.offers <= state.nowMs) {
    timers.offers = Infinity;
    state.mayOffer = true;
  }
  do {
    if (state.mayOffer) makeOffers(state);
    transmit(state);
  } while (state.mayOffer);
}

function expireTransfers(state: State): void {
  state.timers.transfers = Infinity;
  const incomingMs = expireIncoming(state);
  const offersMs = expireOffers(state);
  const unconfirmedMs = expireUnconfirmed(state);
  state.timers.transfers = Math.min(incomingMs, offersMs, unconfirmedMs);
}

/** Ranks the neighbours anew. */
function rank(state: State): void {
  state.timers.ranks = state.nowMs + RANK_EVERY_MS;
  const neighbours = [...state.neighbours.values()];
  const ranks = state.config.choker.rank(
    neighbours.map((neighbour) => ({
      id: neighbour.id,
      receivedBytes: recentBytes(neighbour.received, state.nowMs),
      sentBytes: recentBytes(neighbour.sent, state.nowMs),
      forwardedBytes: fadedCredit(neighbour.standing),
      toldBytes: 0,
      spreadMs: neighbour.spreadMs,
      connectedMs: state.nowMs - neighbour.joinedMs,
      group: neighbour.group,
      incoming: neighbour.incoming,
    })),
    state.config.random,
  );
  for (const [i, neighbour] of neighbours.entries()) neighbour.rank = ranks[i] ?? 0;
  state.middleRttMs = quantile(
    neighbours.flatMap(({ rttMs }) => (rttMs === undefined ? [] : [Math.min(rttMs, RTT_MS_MAX)])),
    1 / 2,
  );
  state.nearRttMs = quantile(
    neighbours.flatMap(({ rttMsMin }) => (rttMsMin < Infinity ? [rttMsMin] : [])),
    1 / 4,
  );
  state.mayOffer = true;
}

/** 0 if there are none. */
function quantile(values: number[], share: number): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

const RANK_EVERY_MS = 1000;
/** A neighbour that answers later than this is slow, not far. */
const RTT_MS_MAX = 500;
