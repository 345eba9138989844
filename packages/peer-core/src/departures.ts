/** What a neighbour leaves behind when it goes: transfers to be asked for elsewhere, offers that lapse. */
import type { ConnectionId } from './inputs.js';
import type { Neighbour } from './neighbours.js';
import { closeOffer } from './offers.js';
import { failIncoming } from './receive.js';
import type { State } from './state.js';
import { dropUnconfirmed } from './transmit.js';

export function onLeft(state: State, id: ConnectionId): void {
  const neighbour = state.neighbours.get(id);
  if (!neighbour) return;
  state.neighbours.delete(id);
  state.departed.push(neighbour);
}

/** Gives up all that went on with neighbours that are gone. */
export function settleDepartures(state: State): void {
  for (const neighbour of state.departed.splice(0)) forget(state, neighbour);
}

function forget(state: State, neighbour: Neighbour): void {
  for (const run of state.runs.values()) {
    const place = run.views.findIndex((view) => view.id === neighbour.id);
    if (place >= 0) run.views.splice(place, 1);
  }
  dropUnconfirmed(state, neighbour, Infinity);
  for (const offer of neighbour.offers.values()) closeOffer(state, offer);
  for (const incoming of neighbour.receiving.values()) failIncoming(state, incoming);
}
