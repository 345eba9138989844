/** What a neighbour leaves behind when it goes: transfers to be asked for elsewhere, offers that lapse. */
import type { ConnectionId } from './inputs.js';
import { type Neighbour, removeNeighbour } from './neighbours.js';
import { closeOffer } from './offers.js';
import { failIncoming } from './receive.js';
import type { Run } from './runs.js';
import type { State } from './state.js';
import { dropUnconfirmed } from './transmit.js';

export function onLeft(state: State, id: ConnectionId): void {
  const neighbour = state.neighbours.get(id);
  if (neighbour) removeNeighbour(state, neighbour);
}

/** Gives up all that went on with neighbours that are gone. */
export function settleDepartures(state: State): void {
  if (state.departed.length === 0) return;
  for (const neighbour of state.departed.splice(0)) forget(state, neighbour);
}

function forget(state: State, neighbour: Neighbour): void {
  dropUnconfirmed(state, neighbour, Infinity);
  for (const offer of neighbour.offers.values()) closeOffer(state, offer);
  for (const incoming of neighbour.receiving.values()) failIncoming(state, incoming);
  for (const run of state.runs.values()) askAnew(state, run);
}

/** Whoever was asked for a missing piece may be the one that went: now everybody is. */
function askAnew(state: State, run: Run): void {
  for (const piece of run.missing.values()) {
    if (piece.asked === 0) continue;
    piece.asked = 1;
    piece.sinceMs = state.nowMs - ASK_ANEW_MS;
    state.timers.repair = state.nowMs;
  }
}

/** Longer than any picker waits before it asks once more. */
const ASK_ANEW_MS = 60_000;
