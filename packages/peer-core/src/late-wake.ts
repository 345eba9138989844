import type { State } from './state.js';

/**
 * A late wake-up: the process slept (a closed lid, a tab in the background). What became overdue meanwhile is our own
 * fault: deadlines move by the time that was slept through, and nobody is blamed.
 */
export function forgiveGap(state: State, gapMs: number): void {
  for (const run of state.runs.values()) {
    for (const incoming of run.incoming.values()) incoming.signMs += gapMs;
    for (const missing of run.missing.values()) missing.sinceMs += gapMs;
  }
  for (const neighbour of state.neighbours.values()) {
    for (const offer of neighbour.offers.values()) {
      offer.madeMs += gapMs;
      if (offer.acceptedMs !== undefined) offer.acceptedMs += gapMs;
    }
    for (const sent of neighbour.unconfirmed) sent.sentMs += gapMs;
  }
  state.timers.edge += gapMs;
  state.playout.wokeMs = state.nowMs + gapMs;
}

/** A wake-up that comes later than this after its deadline was a sleep, not a busy scheduler. */
export const LATE_MS = 500;
