/** After every input: the consequences. Handlers change facts; here is what follows from them, always in this order. */

import { settleSole } from './arrivals.js';
import { askHungry } from './asking.js';
import { chokeRound, hasten } from './choking.js';
import { forgetHeld } from './possession.js';
import { loseRequests } from './requests.js';
import { serve } from './serving.js';
import { forgetSpectator } from './super-seeding.js';
import { tick } from './tick.js';
import { followSeek, hurry } from './urgency.js';
import type { VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { bearVodWitness } from './vod-witnesses.js';
import { dropRun } from './web-seeds.js';

export function settleVod(state: VodState): void {
  const { timers, nowMs } = state;
  settleDeparted(state);
  if (timers.tick <= nowMs) tick(state);
  settleDeparted(state);
  if (state.seeked) followSeek(state);
  if (timers.urgent <= nowMs) hurry(state);
  if (timers.choke <= nowMs) chokeRound(state);
  if (timers.witness <= nowMs) bearVodWitness(state);
  do askHungry(state);
  while (state.wakesAll);
  serve(state);
  settleDeparted(state);
  if (state.neighbours.size === 0) rest(state);
}

/** Gives up what those who are gone had under way. */
function settleDeparted(state: VodState): void {
  for (let neighbour = state.departed.pop(); neighbour; neighbour = state.departed.pop()) {
    forgetHeld(state, neighbour);
    loseRequests(state, neighbour);
    dropRun(state, neighbour);
    settleSole(state, neighbour);
    leaveSlot(state, neighbour);
    forgetSpectator(state, neighbour);
    if (neighbour.witnesses) state.witnessing--;
  }
}

function leaveSlot(state: VodState, neighbour: VodNeighbour): void {
  const { choking } = state;
  if (choking.optimistic === neighbour) choking.optimistic = undefined;
  if (neighbour.choked) return;
  choking.unchoked--;
  hasten(state);
}

/** Nobody is there: nothing is due. */
function rest(state: VodState): void {
  state.hungry = [];
  state.serving = [];
  state.view.bytesPerSecond = 0;
  for (const name of Object.keys(state.timers) as (keyof typeof state.timers)[]) state.timers[name] = Infinity;
}
